// One weight: where it is used, how the delta of its unit came about, the strongest path, and its update.
const version = new URL(import.meta.url).search;
const { element } = await import("../shared/dom.js" + version);
const { factor, num, raised } = await import("../shared/numbers.js" + version);
const { fill, numeral } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);
const { table } = await import("./tables.js" + version);

export class Weight {
  constructor() {
    this.root = element("section", "motion weight");
  }

  update(data, tell) {
    this.root.replaceChildren(
      panel("1", texts.WHERE_USED, uses(data)),
      panel("2", came(data), [choice(data, tell), ...chain(data)]),
      panel("3", texts.ONE_PATH, path(data)),
      panel("4", fill(texts.MAKES_OF_IT, { optimizer: data.update.optimizer }), optimizer(data)));
  }
}

function came({ sample, place }) {
  if (!place) return fill(texts.DELTA_CAME, { sample: sample + 1 });
  return fill(texts.DELTA_CAME_AT, { sample: sample + 1, place });
}

function panel(number, title, children) {
  return element("section", "panel", element("h4", "", element("b", "number", number), title), ...children);
}

function uses({ uses: { rows, others, rest }, nudge, symbol, layer, gradient, sum, samples, judged }) {
  const placed = rows.some(({ place }) => place);
  const { place: at, delta: fed, carried: carries } = texts.USES;
  const head = ["", ...(placed ? [at] : []), fed, "×", carries, "="];
  const lines = rows.map(({ sample, place, delta, carried, product }) => [
    fill(texts.SAMPLE, { number: sample + 1 }), ...(placed ? [place] : []), num(delta), "×", num(carried), num(product)]);
  const line = (label, value) => [label, ...Array(head.length - 2).fill(""), value];
  const foot = [...(others ? [line(texts.OTHER_PRODUCTS(others), num(rest))] : []),
    line("∂L/∂w", num(sum, 4))];
  const agree = Math.abs(sum - gradient) <= 1e-4 * Math.abs(gradient) + 1e-7;
  const many = samples.length < rows.length + others;
  return [
    element("p", "", fill(many ? texts.GRADIENT_PLACES : texts.GRADIENT_SAMPLES, { symbol, layer, count: judged })),
    table("uses", head, lines, { foot }),
    element("p", agree ? "check" : "check wrong",
            fill(agree ? texts.SAME_AS_AUTOGRAD : texts.NOT_AS_AUTOGRAD, { gradient: num(gradient, 4) })),
    ...nudged(nudge, gradient),
  ];
}

/** Digits enough to see that two losses differ. */
function long(value) {
  return value === null ? "–" : numeral(value.toFixed(10)).replace("-", "−");
}

/** The same derivative without the chain rule: two losses, a little apart. */
function nudged(nudge, gradient) {
  const { step, above, below, slope } = nudge;
  const agree = slope !== null && Math.abs(slope - gradient) <= 1e-3 * Math.abs(gradient) + 1e-6;
  return [
    element("p", "maths", `(L(w + h) − L(w − h)) / 2h = (${long(above)} − ${long(below)}) / ${num(2 * step)} = `,
      element("b", "", num(slope, 4))),
    element("p", agree ? "check" : "check wrong", agree ? texts.SAME_BY_TRYING : texts.NOT_BY_TRYING),
  ];
}

function choice({ samples, sample }, tell) {
  const list = element("div", "pick", ...samples.map(({ sum }, index) => {
    const button = element("button", "small", fill(texts.SAMPLE_SUM, { number: index + 1, sum: num(sum) }));
    button.type = "button";
    button.setAttribute("aria-pressed", index === sample);
    button.onclick = () => tell("sample", index);
    return button;
  }));
  return list;
}

/** The links from the loss back to the weight: Python's come from the weight up. */
function chain({ links, carried, delta }) {
  const steps = links.toReversed().map((link) => LINKS[link.form](link));
  const end = element("li", "link end", element("p", "", texts.AT_LAST),
    element("p", "maths", `δ · a = ${factor(delta)} × ${factor(carried)} = `,
      element("b", "", num(delta * carried))));
  return [element("ol", "chain", ...steps, end)];
}

function item(title, ...maths) {
  return element("li", "link", element("p", "", title),
    ...maths.map((parts) => element("p", "maths", ...parts)));
}

const bold = (value) => element("b", "", num(value));

const LINKS = {
  cross_entropy: ({ unit, prediction, target, judged, delta }) => item(
    fill(texts.LOSS_CROSS_ENTROPY, { unit }),
    [`δ = (p − y) / ${judged} = (${num(prediction)} − ${num(target)}) / ${judged} = `, bold(delta)]),
  ignored: ({ unit, delta }) => item(fill(texts.LOSS_IGNORED, { unit }),
    ["δ = ", bold(delta)]),
  mse: ({ unit, prediction, target, judged, delta }) => item(
    fill(texts.LOSS_MSE, { unit }),
    [`${fill(texts.MSE, { count: judged })} = 2 (${num(prediction)} − ${factor(target)}) / ${judged} = `,
      bold(delta)]),
  sum: ({ layer, terms, others, rest, delta }) => item(
    fill(texts.BACK_BY_WEIGHTS, { layer }),
    ...terms.map(({ unit, delta: own, weight, product }, at) => [
      element("span", at ? "term" : "term main",
        fill(texts.UNIT_SENDS, { unit, delta: factor(own), weight: factor(weight), product: num(product) }))]),
    ...(others ? [[element("span", "term", fill(texts.OTHERS_SEND(others), { sum: num(rest) }))]] : []),
      ["Σ = ", bold(delta)]),
  slope: ({ layer, kind, rule, z, slope, back, delta }) => item(
    rule ? fill(texts.BACK_THROUGH, { layer, kind, rule }) : fill(texts.BACK_BY_SLOPE, { layer, kind, z: num(z) }),
    [`δ = ${factor(back)} × ${num(slope)} = `, bold(delta)]),
  rest: ({ layers, delta }) => item(
    layers.length ? fill(texts.ARRIVES, { layers: layers.join(", ") }) : texts.ARRIVES_REST,
      ["δ = ", bold(delta)]),
};

function path({ path: { factors, count, product }, links }) {
  const words = texts.FACTORS;
  const boxes = factors.flatMap(([what, value], at) => [
    ...(at ? [element("span", "times", "×")] : []),
    element("span", "factor", element("b", "", factor(value)),
      element("span", "label", Object.hasOwn(words, what) ? words[what] : what))]);
  const note = links.at(-1).form === "rest" ? texts.ALL_PATHS : texts.ONE_OF_PATHS(count);
  return [element("div", "factors", ...boxes, element("span", "times", "="),
    element("span", "factor sum", element("b", "", num(product)))),
          element("p", "note", note)];
}

/** Where a schedule has brought the rate down to almost nothing, both numbers read alike: then the page says why. */
function moved(...pair) {
  const [before, after] = pair.map((value) => num(value, 5));
  return before === after ? fill(texts.TOO_SMALL, { before, after }) : `w: ${before} → ${after}`;
}

function optimizer({ update: { lines, before, after, clipped, fresh }, gradient }) {
  const rows = lines.map(({ symbol, formula, numbers, value, meaning }) => [
    element("span", "", element("b", "", symbol), ` = ${formula}`), `= ${raise(numbers)}`, num(value, 4),
      meaning]);
  const start = clipped === gradient ? `g = ${num(gradient, 4)}`
    : fill(texts.CLIPPED, { gradient: num(gradient, 4), clipped: num(clipped, 4) });
  return [
    element("p", "", fill(fresh ? texts.REMEMBERS_NOTHING : texts.REMEMBERS, { gradient: start })),
    table("lines", [], rows),
    element("p", "result", moved(before, after)),
  ];
}

/** 10^-8 as people write it. */
function raise(text) {
  return text.replace(/\^([−-]?\d+)/g, (_, power) => raised(power));
}

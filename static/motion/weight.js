// One weight: where it is used, how the delta of its unit came about, the strongest path, and its update.
const version = new URL(import.meta.url).search;
const { element } = await import("../shared/dom.js" + version);
const { factor, num, plural, raised } = await import("../shared/numbers.js" + version);
const { table } = await import("./tables.js" + version);

export class Weight {
  constructor() {
    this.root = element("section", "motion weight");
  }

  update(data, tell) {
    this.root.replaceChildren(
      panel("1", "Where the weight is used", uses(data)),
      panel("2", `How δ came about, in sample ${data.sample + 1}${data.place ? `, ${data.place}` : ""}`,
            [choice(data, tell), ...chain(data)]),
      panel("3", "One path from the loss to the weight", path(data)),
      panel("4", `What ${data.update.optimizer} makes of it`, optimizer(data)));
  }
}

function panel(number, title, children) {
  return element("section", "panel", element("h4", "", element("b", "number", number), title), ...children);
}

function uses({ uses: { rows, others, rest }, nudge, symbol, layer, gradient, sum, samples, judged }) {
  const placed = rows.some(({ place }) => place);
  const head = ["", ...(placed ? ["at"] : []), "δ of the unit it feeds", "×", "a that it carries", "="];
  const lines = rows.map(({ sample, place, delta, carried, product }) => [
    `sample ${sample + 1}`, ...(placed ? [place] : []), num(delta), "×", num(carried), num(product)]);
  const line = (label, value) => [label, ...Array(head.length - 2).fill(""), value];
  const foot = [...(others ? [line(`${plural(others, "other product")} that ${others === 1 ? "is" : "are"} not 0`, num(rest))] : []),
    line("∂L/∂w", num(sum, 4))];
  const agree = Math.abs(sum - gradient) <= 1e-4 * Math.abs(gradient) + 1e-7;
  const many = samples.length < rows.length + others;
  return [
    element("p", "",
      `${symbol} of ${layer}. Its gradient is the δ of its unit times what it carries, added up over `
      + `${many ? "every place that uses it" : "the samples"} (δ is divided by ${judged} already).`),
    table("uses", head, lines, { foot }),
    element("p", agree ? "check" : "check wrong",
            `${agree ? "✓ the same as" : "✗ not"} what automatic differentiation says: ${num(gradient, 4)}`),
    ...nudged(nudge, gradient),
  ];
}

/** Digits enough to see that two losses differ. */
function long(value) {
  return value === null ? "–" : value.toFixed(10).replace("-", "−");
}

/** The same derivative without the chain rule: two losses, a little apart. */
function nudged(nudge, gradient) {
  const { step, above, below, slope } = nudge;
  const agree = slope !== null && Math.abs(slope - gradient) <= 1e-3 * Math.abs(gradient) + 1e-6;
  return [
    element("p", "maths", `(L(w + h) − L(w − h)) / 2h = (${long(above)} − ${long(below)}) / ${num(2 * step)} = `,
      element("b", "", num(slope, 4))),
    element("p", agree ? "check" : "check wrong", agree
      ? "✓ the same by trying: this weight a little higher and a little lower, in double precision"
      : "✗ trying it, a little higher and lower, gives another slope: the loss has a kink here, or the gradient is tiny"),
  ];
}

function choice({ samples, sample }, tell) {
  const list = element("div", "pick", ...samples.map(({ sum }, index) => {
    const button = element("button", "small", `sample ${index + 1}: ${num(sum)}`);
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
  const end = element("li", "link end", element("p", "", "at last × what the weight carries"),
    element("p", "maths", `δ · a = ${factor(delta)} × ${factor(carried)} = `,
      element("b", "", num(delta * carried))));
  return [element("ol", "chain", ...steps, end)];
}

function item(title, ...maths) {
  return element("li", "link", element("p", "", title),
    ...maths.map((parts) => element("p", "maths", ...parts)));
}

const bold = (value) => element("b", "", num(value));

const PASSING = {
  Dropout: "dropped: × 0, kept: × 1/(1 − p)", Dropout2d: "dropped: × 0, kept: × 1/(1 − p)",
  MaxPool2d: "the winner of its window is × 1, all others × 0", AvgPool2d: "its share of the window's mean",
};

const LINKS = {
  cross_entropy: ({ unit, prediction, target, judged, delta }) => item(
    `The loss itself, at answer ${unit}: the probability minus what it should be`,
    [`δ = (p − y) / ${judged} = (${num(prediction)} − ${num(target)}) / ${judged} = `, bold(delta)]),
  ignored: ({ unit, delta }) => item(`Answer ${unit} stands at a step that does not count`,
    ["δ = ", bold(delta)]),
  mse: ({ unit, prediction, target, judged, delta }) => item(
    `The loss itself, at answer ${unit}: twice the distance from the target`,
    [`δ = 2 (prediction − target) / ${judged} = 2 (${num(prediction)} − ${factor(target)}) / ${judged} = `,
      bold(delta)]),
  sum: ({ layer, terms, others, rest, delta }) => item(
    `Back through ${layer}: each unit behind sends its δ through its weight, and they add up (Σ δ · w)`,
    ...terms.map(({ unit, delta: own, weight, product }, at) => [
      element("span", at ? "term" : "term main",
        `unit ${unit}: ${factor(own)} × ${factor(weight)} = ${num(product)}`)]),
    ...(others ? [[element("span", "term", `${plural(others, "other")}: ${num(rest)}`)]] : []),
      ["Σ = ", bold(delta)]),
  slope: ({ layer, kind, z, slope, back, delta }) => item(
    `Back through ${layer} (${kind}): ` + (PASSING[kind] ?? `times the slope of its curve at z = ${num(z)}`),
    [`δ = ${factor(back)} × ${num(slope)} = `, bold(delta)]),
  rest: ({ layers, delta }) => item(
    `What arrives through ${layers.join(", ") || "the rest"}, by the same rule (not written out here)`,
      ["δ = ", bold(delta)]),
};

function path({ path: { factors, count, product }, links }) {
  const words = { loss: "from the loss", arrives: "what arrives", carried: "what it carries" };
  const boxes = factors.flatMap(([what, value], at) => [
    ...(at ? [element("span", "times", "×")] : []),
    element("span", "factor", element("b", "", factor(value)),
      element("span", "label", words[what] ?? what))]);
  const whole = links.at(-1).form === "rest"
    ? "Behind the first factor stand all paths through the layers that are not written out."
    : count > 1 ? "It follows the strongest sender at each layer: one of "
      + `${plural(count, "path")} in this sample. All of them, added up, are the δ · a above.`
      : "The only path in this sample.";
  return [element("div", "factors", ...boxes, element("span", "times", "="),
    element("span", "factor sum", element("b", "", num(product)))),
          element("p", "note", whole)];
}

/** Where a schedule has brought the rate down to almost nothing, both numbers read alike: then the page says why. */
function moved(...pair) {
  const [before, after] = pair.map((value) => num(value, 5));
  return `w: ${before} → ${after}` + (before === after ? " (the step is too small to change these digits)" : "");
}

function optimizer({ update: { lines, before, after, clipped, fresh }, gradient }) {
  const rows = lines.map(({ symbol, formula, numbers, value, meaning }) => [
    element("span", "", element("b", "", symbol), ` = ${formula}`), `= ${raise(numbers)}`, num(value, 4),
      meaning]);
  const start = clipped === gradient ? `g = ${num(gradient, 4)}`
    : `g = ${num(gradient, 4)}, after the clip ${num(clipped, 4)}`;
  return [
    element("p", "",
      `${start}. It remembers ${fresh ? "nothing yet: this is the first step" : "earlier steps"}.`),
    table("lines", [], rows),
    element("p", "result", moved(before, after)),
  ];
}

/** 10^-8 as people write it. */
function raise(text) {
  return text.replace(/\^([−-]?\d+)/g, (_, power) => raised(power));
}

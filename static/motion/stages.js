// What each of the five steps shows below the cards. Plain functions of the data and the frame.
const version = new URL(import.meta.url).search;
const { element } = await import("../shared/dom.js" + version);
const { num, percent } = await import("../shared/numbers.js" + version);
const { fill, locale } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);
const { bar, gauge, table } = await import("./tables.js" + version);

const RATIO = [1e-6, 1]; // the ends of the scale for update-to-weight ratios; a thousandth is its middle

function fact(name, value) {
  return element("div", "fact", element("span", "label", texts.FACTS[name]), element("b", "", value));
}

function facts(...rows) {
  return element("div", "facts", ...rows.filter(Boolean).map(([name, value]) => fact(name, value)));
}

function sampleName(index) {
  return fill(texts.SAMPLE, { number: index + 1 });
}

function heads({ samples, chosen }) {
  return samples.map((_, index) => `${sampleName(index)}${index === chosen ? " ●" : ""}`);
}

function forward(data, { layer }) {
  const { shape, mean, spread, zeros, units, weights, takes } = data.layers[layer];
  const usual = takes.length === 1 && takes[0] === data.layers[layer - 1].name;
  if (!units.length) return [facts(["gives", fill(texts.SHAPE_OF_SYMBOLS, { shape })]),
    element("p", "note", texts.ONLY_NUMBERED)];
  const rows = units.map(({ place, values }) => [place, ...values.map((value) => num(value))]);
  return [
    facts(takes.length && !usual ? ["takes", takes.join(", ")] : null, ["gives", shape], ["mean", num(mean)],
      ["spread", num(spread)], ["zeros", percent(zeros)],
          weights ? ["weights", weights.toLocaleString(locale())] : null),
    element("p", "label", texts.MATTER_MOST),
    table("units", ["", ...heads(data)], rows, { lit: (_, column) => column === data.chosen + 1 }),
  ];
}

function loss(data) {
  const { samples, form, even } = data;
  const classes = samples[0].p !== null && samples[0].p !== undefined;
  const titles = texts.LOSSES;
  const head = ["", samples[0].target ? titles.target : "", titles.prediction, classes ? titles.probability : "",
    form === "mse" ? titles.error : titles.logarithm];
  const rows = samples.map(({ target, prediction, p, loss: own, guesses }, index) => [
    sampleName(index), target, classes ? guesses.map(([name, probability]) =>
      fill(texts.PROBABILITY, { name, probability: percent(probability) })).join(", ") : prediction,
    classes ? num(p) : "", num(own)]);
  const sum = samples.map(({ loss: own }) => num(own)).join(" + ");
  const mean = even ? `(${sum}) / ${samples.length} = ${num(data.loss, 4)}` : num(data.loss, 4);
  const how = even ? texts.THEIR_MEAN : texts.MEAN_OVER_STEPS;
  return [table("losses", head, rows), element("p", "label", how), element("p", "result", `L = ${mean}`),
          ...notes(data, classes).map((text) => element("p", "note", text))];
}

function notes({ smoothing, augmented }, classes) {
  return [classes && fill(texts.COSTS, { loss: num(-Math.log(0.1)) }),
          smoothing && fill(texts.SMOOTHING, { fraction: percent(smoothing) }),
          augmented && texts.AUGMENTED].filter(Boolean);
}

function gradients(data, { layer }) {
  const { name, back, units, weights, slope } = data.layers[layer];
  const rows = units.map(({ place, slopes }) => [place, ...slopes.map((value) => num(value))]);
  return [
    facts(["back", num(back)], weights ? ["slope", num(slope)] : null),
    element("p", "label", texts.DELTA),
    table("units", [name, ...heads(data)], rows, { lit: (_, column) => column === data.chosen + 1 }),
  ];
}

function clip(data) {
  const { norm, line, by, largest } = data.clip, value = by === "value", size = value ? largest : norm;
  const most = Math.max(size, line) * 1.1,
    scale = element("div", "scale", gauge(size / most, size > line ? "over" : ""));
  const mark = element("span", "mark", fill(texts.LINE, { line: num(line) }));
  mark.style.left = `${(line / most) * 100}%`;
  scale.append(mark);
  const weighted = data.layers.filter(({ weights }) => weights), all = norm || 1;
  const rows = weighted.map(({ name, slope }) =>
    [name, num(slope), gauge((slope / all) ** 2), percent((slope / all) ** 2)]);
  return [
    facts(["norm", num(norm, 4)], value ? ["largest", num(largest)] : null,
          [by === "off" ? "usual" : "line", num(line)],
          by === "off" ? null : ["after", num(data.clip.after, 4)]),
    scale, element("p", "result", VERDICTS[by](data.clip)),
    table("parts", Object.values(texts.PARTS), rows),
  ];
}

const VERDICTS = {
  norm: ({ factor, norm }) => (factor < 1 ? fill(texts.BEYOND, { factor: num(factor), norm: num(norm * factor) })
    : texts.BELOW),
  value: ({ cut, weights, line }) => (cut
    ? fill(texts.CUT(cut), { weights: weights.toLocaleString(locale()), line: num(line) })
    : fill(texts.NONE_CUT, { line: num(line) })),
  off: ({ factor, norm, line }) => (factor < 1
    ? fill(texts.WOULD_CLIP, { line: num(line), factor: num(factor), norm: num(norm * factor) })
    : fill(texts.WOULD_NOT_CLIP, { line: num(line) })),
};

function update(data) {
  const { optimizer, rate, sentence } = data.update, better = data.after < data.loss;
  const rows = data.layers.filter(({ weights }) => weights).map(({ name, weights, moved, ratio }) =>
    [name, texts.WEIGHTS(weights), num(moved), num(ratio),
      element("span", "ratio", gauge(onScale(ratio)))]);
  const change = `${num(data.loss, 4)} → ${num(data.after, 4)}`;
  const each = data.samples.map(({ loss: before, after }, index) =>
    [sampleName(index), num(before), num(after), bar((after - before) / spread(data)),
      after < before ? texts.BETTER : texts.WORSE]);
  return [
    facts(["optimizer", optimizer], ["rate", num(rate)], ["loss", change]),
    element("p", "note", fill(better ? texts.HAS_FALLEN : texts.HAS_NOT_FALLEN, { sentence })),
    element("div", "pair", table("each", Object.values(texts.EACH), each),
            table("moves", Object.values(texts.MOVES), rows)),
  ];
}

function spread({ samples }) {
  return Math.max(...samples.map(({ loss: before, after }) => Math.abs(after - before)), 1e-12);
}

function onScale(ratio) {
  if (!ratio) return 0;
  const [low, high] = RATIO.map(Math.log10);
  return (Math.log10(ratio) - low) / (high - low);
}

export const DETAILS = { forward, loss, gradients, clip, update };

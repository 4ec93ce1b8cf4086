// What each of the five steps shows below the cards. Plain functions of the data and the frame.
const version = new URL(import.meta.url).search;
const { element } = await import("../shared/dom.js" + version);
const { num, percent, plural } = await import("../shared/numbers.js" + version);
const { bar, gauge, table } = await import("./tables.js" + version);

const RATIO = [1e-6, 1]; // the ends of the scale for update-to-weight ratios; a thousandth is its middle

function fact(label, value) {
  return element("div", "fact", element("span", "label", label), element("b", "", value));
}

function facts(...rows) {
  return element("div", "facts", ...rows.filter(Boolean).map(([label, value]) => fact(label, value)));
}

function heads({ samples, chosen }) {
  return samples.map((_, index) => `sample ${index + 1}${index === chosen ? " ●" : ""}`);
}

function forward(data, { layer }) {
  const { shape, mean, spread, zeros, units, weights, takes } = data.layers[layer];
  const usual = takes.length === 1 && takes[0] === data.layers[layer - 1].name;
  if (!units.length) return [facts(["gives", `${shape} symbols`]),
    element("p", "note",
      "Symbols are only numbered here; the next layer turns each into a list of numbers.")];
  const rows = units.map(({ place, values }) => [place, ...values.map((value) => num(value))]);
  return [
    facts(takes.length && !usual ? ["takes", takes.join(", ")] : null, ["gives", shape], ["mean", num(mean)],
      ["spread", num(spread)], ["are exactly 0", percent(zeros)],
          weights ? ["weights", weights.toLocaleString("en")] : null),
    element("p", "label", "The numbers that matter most for the loss, for each sample:"),
    table("units", ["", ...heads(data)], rows, { lit: (_, column) => column === data.chosen + 1 }),
  ];
}

function loss(data) {
  const { samples, form, even } = data;
  const classes = samples[0].p !== null && samples[0].p !== undefined;
  const head = ["", "target", "prediction", classes ? "p(target)" : "", form === "mse" ? "squared error"
    : "−log p"];
  const rows = samples.map(({ target, prediction, p, loss: own, guesses }, index) => [
    `sample ${index + 1}`, target, classes ? guesses.map(([word, probability]) =>
      `${word}: ${percent(probability)}`).join(", ") : prediction,
    classes ? num(p) : "", num(own)]);
  const sum = samples.map(({ loss: own }) => num(own)).join(" + ");
  const mean = even ? `(${sum}) / ${samples.length} = ${num(data.loss, 4)}` : num(data.loss, 4);
  const how = even ? "The loss is their mean:"
    : "The loss is the mean over all steps that count, so longer answers count more:";
  return [table("losses", head, rows), element("p", "label", how), element("p", "result", `L = ${mean}`),
          ...notes(data, classes).map((text) => element("p", "note", text))];
}

function notes({ smoothing, augmented }, classes) {
  return [classes && `Sure and right costs almost 0; an answer with p = 10 % costs ${num(-Math.log(0.1))}.`,
          smoothing && `Label smoothing: ${percent(smoothing)} of the right answer is spread over all `
            + "classes, so −log p of the others counts a little, too.",
          augmented && "Training also changes each picture a little (augmentation); not so here.",
        ].filter(Boolean);
}

function gradients(data, { layer }) {
  const { name, back, units, weights, slope } = data.layers[layer];
  const rows = units.map(({ place, slopes }) => [place, ...slopes.map((value) => num(value))]);
  const what = "δ = ∂L/∂output. Where it is above 0, a larger number would make the loss larger.";
  return [
    facts(["size of what comes back, ‖δ‖", num(back)], weights ? ["gradient of its weights, ‖g‖", num(slope)]
      : null),
    element("p", "label", what),
    table("units", [name, ...heads(data)], rows, { lit: (_, column) => column === data.chosen + 1 }),
  ];
}

function clip(data) {
  const { norm, line, by, largest } = data.clip, value = by === "value", size = value ? largest : norm;
  const most = Math.max(size, line) * 1.1,
    scale = element("div", "scale", gauge(size / most, size > line ? "over" : ""));
  const mark = element("span", "mark", `line ${num(line)}`);
  mark.style.left = `${(line / most) * 100}%`;
  scale.append(mark);
  const weighted = data.layers.filter(({ weights }) => weights), all = norm || 1;
  const rows = weighted.map(({ name, slope }) =>
    [name, num(slope), gauge((slope / all) ** 2), percent((slope / all) ** 2)]);
  return [
    facts(["all gradients together, ‖g‖", num(norm, 4)], value ? ["the largest of them", num(largest)] : null,
          [by === "off" ? "a usual line" : "the line", num(line)],
          by === "off" ? null : ["‖g‖ after the clip", num(data.clip.after, 4)]),
    scale, element("p", "result", VERDICTS[by](data.clip)),
    table("parts", ["layer", "‖g‖", "", "of the square"], rows),
  ];
}

const shorter = ({ factor, norm }) =>
  `every gradient times ${num(factor)}, so that the norm becomes ${num(norm * factor)}`;

const VERDICTS = {
  norm: (one) => (one.factor < 1 ? `Beyond the line: ${shorter(one)}.`
    : "Below the line: nothing is changed."),
  value: ({ cut, weights, line }) => (cut
    ? `${cut.toLocaleString("en")} of ${weights.toLocaleString("en")} gradients lie `
    + `beyond ±${num(line)} and are cut there.` : `No gradient lies beyond ±${num(line)}: nothing is cut.`),
  off: (one) => "This experiment does not clip. "
    + (one.factor < 1 ? `A clip at norm ${num(one.line)} would take ${shorter(one)}.`
    : `A clip at norm ${num(one.line)} would change nothing: the norm is below it.`),
};

function update(data) {
  const { optimizer, rate, sentence } = data.update, better = data.after < data.loss;
  const rows = data.layers.filter(({ weights }) => weights).map(({ name, weights, moved, ratio }) =>
    [name, plural(weights, "weight"), num(moved), num(ratio),
      element("span", "ratio", gauge(onScale(ratio)))]);
  const change = `${num(data.loss, 4)} → ${num(data.after, 4)}`;
  const each = data.samples.map(({ loss: before, after }, index) =>
    [`sample ${index + 1}`, num(before), num(after), bar((after - before) / spread(data)), after < before ? "better"
      : "worse"]);
  return [
    facts(["the optimizer", optimizer], ["learning rate η", num(rate)],
      ["loss of this batch, before → after", change]),
    element("p", "note", `${sentence} ${better ? "On this batch the loss has fallen."
      : "On this batch the loss has not fallen: the step went too far, or momentum pulled elsewhere."}`),
    element("div", "pair", table("each", ["", "before", "after", "", ""], each),
            table("moves", ["layer", "", "moved", "moved / size", "10⁻⁶ … 10⁻³ … 1"], rows)),
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

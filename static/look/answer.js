// The answer beside the target: what goes in, then each step, class or number with how sure the network is.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { percent } = await import("../shared/numbers.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { Signal } = await import("./signal.js" + version);
const { texts } = await import("./texts.js" + version);

export default class Answer {
  constructor() {
    this.root = element("section", "look answer");
    this.head = element("p", "verdict");
    this.inputs = element("div", "inputs");
    this.steps = element("div", "steps");
    const labels = ["entering", "prediction", "track", "target"].map((row) => element("span", row));
    this.labels = element("div", "step labels", ...labels);
    this.rows = element("div", "rows", this.labels, this.steps);
    this.bars = element("ol", "bars");
    this.detail = element("p", "detail");
    this.note = element("p", "note");
    const top = element("div", "top", this.inputs, this.rows, this.bars);
    this.root.append(top, this.head, this.detail, this.note);
    this.steps.onpointerover = (event) => this.point(event.target.closest(".step"));
    this.steps.onpointerleave = () => this.point(null);
  }

  update(data) {
    this.data = data;
    const { form, inputs, steps = [], bars = [] } = data;
    const aligned = form === "steps" && steps.length > 0 && steps[0].entering !== null;
    const lines = fit(this.inputs, aligned ? 0 : inputs.length, inputLine);
    lines.forEach((line, at) => fillInput(line, inputs[at]));
    this.fillSteps(steps, aligned, form);
    fit(this.bars, bars.length, barLine).forEach((line, at) => fillBar(line, bars[at]));
    this.root.dataset.form = form;
    setText(this.note, data.note);
    this.say();
  }

  fillSteps(steps, aligned, form) {
    const targets = steps.length > 0 && steps.some(({ target }) => target !== null);
    this.rows.hidden = !steps.length;
    this.rows.classList.toggle("unaligned", !aligned);
    fillLabels(this.labels, aligned, form, targets);
    fit(this.steps, steps.length, stepCell).forEach((cell, at) => fillStep(cell, steps[at], at, form));
  }

  point(cell) {
    const at = cell?.dataset.at;
    this.at = at === undefined ? null : Number(at);
    this.say();
  }

  say() {
    const step = this.data.steps?.[this.at ?? -1];
    setText(this.head, dated(this.data));
    setText(this.detail, step?.next ? details(step) : "");
  }
}

/** The verdict, and of which weights it is. */
function dated(data) {
  const found = verdict(data), { when, written } = data;
  const line = found ? fill(texts.VERDICT_WHEN, { verdict: found, when }) : when;
  return written ? fill(texts.WRITTEN, { text: written, verdict: line }) : line;
}

/** How correct the whole answer is, in words. */
function verdict(data) {
  const { form, steps = [] } = data;
  if (form === "numbers" && steps.length === 1) return verdictOfNumber(data, steps[0]);
  if (form === "classes") return verdictOfClass(data);
  const judged = steps.filter((step) => step.right !== null);
  const correct = judged.filter((step) => step.right).length;
  return judged.length ? fill(texts.CORRECT_STEPS(judged.length), { correct }) : "";
}

function verdictOfNumber({ tolerance, unit = "" }, { prediction, off, right }) {
  const amount = (number) => (unit ? fill(texts.AMOUNT, { number, unit }) : number);
  if (off === null) return unit ? fill(texts.NEXT, { amount: amount(prediction) }) : "";
  if (right) return fill(texts.OFF_CORRECT, { amount: amount(off), tolerance });
  return fill(texts.OFF_WRONG, { amount: amount(off), tolerance });
}

function verdictOfClass({ prediction, target, right }) {
  if (right === null) return prediction;
  if (right) return fill(texts.PREDICTED_CORRECT, { prediction });
  return fill(texts.PREDICTED_WRONG, { prediction, target });
}

function details({ number, next, target }) {
  const facts = next.map(([symbol, probability]) => fill(texts.PROBABLE, { symbol, probability: percent(probability) }))
    .join(", ");
  if (target === null) return fill(texts.STEP, { step: number, facts });
  return fill(texts.STEP_TARGET, { step: number, facts, target });
}

function inputLine() {
  const signal = new Signal();
  const line = element("p", "input", element("span", "label"), element("span", "words"), signal.root);
  return Object.assign(line, { signal });
}

function fillInput(line, { name, words, signal }) {
  const [label, list] = line.children;
  setText(label, name);
  list.hidden = Boolean(signal);
  line.signal.update(signal);
  fit(list, words.length, () => element("span", "word")).forEach((word, at) => setText(word, words[at]));
}

function stepCell() {
  const track = element("span", "track", element("span", "fill"));
  const [entering, prediction, target] = ["entering", "prediction", "target"].map((row) => element("span", row));
  return element("div", "step", entering, prediction, track, target);
}

function fillLabels(labels, aligned, form, targets) {
  const [entering, prediction, track, target] = labels.children;
  setText(entering, aligned ? texts.GOES_IN : "");
  setText(prediction, texts.PREDICTION);
  setText(track, texts.PROBABILITY);
  track.hidden = form !== "steps";
  setText(target, targets ? texts.TARGET : "");
}

function fillStep(cell, { entering = null, prediction, target, right, probability = 0, number }, at, form) {
  const [before, answer, track, after] = cell.children;
  cell.dataset.at = at;
  cell.classList.toggle("wrong", right === false);
  cell.classList.toggle("right", right === true);
  setText(before, entering ?? "");
  setText(answer, prediction);
  setText(after, target ?? "");
  track.hidden = form !== "steps";
  track.firstElementChild.style.height = `${probability * 100}%`;
  const judged = right === null ? "" : right ? texts.IS_CORRECT : fill(texts.IS_WRONG, { target });
  const facts = [prediction, form === "steps" ? percent(probability) : "", judged].filter(Boolean).join(", ");
  cell.setAttribute("aria-label", fill(texts.STEP, { step: number, facts }));
}

function barLine() {
  return element("li", "", element("span", "class"), element("span", "track", element("span", "fill")),
                 element("span", "probability"));
}

function fillBar(line, { word, probability, best, target }) {
  const [name, track, number] = line.children;
  setText(name, word);
  setText(number, percent(probability));
  track.firstElementChild.style.width = `${probability * 100}%`;
  line.classList.toggle("best", best);
  line.classList.toggle("true", target);
}

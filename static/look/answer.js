// The answer beside the target: what goes in, then each step, class or number with how sure the network is.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { percent } = await import("../shared/numbers.js" + version);
const { Signal } = await import("./signal.js" + version);

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
    setText(this.head, `${verdict(this.data)}${this.data.when}`);
    setText(this.detail, step?.next ? told(step) : "");
  }
}

/** How right the whole answer is, in words. */
function verdict({ form, steps = [], prediction, target, right, written = "", tolerance, unit = "" }) {
  if (form === "numbers" && steps.length === 1) {
    const [{ prediction: value, off, right: close }] = steps, what = unit ? ` ${unit}` : "";
    if (off === null) return unit ? `${value}${what} next, ` : "";
    return `Off by ${off}${what}: ${close ? "right" : "wrong"} (right is up to ${tolerance}), `;
  }
  if (form === "classes") {
    if (right === null) return `${prediction}, `;
    return right ? `${prediction}: right, ` : `${prediction}, but it is ${target}, `;
  }
  const judged = steps.filter((step) => step.right !== null);
  const hits = judged.filter((step) => step.right).length;
  return (written ? `“${written}”: ` : "") + (judged.length ? `${hits} of ${judged.length} right, ` : "");
}

function told({ number, next, target }) {
  const guesses = next.map(([word, probability]) => `${word} ${percent(probability)}`).join(", ");
  return `Step ${number}: ${guesses}${target === null ? "" : ` (right: ${target})`}`;
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
  setText(entering, aligned ? "goes in" : "");
  setText(prediction, "prediction");
  setText(track, "probability");
  track.hidden = form !== "steps";
  setText(target, targets ? "target" : "");
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
  const judged = right === null ? "" : right ? ", right" : `, wrong, it is ${target}`;
  const sure = form === "steps" ? `, ${percent(probability)}` : "";
  cell.setAttribute("aria-label", `Step ${number}: ${prediction}${sure}${judged}`);
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

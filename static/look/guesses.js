// What a network would answer after each step, below what it reads in the same steps.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { floats, percent, range, short } = await import("../shared/numbers.js" + version);
const { UnitCurve } = await import("./unit.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { Heat } = await import("./heat.js" + version);
const { texts } = await import("./texts.js" + version);

const READ = { least: 2, most: 44, square: false, tall: 150 };
const GUESS = { least: 3, most: 44, square: false, tall: 260 };

export default class Guesses {
  constructor() {
    this.read = new Heat(texts.READ, () => {});
    this.line = new UnitCurve();
    this.heat = new Heat(texts.PREDICTIONS_MAP, () => this.say());
    this.curve = new UnitCurve();
    this.decided = element("p", "traced");
    this.pointed = element("p", "pointed");
    const map = element("div", "map", this.read.root, this.line.root, this.heat.root, this.curve.root);
    const words = element("div", "words", this.decided, this.pointed);
    this.root = element("div", "look", element("div", "states", map, words));
  }

  update(data) {
    this.data = data;
    this.values = floats(data.values);
    const classes = data.form === "classes", span = classes ? 1 : data.span;
    const rowWords = classes ? data.classes : [texts.PREDICTION];
    this.heat.update({
      values: this.values, rows: rowWords.length, columns: data.steps, low: classes ? 0 : -span, high: span,
      scale: classes ? "fraction" : "signed", bend: 1, rowWords, columnWords: data.words,
      columnTitle: texts.AFTER_EACH_STEP,
      marked: new Set(classes ? [data.prediction] : []), cell: classes ? GUESS : { ...GUESS, tall: 18 },
    });
    this.drawRead(data.read, data.steps);
    this.say();
  }

  /** In step with the guesses below it, where there are as many steps. */
  drawRead(read, steps) {
    const shown = read && this.heat.plan && read.size[1] === steps;
    this.read.root.hidden = !shown || read.size[0] === 1;
    this.line.root.hidden = !shown || read.size[0] > 1;
    if (!shown) return;
    const { low, high, size: [rows, columns] } = read, { plan } = this.heat;
    const spec = { values: floats(read.values), rows, columns, low, high, plan };
    if (rows === 1) this.line.update({ ...spec, at: null, level: null, target: null, name: "" });
    else {
      const [rowWords, columnWords] = [rows, columns].map((count) => Array(count).fill(""));
      const cell = { ...READ, most: plan.across };
      this.read.update({ ...spec, scale: "fraction", bend: 1, rowWords, columnWords, left: plan.left, cell });
    }
  }

  /** A number after each step, with the target as a dashed line. */
  drawNumbers({ form, steps, target }) {
    this.curve.root.hidden = form !== "numbers";
    if (form !== "numbers") return;
    const level = target?.length === 1 ? target[0] : null, values = this.values.subarray(0, steps);
    const [low, high] = range([...values, ...(target ?? []), 0]);
    this.curve.update({ values, low, high, plan: this.heat.plan, at: this.heat.at?.column ?? null, level,
                        target: null, name: level === null ? "" : texts.DASHED_TARGET });
  }

  say() {
    if (!this.data) return;
    const { data } = this, at = this.heat.at;
    this.drawNumbers(data);
    setText(this.decided, decided(data, this.values));
    setText(this.pointed, at ? pointed(data, this.values, at) : texts.POINT_AT_PREDICTION);
  }

  destroy() {
    this.read.destroy();
    this.heat.destroy();
  }
}

function decided(data, values) {
  if (data.form === "numbers") {
    const value = short(values[data.steps - 1]);
    if (!data.target) return fill(texts.AT_END, { value });
    return fill(texts.AT_END_TARGET, { value, target: short(data.target[0]) });
  }
  const { classes, prediction, target, settled, words } = data;
  const how = target === null ? "unknown" : target === prediction ? "correct" : "wrong";
  const sentence = settled === 0 ? texts.SINCE_FIRST[how] : texts.SINCE[how];
  return fill(sentence, { step: settled + 1, word: words[settled], name: classes[prediction], target: classes[target] });
}

function pointed({ form, classes, words, steps }, values, { row, column }) {
  const found = values[row * steps + column], step = column + 1, word = words[column];
  if (form === "numbers") return fill(texts.NUMBER_AFTER, { step, word, value: short(found) });
  return fill(texts.CLASS_AFTER, { step, word, name: classes[row], probability: percent(found) });
}

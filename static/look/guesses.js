// What a network would answer after each step, below what it reads in the same steps.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { floats, percent, range, short } = await import("../shared/numbers.js" + version);
const { UnitCurve } = await import("./unit.js" + version);
const { Heat } = await import("./heat.js" + version);

const READ = { least: 2, most: 44, square: false, tall: 150 };
const GUESS = { least: 3, most: 44, square: false, tall: 260 };

export default class Guesses {
  constructor() {
    this.read = new Heat("What it reads", () => {});
    this.line = new UnitCurve();
    this.heat = new Heat("Its guess after each step: rows are answers, columns are steps", () => this.say());
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
    const rowWords = classes ? data.classes : ["says"];
    this.heat.update({
      values: this.values, rows: rowWords.length, columns: data.steps, low: classes ? 0 : -span, high: span,
      scale: classes ? "share" : "signed", bend: 1, rowWords, columnWords: data.words,
      columnTitle: "after each step",
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
      this.read.update({ ...spec, scale: "share", bend: 1, rowWords, columnWords, left: plan.left, cell });
    }
  }

  /** A number after each step, with the target as a dashed line. */
  drawNumbers({ form, steps, target }) {
    this.curve.root.hidden = form !== "numbers";
    if (form !== "numbers") return;
    const level = target?.length === 1 ? target[0] : null, values = this.values.subarray(0, steps);
    const [low, high] = range([...values, ...(target ?? []), 0]);
    this.curve.update({ values, low, high, plan: this.heat.plan, at: this.heat.at?.column ?? null, level,
                        target: null, name: level === null ? "" : "dashed: target" });
  }

  say() {
    if (!this.data) return;
    const { data } = this, at = this.heat.at;
    this.drawNumbers(data);
    setText(this.decided, decided(data, this.values));
    const hint = "Point at a square: what would it have predicted then?";
    setText(this.pointed, at ? pointed(data, this.values, at) : hint);
  }

  destroy() {
    this.read.destroy();
    this.heat.destroy();
  }
}

function decided(data, values) {
  if (data.form === "numbers") {
    const text = `The prediction at the end is ${short(values[data.steps - 1])}`;
    return data.target ? `${text}; the target is ${short(data.target[0])}.` : `${text}.`;
  }
  const { classes, prediction, target, settled, words } = data, right = target === null ? "" : target === prediction
    ? ", which is correct" : `; the target is ${classes[target]}`;
  const since = settled === 0 ? "From the first step on" : `From step ${settled + 1} (${words[settled]}) on`;
  return `${since} the prediction is ${classes[prediction]}${right}.`;
}

function pointed({ form, classes, words, steps }, values, { row, column }) {
  const value = values[row * steps + column], when = `After step ${column + 1} (${words[column]})`;
  if (form === "numbers") return `${when} the prediction is ${short(value)}.`;
  return `${when}: ${classes[row]} ${percent(value)}.`;
}

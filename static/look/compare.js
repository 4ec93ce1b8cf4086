// One row read by three memories: for each a column with its answer, its states and its guess after each step.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { floats, percent, range, short } = await import("../shared/numbers.js" + version);
const { UnitCurve } = await import("./unit.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { Heat } = await import("./heat.js" + version);
const { texts } = await import("./texts.js" + version);

const STATES = { least: 2, most: 30, square: false, tall: 190 };
const GUESS = { least: 2, most: 30, square: false, tall: 110 };
const NUMBERED = 36; // pixels at the left for the numbers of a curve

export default class Compare {
  constructor() {
    this.list = element("div", "columns");
    this.root = element("div", "look compare", this.list);
    this.columns = new Map();
  }

  update({ columns }) {
    const boxes = fit(this.list, columns.length, () => this.column());
    columns.forEach((data, at) => this.columns.get(boxes[at]).update(data));
  }

  column() {
    const made = new Column();
    this.columns.set(made.root, made);
    return made.root;
  }

  destroy() {
    this.columns.forEach((column) => column.destroy());
  }
}

class Column {
  constructor() {
    this.kind = element("h4");
    this.answer = element("p", "verdict-of");
    this.when = element("p", "when");
    this.states = new Heat(texts.STATES_MAP, () => this.say());
    this.guesses = new Heat(texts.PREDICTIONS_MAP, () => this.say());
    this.curve = new UnitCurve();
    this.titles = [texts.STATES, texts.PREDICTIONS]
      .map((words) => element("p", "part", words));
    this.pointed = element("p", "pointed");
    const [first, second] = this.titles;
    this.body = element("div", "body", first, this.states.root, second, this.guesses.root, this.curve.root, this.pointed);
    this.root = element("section", "column", this.kind, this.answer, this.when, this.body);
  }

  update(data) {
    this.data = data;
    const { kind, missing, verdict, guesses, note = "" } = data;
    this.root.dataset.kind = kind.toLowerCase();
    setText(this.kind, kind);
    setText(this.when, missing ? texts.NOT_TRAINED : [data.score, data.when, note].filter(Boolean).join(" · "));
    this.answer.hidden = this.body.hidden = !data.hidden;
    if (!data.hidden) return;
    const how = verdict.right === null ? "unknown" : verdict.right ? "right" : "wrong";
    this.answer.className = `verdict-of ${how}`;
    setText(this.answer, verdict.text);
    this.drawStates(data);
    this.titles[1].hidden = !guesses;
    this.guesses.root.hidden = guesses?.form !== "classes";
    this.curve.root.hidden = guesses?.form !== "numbers";
    if (guesses?.form === "classes") this.drawGuesses(data);
    this.say();
  }

  drawStates({ hidden, units, steps, span, words, guesses }) {
    this.states.update({
      values: floats(hidden), rows: units, columns: steps, low: -span, high: span, bend: 1, scale: "signed",
      rowWords: Array.from({ length: units }, (_, unit) => `${unit + 1}`), columnWords: words, cell: STATES,
      left: guesses?.form === "numbers" ? NUMBERED : 0,
    });
  }

  drawGuesses({ guesses: { values, classes, target }, steps, words }) {
    const marked = same(target) ? new Set([target[0]]) : null;
    this.guesses.update({
      values: floats(values), rows: classes.length, columns: steps, low: 0, high: 1, scale: "fraction", bend: 1,
      rowWords: classes, columnWords: words.map(() => ""), cell: GUESS, left: this.states.plan?.left,
      marked: marked ?? undefined, rings: marked ? null : target,
    });
  }

  /** A number after each step, in step with the states above it. */
  drawNumbers({ values, target }, plan) {
    const numbers = floats(values), [low, high] = range([...numbers, target ?? 0, 0]);
    this.curve.update({ values: numbers, low, high, plan, at: this.states.at?.column ?? null, level: target,
                        target: null, name: target === null ? "" : texts.DASHED_TARGET });
  }

  say() {
    const { data } = this;
    if (data.guesses?.form === "numbers") this.drawNumbers(data.guesses, this.states.plan);
    const unit = this.states.at, guess = this.guesses.at;
    const { words, steps } = data;
    if (unit) {
      const value = short(floats(data.hidden)[unit.row * steps + unit.column]), word = words[unit.column];
      setText(this.pointed, fill(texts.STATE_AT, { unit: unit.row + 1, step: unit.column + 1, word, value }));
    } else if (guess) {
      const probability = percent(floats(data.guesses.values)[guess.row * steps + guess.column]);
      const name = data.guesses.classes[guess.row], word = words[guess.column];
      setText(this.pointed, fill(texts.PREDICTION_AT, { step: guess.column + 1, word, name, probability }));
    } else setText(this.pointed, legend(data.guesses));
  }

  destroy() {
    this.states.destroy();
    this.guesses.destroy();
  }
}

/** Whether the target is the same at each step: the network answers once, at the end. */
function same(target) {
  return Boolean(target) && target.every((one) => one === target[0]);
}

function legend(guesses) {
  if (guesses?.form !== "classes" || !guesses.target) return "";
  return same(guesses.target) ? fill(texts.TARGET_IS, { name: guesses.classes[guesses.target[0]] }) : texts.OUTLINED;
}

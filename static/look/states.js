// Units x time as a heat map, below it the curve of one unit; the unit that counts, the units on only here.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { floats, short } = await import("../shared/numbers.js" + version);
const { UnitCurve } = await import("./unit.js" + version);
const { fill, numeral, within } = await import("../shared/translation.js" + version);
const { foundFor } = await import("./found.js" + version);
const { Heat } = await import("./heat.js" + version);
const { fillLegend, legend } = await import("./legend.js" + version);
const { texts } = await import("./texts.js" + version);

const CELL = { least: 3, most: 44, square: false, tall: 360 };
const CLICK = 4; // pixels that a pointer may move and still click
const CLEAR = 0.6; // a correlation below this is no tracing

export default class States {
  constructor() {
    this.heat = new Heat(texts.UNITS_MAP, () => this.say());
    this.curve = new UnitCurve();
    this.legend = legend();
    this.traced = element("p", "traced");
    this.pointed = element("p", "pointed");
    this.found = element("p", "found");
    this.range = Object.assign(element("input"), { type: "range", min: 0, step: 0.05 });
    this.range.oninput = () => this.say();
    this.range.onchange = () => this.send();
    this.clear = element("button", "clear", texts.CLEAR);
    this.clear.type = "button";
    this.clear.onclick = () => this.mark(null);
    this.level = element("span");
    this.tools = element("div", "tools", element("label", "", this.level, this.range), this.clear);
    this.words = element("div", "words", this.traced, this.pointed, this.found, this.tools);
    const map = element("div", "map", this.heat.root, this.curve.root, this.legend);
    this.root = element("div", "look", element("div", "states", map, this.words));
    this.unit = null; // the one that was clicked
    this.span = null; // [start, stop] of the steps that are marked
    this.listen(this.heat.canvas);
  }

  listen(canvas) {
    canvas.onpointerdown = () => this.press();
    canvas.addEventListener("pointermove", (event) => this.drag(event));
    canvas.addEventListener("pointerup", () => this.release());
    canvas.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && this.heat.at) this.choose(this.heat.at.row);
    });
  }

  update(data, setStateValue) {
    this.data = data;
    this.setStateValue = setStateValue;
    this.values = floats(data.values);
    if (this.unit !== null && this.unit >= data.units) this.unit = null;
    if (this.span && this.span[1] > data.steps) this.span = null;
    const key = `${data.layer} ${data.what}`;
    if (key !== this.shown) {
      this.shown = key;
      Object.assign(this.range, { min: data.signed ? -data.span : 0, max: data.span, step: data.span / 20 });
      this.range.value = data.span / 2;
      if (this.span) this.send();
    }
    this.draw();
  }

  draw() {
    const { units, steps, signed, span, words } = this.data, found = this.answer();
    this.heat.update({
      values: this.values, rows: units, columns: steps, low: signed ? -span : 0, high: span, bend: 1,
      scale: signed ? "signed" : "fraction", rowWords: Array.from({ length: units }, (_, unit) => `${unit + 1}`),
      columnWords: words, rowTitle: texts.UNITS, columnTitle: texts.STEPS, cell: CELL,
      lit: this.unit ?? this.usual(), marked: new Set(found?.units), span: this.span,
    });
    fillLegend(this.legend, signed ? "signed" : "fraction", signed ? -span : 0, span);
    this.say();
  }

  /** What Python found for just this span and threshold, or null while it has not answered. */
  answer() {
    return foundFor(this.data.found, this.span, Number(this.range.value));
  }

  /** The unit that is shown while none is chosen: the one that traces, else the first. */
  usual() {
    const { traced, units } = this.data;
    return traced && traced.unit < units ? traced.unit : 0;
  }

  say() {
    if (!this.data) return;
    const { steps, span, signed, traced } = this.data, at = this.heat.at;
    const unit = at?.row ?? this.unit ?? this.usual(), level = Number(this.range.value);
    const row = this.values.subarray(unit * steps, (unit + 1) * steps);
    this.curve.update({ values: row, low: signed ? -span : 0, high: span, plan: this.heat.plan,
                        at: at?.column ?? null, level: this.span ? level : null, ...grey(traced) });
    setText(this.pointed, pointed(this.data, unit, at, row));
    setText(this.traced, tracedSentence(traced));
    this.tools.hidden = !this.span;
    setText(this.level, fill(texts.THRESHOLD, { value: short(level) }));
    setText(this.found, foundSentence(this.span, this.answer(), level));
  }

  press(event) {
    const cell = this.heat.cell(event);
    if (!cell || event.button) return;
    this.pressed = { x: event.offsetX, column: cell.column, row: cell.row, moved: false };
    this.heat.canvas.setPointerCapture(event.pointerId);
  }

  drag(event) {
    if (!this.pressed || (!this.pressed.moved && Math.abs(event.offsetX - this.pressed.x) < CLICK)) return;
    this.pressed.moved = true;
    const { left, across } = this.heat.plan, last = this.data.steps - 1;
    const column = Math.min(last, Math.max(0, Math.floor((event.offsetX - left) / across)));
    this.span = [Math.min(column, this.pressed.column), Math.max(column, this.pressed.column) + 1];
    this.draw();
  }

  release() {
    const { pressed } = this;
    this.pressed = null;
    if (!pressed) return;
    if (pressed.moved) this.send();
    else this.choose(pressed.row);
  }

  choose(unit) {
    this.unit = this.unit === unit ? null : unit;
    this.draw();
  }

  mark(span) {
    this.span = span;
    this.send();
    this.draw();
  }

  send() {
    this.setStateValue("brush", this.span ? [...this.span, Number(this.range.value)] : null);
  }

  destroy() {
    this.heat.destroy();
  }
}

function pointed({ words, title, units, of }, unit, at, row) {
  if (at) {
    const step = at.column + 1, word = words[at.column], value = short(row[at.column]);
    return fill(texts.VALUE_AT, { unit: unit + 1, step, word, what: within(title), value });
  }
  if (of > units) return fill(texts.CURVE_OF_SOME, { unit: unit + 1, shown: units, all: of });
  return fill(texts.CURVE_OF, { unit: unit + 1 });
}

/** What is drawn behind a unit: what is counted, the same way up as the unit that traces it. */
function grey(traced) {
  if (!traced) return { target: null, name: "" };
  const { target, name, correlation } = traced, over = correlation < -CLEAR;
  const shown = over ? target.map((value) => -value) : target;
  return { target: shown, name: fill(over ? texts.GREY_UPSIDE_DOWN : texts.GREY, { name }) };
}

function tracedSentence(traced) {
  if (!traced) return "";
  const { unit, correlation, name } = traced;
  const sentence = Math.abs(correlation) < CLEAR ? texts.NONE_FOLLOWS
    : correlation < 0 ? texts.TRACES_UPSIDE_DOWN : texts.TRACES;
  return fill(sentence, { unit: unit + 1, name, correlation: numeral(correlation.toFixed(2)).replace("-", "−") });
}

function foundSentence(span, found, level) {
  if (!span) return texts.DRAG;
  const [start, stop] = span;
  const steps = stop - start === 1 ? fill(texts.ONE_STEP, { step: stop })
    : fill(texts.SPAN, { first: start + 1, last: stop });
  if (!found) return fill(texts.SEARCHING, { steps });
  if (!found.units.length) return fill(texts.NONE_ONLY_THERE, { value: short(level), steps });
  const names = found.units.map((unit) => unit + 1).join(", ");
  return fill(texts.ONLY_THERE(found.units.length), { steps, units: names });
}

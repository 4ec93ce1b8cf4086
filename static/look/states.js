// Units x time as a heat map, below it the curve of one unit; the unit that counts, the units on only here.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { floats, short } = await import("../shared/numbers.js" + version);
const { UnitCurve } = await import("./unit.js" + version);
const { Heat } = await import("./heat.js" + version);
const { fillLegend, legend } = await import("./legend.js" + version);

const CELL = { least: 3, most: 44, square: false, tall: 360 };
const CLICK = 4; // pixels that a pointer may move and still click
const CLEAR = 0.6; // a correlation below this is no tracing

export default class States {
  constructor() {
    this.heat = new Heat("States: rows are units, columns are steps", () => this.say());
    this.curve = new UnitCurve();
    this.legend = legend();
    this.traced = element("p", "traced");
    this.pointed = element("p", "pointed");
    this.found = element("p", "found");
    this.range = Object.assign(element("input"), { type: "range", min: 0, step: 0.05 });
    this.range.oninput = () => this.say();
    this.range.onchange = () => this.send();
    this.clear = element("button", "clear", "Clear");
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
      scale: signed ? "signed" : "share", rowWords: Array.from({ length: units }, (_, unit) => `${unit + 1}`),
      columnWords: words, rowTitle: "unit", columnTitle: "step by step", cell: CELL,
      lit: this.unit ?? this.usual(), marked: new Set(found?.units), span: this.span,
    });
    fillLegend(this.legend, signed ? "signed" : "share", signed ? -span : 0, span);
    this.say();
  }

  /** What Python found for just this span and threshold, or null while it has not answered. */
  answer() {
    const { found } = this.data;
    const same = found && this.span && found.start === this.span[0] && found.stop === this.span[1]
      && Math.abs(found.threshold - Number(this.range.value)) < 1e-9;
    return same ? found : null;
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
    setText(this.level, `On means above ${short(level)}`);
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
    const where = `step ${at.column + 1} “${words[at.column]}”`;
    return `Unit ${unit + 1} at ${where}: ${title.toLowerCase()} ${short(row[at.column])}.`;
  }
  const some = of > units ? ` The first ${units} of ${of} units are shown.` : "";
  return `Below the picture: the curve of unit ${unit + 1}.${some}`;
}

/** What is drawn behind a unit: what is counted, the same way up as the unit that traces it. */
function grey(traced) {
  if (!traced) return { target: null, name: "" };
  const { target, name, correlation } = traced, over = correlation < -CLEAR;
  const shown = over ? target.map((value) => -value) : target;
  return { target: shown, name: `grey: ${name}${over ? ", upside down" : ""}` };
}

function tracedSentence(traced) {
  if (!traced) return "";
  const { unit, correlation, name } = traced, number = correlation.toFixed(2).replace("-", "−");
  if (Math.abs(correlation) < CLEAR) {
    return `No unit follows the ${name} yet. The closest is unit ${unit + 1} (correlation ${number}).`;
  }
  const way = correlation < 0 ? ", upside down" : "";
  return `Unit ${unit + 1} traces the ${name}${way}: their correlation is ${number} `
       + "(1 or −1 is exactly in step, 0 not at all).";
}

function foundSentence(span, found, level) {
  if (!span) return "Drag over some steps: which units are on only there?";
  const where = span[1] - span[0] === 1 ? `step ${span[1]}` : `steps ${span[0] + 1} to ${span[1]}`;
  if (!found) return `On only at ${where} …`;
  if (!found.units.length) {
    return `No unit is above ${short(level)} at ${where} and nowhere else. `
         + "Try another threshold or other steps.";
  }
  const names = found.units.map((unit) => unit + 1).join(", ");
  return `On only at ${where}: unit${found.units.length > 1 ? "s" : ""} ${names}.`;
}

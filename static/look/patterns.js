// Units x time of one sample; steps that are marked, and below it the spans of other samples with the same units on.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { floats, percent, short } = await import("../shared/numbers.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { foundFor } = await import("./found.js" + version);
const { Heat } = await import("./heat.js" + version);
const { fillLegend, legend } = await import("./legend.js" + version);
const { texts } = await import("./texts.js" + version);

const CELL = { least: 3, most: 44, square: false, tall: 320 };
const AROUND = 14; // steps shown before and behind a match

export default class Patterns {
  constructor() {
    this.heat = new Heat(texts.UNITS_MAP, () => this.say());
    this.legend = legend();
    this.pointed = element("p", "pointed");
    this.found = element("p", "found");
    this.found.setAttribute("role", "status");
    this.range = Object.assign(element("input"), { type: "range" });
    this.range.oninput = () => this.say();
    this.range.onchange = () => this.send();
    this.level = element("span");
    this.clear = element("button", "clear", texts.CLEAR);
    this.clear.type = "button";
    this.clear.onclick = () => this.mark(null);
    this.tools = element("div", "tools", element("label", "", this.level, this.range), this.clear);
    this.list = element("ol", "matches");
    this.root = element("div", "look", element("div", "map", this.heat.root, this.legend), this.pointed, this.tools,
      this.found, this.list);
    this.span = null; // [start, stop] of the steps that are marked
    this.listen(this.heat.canvas);
  }

  listen(canvas) {
    canvas.onpointerdown = (event) => this.press(event);
    canvas.addEventListener("pointermove", (event) => this.drag(event));
    canvas.addEventListener("pointerup", () => this.release());
    canvas.addEventListener("keydown", (event) => {
      const { at } = this.heat;
      if (event.key !== "Enter" || !at) return;
      const [start, stop] = this.span ?? [at.column, at.column + 1];
      this.mark(event.shiftKey ? [Math.min(start, at.column), Math.max(stop, at.column + 1)] : [at.column, at.column + 1]);
    });
  }

  update(data, setStateValue) {
    this.data = data;
    this.setStateValue = setStateValue;
    this.values = floats(data.values);
    if (this.span && this.span[1] > data.steps) this.span = null;
    if (data.found && !this.span && !this.ever) this.span = [data.found.start, data.found.stop];
    if (data.layer !== this.shown) {
      this.shown = data.layer;
      Object.assign(this.range, { min: -data.span, max: data.span, step: data.span / 20 });
      this.range.value = data.found?.threshold ?? data.span / 5;
    }
    this.draw();
  }

  draw() {
    const { units, steps, span, words } = this.data, found = this.answer();
    this.heat.update({
      values: this.values, rows: units, columns: steps, low: -span, high: span, bend: 1, scale: "signed",
      rowWords: Array.from({ length: units }, (_, unit) => `${unit + 1}`), columnWords: words,
      rowTitle: texts.UNITS, columnTitle: texts.STEPS, cell: CELL, marked: new Set(found?.pattern), span: this.span,
    });
    fillLegend(this.legend, "signed", -span, span);
    this.show(found);
    this.say();
  }

  /** What Python found for just this span and threshold, or null while it has not answered. */
  answer() {
    return foundFor(this.data.found, this.span, Number(this.range.value));
  }

  say() {
    if (!this.data) return;
    const { words, steps } = this.data, { at } = this.heat, value = short(Number(this.range.value));
    setText(this.pointed, at ? fill(texts.UNIT_AT, { unit: at.row + 1, step: at.column + 1, word: words[at.column],
      value: short(this.values[at.row * steps + at.column]) }) : texts.DRAG_PATTERN);
    this.tools.hidden = !this.span;
    setText(this.level, fill(texts.THRESHOLD, { value }));
    setText(this.found, this.span ? summary(this.answer(), value) : "");
  }

  show(found) {
    const matches = found?.matches ?? [];
    fit(this.list, matches.length, () => element("li", "", element("span", "hint"), element("span", "row")))
      .forEach((line, at) => this.fill(line, matches[at], found));
  }

  fill(line, { sample, start, stop, similarity, common, words }, { pattern }) {
    const [title, row] = line.children, first = Math.max(0, start - AROUND), last = Math.min(words.length, stop + AROUND);
    setText(title, fill(texts.MATCH, { sample, fraction: percent(similarity), common, units: pattern.length }));
    fit(row, last - first, () => element("span")).forEach((word, at) => {
      setText(word, words[first + at]);
      word.className = first + at >= start && first + at < stop ? "within" : "";
    });
    row.setAttribute("aria-label", words.slice(start, stop).join(" "));
  }

  press(event) {
    const cell = event.button ? null : this.heat.cell(event);
    if (!cell) return;
    this.pressed = cell.column;
    this.heat.canvas.setPointerCapture(event.pointerId);
    this.stretch(cell.column);
  }

  drag(event) {
    if (this.pressed === undefined) return;
    const { left, across } = this.heat.plan;
    this.stretch(Math.min(this.data.steps - 1, Math.max(0, Math.floor((event.offsetX - left) / across))));
  }

  stretch(column) {
    this.span = [Math.min(column, this.pressed), Math.max(column, this.pressed) + 1];
    this.draw();
  }

  release() {
    if (this.pressed === undefined) return;
    this.pressed = undefined;
    this.send();
  }

  mark(span) {
    this.span = span;
    this.send();
    this.draw();
  }

  send() {
    this.ever = true;
    this.setStateValue("brush", this.span ? [...this.span, Number(this.range.value)] : null);
  }

  destroy() {
    this.heat.destroy();
  }
}

function summary(found, value) {
  if (!found) return texts.SEARCHING_PATTERN;
  const { pattern, matches, searched } = found;
  if (!pattern.length) return fill(texts.NO_UNIT_ON, { value });
  const units = pattern.map((unit) => unit + 1).join(", ");
  return fill(matches.length ? texts.PATTERN_FOUND : texts.PATTERN_NOWHERE, { units, searched });
}

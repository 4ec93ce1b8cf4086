// Curves and dots on two axes with letters that can be read from the last row.
const version = new URL(import.meta.url).search;
const { element, setAttributes, setText, shape } = await import("../shared/dom.js" + version);
const { plain, compact } = await import("../shared/numbers.js" + version);
const { rounds } = await import("../shared/scale.js" + version);

const TALL = 560, LEFT = 110, RIGHT = 20, TOP = 20, BOTTOM = 96; // units of the drawing
const down = (fraction) => TALL - BOTTOM - fraction * (TALL - TOP - BOTTOM);

export class Chart {
  /** `wide`, in units: so that letters are as large where there is less room. */
  constructor(wide = 1000) {
    this.wide = wide;
    this.svg = shape("svg", { viewBox: `0 0 ${wide} ${TALL}`, role: "img" });
    this.note = element("p", "note");
    this.root = element("div", "chart", this.svg, this.note);
  }

  /** `chart`: { lines: [{ x, y, lit, sketch }], dots: [{ x, y, lit }], columns: names below the dots, or null,
   *  right (the end of the axis, where it is not that of the longest line), low, top, xTitle, yTitle, percent, note }. */
  update({ chart }) {
    this.chart = chart;
    this.right = chart.right ?? Math.max(1, ...chart.lines.map(({ x }) => x.at(-1) ?? 0));
    setText(this.note, chart.note);
    setAttributes(this.svg, { "aria-label": `${chart.yTitle}, ${chart.xTitle}. ${chart.note}` });
    this.svg.replaceChildren(...this.rows(), ...this.columns(), ...this.titles(),
      ...chart.lines.filter(({ sketch }) => sketch).map((line) => this.line(line)),
      ...chart.lines.filter(({ lit, sketch }) => !lit && !sketch).map((line) => this.line(line)),
      ...chart.lines.filter(({ lit }) => lit).map((line) => this.line(line)), ...chart.dots.map((dot) => this.dot(dot)));
  }

  across(fraction) {
    return LEFT + fraction * (this.wide - LEFT - RIGHT);
  }

  height(value) {
    const { low, top } = this.chart;
    return down(Math.min(1, (value - low) / (top - low)));
  }

  rows() {
    const { low, top, percent } = this.chart;
    return rounds(low, top, 4).flatMap((value) => [
      shape("line", { class: "grid", x1: LEFT, x2: this.wide - RIGHT, y1: this.height(value), y2: this.height(value) }),
      label(percent ? `${Math.round(value * 100)} %` : plain(value, 3), LEFT - 12, this.height(value) + 10, "end"),
    ]);
  }

  columns() {
    const names = this.chart.columns;
    if (names) return names.map((name, at) => label(name, this.column(at), TALL - BOTTOM + 40, "middle"));
    return rounds(0, this.right, this.wide > 800 ? 4 : 2).map((value) => label(compact(value), this.across(value / this.right), TALL - BOTTOM + 40, "middle"));
  }

  column(at) {
    return this.across((at + 0.5) / this.chart.columns.length);
  }

  titles() {
    const { xTitle, yTitle } = this.chart;
    const turned = label(yTitle, 0, 0, "middle");
    turned.setAttribute("transform", `translate(30 ${(TOP + TALL - BOTTOM) / 2}) rotate(-90)`);
    return [turned, label(xTitle, (LEFT + this.wide - RIGHT) / 2, TALL - 14, "middle"),
      shape("line", { class: "axis", x1: LEFT, x2: this.wide - RIGHT, y1: TALL - BOTTOM, y2: TALL - BOTTOM })];
  }

  line({ x, y, lit, sketch }) {
    const points = x.flatMap((step, at) => (y[at] === null ? []
      : [`${this.across(step / this.right).toFixed(1)},${this.height(y[at]).toFixed(1)}`]));
    return shape("polyline", { class: sketch ? "sketch" : lit ? "lit" : "grey", points: points.join(" ") });
  }

  dot({ x, y, lit }) {
    return shape("circle", { class: lit ? "dot lit" : "dot", cx: this.column(x[0]) + x[1] * 24, cy: this.height(y), r: 11 });
  }
}

function label(text, x, y, anchor) {
  const made = shape("text", { x, y, "text-anchor": anchor });
  made.textContent = text;
  return made;
}

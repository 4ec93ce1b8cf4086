// An activation: every number is a point on the function's curve.
const version = new URL(import.meta.url).search;
const { element, setAttributes, setText, shape } = await import("../shared/dom.js" + version);
const { floats, num } = await import("../shared/numbers.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);
const { Grid, most } = await import("./grid.js" + version);

const WIDE = 420, TALL = 300, EDGE = 34;

export class Activation {
  left; right; across; down; inputs; x; y; outputs;

  constructor() {
    const key = ([down, across]) => this.point(this.at + down * this.width + across);
    const point = ({ row, column }) => this.point(row * this.width + column);
    [this.left, this.right] = [texts.GOES_IN_KEYS, texts.COMES_OUT_KEYS].map((label) => new Grid(label, point, key));
    this.plot = shape("svg", { class: "plot", viewBox: `0 0 ${WIDE} ${TALL}`, width: WIDE, height: TALL });
    [this.across, this.down] = [0, 1].map(() => shape("line", { class: "axis" }));
    this.line = shape("polyline", { class: "line" });
    this.tangent = shape("line", { class: "tangent" });
    this.drop = shape("path", { class: "drop" });
    this.dot = shape("circle", { class: "dot", r: 5 });
    this.cloud = shape("path", { class: "cloud" });
    this.plot.append(this.across, this.down, this.cloud, this.line, this.tangent, this.drop, this.dot);
    this.result = element("p", "result total");
    this.slope = element("p", "note");
    this.root = element("div", "sliding", side(texts.GOES_IN, this.left.root),
      element("div", "side", element("h4", "", texts.CURVE), this.plot, this.result, this.slope),
        side(texts.COMES_OUT, this.right.root));
    this.at = 0;
  }

  update(data) {
    this.data = data;
    for (const name of ["inputs", "outputs", "x", "y"]) this[name] = floats(data[name]);
    this.slopes = floats(data.slope);
    this.width = data.width;
    if (!this.result.textContent
      || this.at >= this.inputs.length) this.at = Math.max(0, this.inputs.indexOf(Math.max(...this.inputs)));
    this.axes();
    this.draw();
  }

  point(at) {
    if (at < 0 || at >= this.inputs.length) return;
    this.at = at;
    this.draw();
  }

  axes() {
    const reach = this.x.at(-1), low = Math.min(0, ...this.y), high = Math.max(...this.y);
    this.sx = (x) => EDGE + ((x + reach) / (2 * reach)) * (WIDE - 2 * EDGE);
    this.sy = (y) => TALL - EDGE - ((y - low) / (high - low || 1)) * (TALL - 2 * EDGE);
    setAttributes(this.across, { x1: EDGE, x2: WIDE - EDGE, y1: this.sy(0), y2: this.sy(0) });
    setAttributes(this.down, { x1: this.sx(0), x2: this.sx(0), y1: EDGE, y2: TALL - EDGE });
    setAttributes(this.line,
      { points: Array.from(this.x, (x, i) =>
      `${this.sx(x).toFixed(1)},${this.sy(this.y[i]).toFixed(1)}`).join(" ") });
    const ticks = Array.from(this.inputs.subarray(0, 1500), (x) =>
      `M${this.sx(x).toFixed(1)} ${TALL - 14}v8`).join("");
    setAttributes(this.cloud, { d: ticks });
  }

  draw() {
    const rows = Math.ceil(this.inputs.length / this.width),
      lit = { row: Math.floor(this.at / this.width), column: this.at % this.width };
    const padded = (values) => {
      const made = new Float32Array(rows * this.width).fill(NaN);
      made.set(values);
      return made;
    };
    this.left.update({ values: padded(this.inputs), rows, columns: this.width, most: most(this.inputs), lit,
      side: 260 });
    this.right.update({ values: padded(this.outputs), rows, columns: this.width, most: most(this.outputs), lit,
      side: 260 });
    const x = this.inputs[this.at], y = this.outputs[this.at], slope = this.near(x),
      reach = this.x.at(-1) / 5;
    setAttributes(this.dot, { cx: this.sx(x), cy: this.sy(y) });
    setAttributes(this.drop, { d: `M${this.sx(x)} ${this.sy(0)}V${this.sy(y)}H${this.sx(0)}` });
    setAttributes(this.tangent, { x1: this.sx(x - reach), y1: this.sy(y - slope * reach),
      x2: this.sx(x + reach), y2: this.sy(y + slope * reach) });
    setText(this.result, `${this.data.function}(${num(x)}) = ${num(y)}`);
    setText(this.slope, fill(texts.SLOPE, { slope: num(slope) }));
  }

  /** The slope at the point of the curve that is nearest to x. */
  near(x) {
    const reach = this.x.at(-1), at = Math.round(((x + reach) / (2 * reach)) * (this.x.length - 1));
    return this.slopes[Math.max(0, Math.min(this.x.length - 1, at))];
  }
}

function side(title, root) {
  return element("div", "side", element("h4", "", title), root);
}

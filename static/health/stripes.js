// Histograms over the steps: one upright stripe a look, darker where more values are. One canvas.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { bytes, num } = await import("../shared/numbers.js" + version);

const TALL = 150, LEFT = 62, FOOT = 18, TOP = 6; // CSS pixels

export class Stripes {
  constructor(title, what) {
    this.canvas = element("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", `${title} over the steps: ${what}`);
    this.canvas.onpointermove = (event) => this.point(event.offsetX);
    this.canvas.onpointerleave = () => this.point(null);
    this.note = element("p", "note");
    this.what = what;
    this.root = element("section", "stripes", element("h5", "", title), this.canvas, this.note);
    this.at = null;
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.root);
  }

  destroy() {
    this.watcher.disconnect();
  }

  update(spec) {
    this.spec = { ...spec, full: bytes(spec.full) };
    const known = spec.low.flatMap((low, at) => (low === null || spec.high[at] === null ? [] : [low, spec.high[at]]));
    this.low = known.reduce((a, b) => Math.min(a, b), 0);
    this.high = known.reduce((a, b) => Math.max(a, b), 0);
    if (this.low === this.high) this.high = this.low + 1;
    this.draw();
  }

  draw() {
    const room = this.root.clientWidth;
    if (!room || !this.spec) return;
    const pen = fitted(this.canvas, room, TALL);
    const style = getComputedStyle(this.root);
    this.wide = room - LEFT - 2;
    this.paint(pen, style.getPropertyValue("--family-now").trim() || style.color, style);
    this.say();
  }

  paint(pen, color, style) {
    const { steps, low, high, full, bins } = this.spec, tall = TALL - FOOT - TOP;
    const y = (value) => TOP + (1 - (value - this.low) / (this.high - this.low)) * tall;
    pen.clearRect(0, 0, this.canvas.width, TALL);
    pen.fillStyle = color;
    steps.forEach((_, at) => {
      if (low[at] === null || high[at] === null) return;
      const [left, right] = this.edges(at).map(Math.round);
      const top = Math.round(y(high[at])), bottom = Math.max(top + 1, Math.round(y(low[at])));
      const most = full.subarray(at * bins, (at + 1) * bins);
      for (let row = top; row < bottom; row += 1) { // whole pixels: parts of them would leave seams
        const upper = Math.ceil(((bottom - row) / (bottom - top)) * bins);
        const lower = Math.min(upper - 1, Math.floor(((bottom - row - 1) / (bottom - top)) * bins));
        pen.globalAlpha = Math.sqrt(Math.max(...most.subarray(lower, upper)) / 255);
        if (pen.globalAlpha) pen.fillRect(left, row, Math.max(1, right - left), 1);
      }
    });
    pen.globalAlpha = 1;
    this.axes(pen, style, y);
  }

  /** A stripe reaches half-way to its neighbours. */
  edges(at) {
    const { steps } = this.spec, first = steps[0], span = steps.at(-1) - first || 1;
    const x = (step) => LEFT + ((step - first) / span) * this.wide;
    if (steps.length === 1) return [LEFT, LEFT + this.wide];
    const left = at ? (x(steps[at - 1]) + x(steps[at])) / 2 : x(steps[0]);
    const right = at < steps.length - 1 ? (x(steps[at]) + x(steps[at + 1])) / 2 : x(steps[at]);
    return [left, Math.max(right, left + 1)];
  }

  axes(pen, style, y) {
    pen.fillStyle = pen.strokeStyle = style.color;
    pen.font = `11px ${style.fontFamily}`;
    pen.globalAlpha = 0.3;
    if (this.low < 0 && this.high > 0) pen.fillRect(LEFT, y(0), this.wide, 1);
    if (this.at !== null) {
      const [left, right] = this.edges(this.at);
      pen.strokeRect(left - 0.5, TOP - 0.5, Math.max(2, right - left) + 1, TALL - FOOT - TOP + 1);
    }
    pen.globalAlpha = 0.68;
    pen.textAlign = "right";
    pen.fillText(num(this.high, 2), LEFT - 6, TOP + 9);
    pen.fillText(num(this.low, 2), LEFT - 6, TALL - FOOT);
    if (this.low < 0 && this.high > 0 && y(0) > TOP + 22 && y(0) < TALL - FOOT - 14) pen.fillText("0", LEFT - 6, y(0) + 4);
    const { steps } = this.spec;
    pen.fillText(`step ${steps.at(-1).toLocaleString("en")}`, LEFT + this.wide, TALL - 4);
    pen.textAlign = "left";
    pen.fillText(steps[0].toLocaleString("en"), LEFT, TALL - 4);
    pen.globalAlpha = 1;
  }

  point(x) {
    const at = x === null || !this.spec ? null : this.spec.steps.findIndex((_, place) => {
      const [left, right] = this.edges(place);
      return x >= left && x < right;
    });
    const found = at === -1 ? null : at;
    if (found === this.at) return;
    this.at = found;
    this.draw();
  }

  say() {
    const { steps, low, high } = this.spec;
    if (this.at !== null && this.at >= steps.length) this.at = null;
    const at = this.at ?? steps.length - 1;
    const when = this.at === null ? "now" : `at step ${steps[at].toLocaleString("en")}`;
    setText(this.note, `${this.what[0].toUpperCase()}${this.what.slice(1)}; ${when} from ${num(low[at], 2)} to `
      + `${num(high[at], 2)}.`);
  }
}

/** The canvas at its size, sharp on every screen; its pen in CSS pixels. */
export function fitted(canvas, wide, tall) {
  const ratio = window.devicePixelRatio || 1, size = [Math.round(wide * ratio), Math.round(tall * ratio)];
  if (canvas.width !== size[0] || canvas.height !== size[1]) {
    [canvas.width, canvas.height] = size;
    Object.assign(canvas.style, { width: `${wide}px`, height: `${tall}px` });
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}

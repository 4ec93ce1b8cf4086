// Numbers that go in: one a step as a line, many as a picture whose pixels are enlarged by a whole number.
const version = new URL(import.meta.url).search;
const { palette, place } = await import("../shared/colours.js" + version);
const { element, setAttributes, shape } = await import("../shared/dom.js" + version);
const { floats } = await import("../shared/numbers.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);

const WIDE = 520, TALL = 64, HIGH = 112; // CSS pixels: a line, and the height of a picture

export class Signal {
  constructor() {
    this.canvas = element("canvas");
    this.line = shape("polyline", { fill: "none" });
    this.svg = shape("svg", { class: "signal", width: WIDE, height: TALL, viewBox: `0 0 ${WIDE} ${TALL}` });
    this.svg.append(this.line);
    this.root = element("span", "signal-box", this.canvas, this.svg);
  }

  /** `signal` is null for what is said in words. */
  update(signal) {
    this.root.hidden = !signal;
    if (!signal) return;
    const { size: [rows, columns], low, high } = signal, values = floats(signal.values), flat = rows === 1;
    this.canvas.style.display = flat ? "none" : "";
    this.svg.style.display = flat ? "" : "none";
    if (flat) this.drawLine(values, low, high);
    else this.drawPicture(values, rows, columns, low, high);
  }

  drawLine(values, low, high) {
    const x = (at) => ((at / (values.length - 1 || 1)) * WIDE).toFixed(1);
    const y = (value) => (4 + (1 - (value - low) / (high - low || 1)) * (TALL - 8)).toFixed(1);
    setAttributes(this.line, { points: Array.from(values, (value, at) => `${x(at)},${y(value)}`).join(" ") });
  }

  drawPicture(values, rows, columns, low, high) {
    const colors = palette("fraction", readTheme(this.root).dark), data = new ImageData(columns, rows);
    const pixels = new Uint32Array(data.data.buffer);
    values.forEach((value, at) => {
      pixels[at] = colors.packed[place(value, low, high)];
    });
    Object.assign(this.canvas, { width: columns, height: rows });
    this.canvas.getContext("2d").putImageData(data, 0, 0);
    const times = Math.max(1, Math.floor(Math.min(HIGH / rows, WIDE / columns)));
    Object.assign(this.canvas.style, { width: `${columns * times}px`, height: `${rows * times}px` });
  }
}

// A small chart of lines with two axes, in SVG: the race of a playground.
const version = new URL(import.meta.url).search;
const { element, shape } = await import("../shared/dom.js" + version);
const { plain } = await import("../shared/numbers.js" + version);
const { powers, rounds } = await import("../shared/scale.js" + version);

const ROOM = { left: 46, right: 12, top: 10, bottom: 38 };

export class RaceChart {
  constructor({ title, height = 210 }) {
    this.height = height;
    this.svg = shape("svg", { role: "img", height, "aria-label": title });
    this.root = element("figure", "chart", element("h4", "", title), this.svg);
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.root);
  }

  /** `lines`: {points, color}; `x`, `y`: {low, high, log, title}. */
  show(spec) {
    this.spec = spec;
    this.draw();
  }

  scale({ low, high, log }, value) {
    const [a, b, at] = log ? [low, high, Math.max(value, low / 1e3)].map(Math.log10) : [low, high, value];
    return b > a ? (at - a) / (b - a) : 0.5;
  }

  draw() {
    const width = this.root.clientWidth;
    if (!this.spec || !width) return;
    const { x, y, lines } = this.spec, wide = width - ROOM.left - ROOM.right, tall = this.height - ROOM.top - ROOM.bottom;
    const px = (value) => ROOM.left + this.scale(x, value) * wide;
    const py = (value) => ROOM.top + (1 - Math.min(1.05, Math.max(-0.05, this.scale(y, value)))) * tall;
    const add = (tag, attributes, text) => {
      const made = shape(tag, attributes);
      if (text !== undefined) made.textContent = text;
      this.svg.append(made);
    };
    this.svg.setAttribute("width", width);
    this.svg.replaceChildren();
    for (const at of y.log ? powers(y.low, y.high, 5) : rounds(y.low, y.high, 4)) {
      add("line", { class: "grid", x1: ROOM.left, x2: width - ROOM.right, y1: py(at), y2: py(at) });
      add("text", { class: "tick", x: ROOM.left - 6, y: py(at) + 4, "text-anchor": "end" }, plain(at));
    }
    for (const at of rounds(x.low, x.high, Math.max(2, wide / 70))) {
      add("text", { class: "tick", x: px(at), y: ROOM.top + tall + 16, "text-anchor": "middle" }, plain(at));
    }
    add("text", { class: "tick", x: ROOM.left + wide / 2, y: ROOM.top + tall + 33, "text-anchor": "middle" }, x.title);
    for (const { points, color } of lines) {
      const finite = points.filter(([, value]) => Number.isFinite(value));
      if (!finite.length) continue;
      const d = `M${finite.map(([a, b]) => `${px(a).toFixed(1)},${py(b).toFixed(1)}`).join("L")}`;
      add("path", { class: "curve", d, stroke: color });
    }
  }

  destroy() {
    this.observer.disconnect();
  }
}

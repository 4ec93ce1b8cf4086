// A small chart of lines with two axes, in SVG: the straight line of a survey, the race of a playground.
const version = new URL(import.meta.url).search;
const { element, shape } = await import("./dom.js" + version);
const { plain, powers, rounds } = await import("./numbers.js" + version);

const ROOM = { left: 46, right: 12, top: 10, bottom: 38 };

export class Chart {
  constructor({ title, height = 210, over = (_value) => {} }) {
    this.height = height;
    this.svg = shape("svg", { role: "img", height, "aria-label": title });
    this.root = element("figure", "chart", element("h4", "", title), this.svg);
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.root);
    this.svg.onpointermove = (event) => this.spec && over(this.value(event));
    this.svg.onpointerleave = () => over(null);
  }

  /** `lines`: {points, color, dots, dashed}; `marks`: {x, text}; `x`, `y`: {low, high, log, title}. */
  show(spec) {
    this.spec = spec;
    this.draw();
  }

  scale({ low, high, log }, value) {
    const [a, b, at] = log ? [low, high, Math.max(value, low / 1e3)].map(Math.log10) : [low, high, value];
    return b > a ? (at - a) / (b - a) : 0.5;
  }

  value(event) {
    const { low, high } = this.spec.x;
    const x = event.clientX - this.svg.getBoundingClientRect().left;
    return low + ((x - ROOM.left) / (this.root.clientWidth - ROOM.left - ROOM.right)) * (high - low);
  }

  draw() {
    const width = this.root.clientWidth;
    if (!this.spec || !width) return;
    const { x, y, lines, marks = [] } = this.spec, wide = width - ROOM.left - ROOM.right, tall = this.height - ROOM.top - ROOM.bottom;
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
    for (const { x: at, text } of marks) {
      add("line", { class: "mark", x1: px(at), x2: px(at), y1: ROOM.top, y2: ROOM.top + tall });
      add("text", { class: "tick", x: px(at) + 4, y: ROOM.top + 10 }, text);
    }
    for (const { points, color, dots, dashed } of lines) {
      const seen = points.filter(([, value]) => Number.isFinite(value));
      if (dots) for (const [a, b] of seen) add("circle", { cx: px(a), cy: py(b), r: 2.6, fill: color });
      else if (seen.length) {
        const d = `M${seen.map(([a, b]) => `${px(a).toFixed(1)},${py(b).toFixed(1)}`).join("L")}`;
        add("path", { class: "curve", d, stroke: color, "stroke-dasharray": dashed ? "5 4" : "none" });
      }
    }
  }

  destroy() {
    this.observer.disconnect();
  }
}

// One unit over time, below the heat map and in step with its columns; what it may trace behind it.
const version = new URL(import.meta.url).search;
const { element, setAttributes, setText, shape } = await import("../shared/dom.js" + version);
const { short } = await import("../shared/numbers.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const PARTS = {
  zero: "line", level: "line", target: "polyline", line: "polyline", dot: "circle",
  top: "text", bottom: "text", name: "text",
};
const TALL = 108, PAD = 8, FOOT = 14; // CSS pixels; the foot is for what the grey line is

export class UnitCurve {
  constructor() {
    this.svg = shape("svg", { class: "unit", role: "img", height: TALL });
    const made = Object.entries(PARTS).map(([name, tag]) => [name, shape(tag, { class: name })]);
    this.parts = Object.fromEntries(made);
    this.svg.append(...Object.values(this.parts));
    this.root = element("div", "curve-of-unit", this.svg);
  }

  /** `plan` is the heat map's; `target` is drawn over the same height, from its own lowest to its highest. */
  update({ values, low, high, plan, at, level, target, name }) {
    if (!plan) return;
    const x = (step) => plan.left + (step + 0.5) * plan.across;
    const y = (fraction) => PAD + (1 - fraction) * (TALL - 2 * PAD - FOOT);
    const placed = (value) => y(Math.min(1, Math.max(0, (value - low) / (high - low || 1))));
    const label = fill(texts.CURVE, { low: short(low), high: short(high) });
    setAttributes(this.svg, { width: plan.width, "aria-label": label });
    this.across("zero", placed(0), plan, low < 0);
    this.across("level", level === null ? 0 : placed(level), plan, level !== null);
    const known = (value) => (Number.isFinite(value) ? value : 0);
    this.line("line", Array.from(values, (value, step) => [x(step), placed(known(value))]));
    const least = target ? Math.min(...target) : 0, most = target ? Math.max(...target) : 1;
    const fraction = (value) => (value - least) / (most - least || 1);
    this.line("target", (target ?? []).map((value, step) => [x(step), y(fraction(value))]));
    this.parts.dot.style.display = at === null ? "none" : "";
    if (at !== null) setAttributes(this.parts.dot, { cx: x(at), cy: placed(values[at]), r: 3.5 });
    this.text("top", short(high), plan.left - 6, PAD + 5);
    this.text("bottom", short(low), plan.left - 6, TALL - PAD - FOOT + 2);
    this.text("name", name, plan.width, TALL - 5);
  }

  across(part, height, { left, width }, shown) {
    this.parts[part].style.display = shown ? "" : "none";
    setAttributes(this.parts[part], { x1: left, x2: width, y1: height, y2: height });
  }

  line(part, points) {
    const text = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
    setAttributes(this.parts[part], { points: text });
  }

  text(part, words, x, y) {
    setAttributes(this.parts[part], { x, y, "text-anchor": "end" });
    setText(this.parts[part], words);
  }
}

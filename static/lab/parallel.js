// Parallel coordinates: an upright axis for each knob and one for the score, a line for each run.
// The better the score, the stronger the line; point at one to read it.
const version = new URL(import.meta.url).search;
const { reading } = await import("./dom.js" + version);
const { Drawing, shorten } = await import("./plot.js" + version);
const { share, ticks } = await import("./scale.js" + version);

const ROOM = { left: 110, right: 80, top: 34, bottom: 12 };
const REACH = 14; // pixels around a line at which it is pointed at

export class Parallel extends Drawing {
  constructor() {
    super("parallel", 320);
    this.svg.onpointermove = (event) => this.point(event);
    this.svg.onpointerleave = () => this.choose(null);
  }

  draw(spec, width) {
    const height = this.height - ROOM.top - ROOM.bottom;
    this.xs = spec.axes.map((_, index) => ROOM.left + ((width - ROOM.left - ROOM.right) * index) / (spec.axes.length - 1));
    const y = (axis, value) => ROOM.top + (1 - share(axis, value)) * height;
    const score = spec.axes.at(-1);
    this.lines = spec.lines.map((line) => {
      const ys = line.values.map((value, index) => y(spec.axes[index], value));
      const strength = Math.max(0, Math.min(1, share(score, line.values.at(-1))));
      const path = this.add("path", {
        class: line.best ? "run best" : "run", d: curve(this.xs, ys), style: `--strength: ${Math.round(12 + 70 * strength)}%` });
      return { line, ys, path };
    });
    spec.axes.forEach((axis, index) => this.axis(axis, this.xs[index], y, height, index === spec.axes.length - 1));
  }

  axis(axis, x, y, height, last) {
    this.add("line", { class: "axis", x1: x, x2: x, y1: ROOM.top, y2: ROOM.top + height });
    this.add("text", { class: "head", x, y: 16, "text-anchor": "middle" }, shorten(axis.title, 26));
    for (const { at, text } of ticks(axis, 6)) {
      const place = last ? { x: x + 8, "text-anchor": "start" } : { x: x - 8, "text-anchor": "end" };
      this.add("text", { class: "tick haloed", y: y(axis, at) + 4, ...place }, shorten(text, 18));
    }
  }

  /** The line nearest to the pointer, if one is near. */
  point(event) {
    const box = this.svg.getBoundingClientRect();
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    const away = this.lines.map(({ ys }) => Math.abs(height(this.xs, ys, at.x) - at.y));
    const nearest = away.indexOf(Math.min(...away));
    this.choose(away[nearest] <= REACH ? this.lines[nearest] : null);
  }

  choose(chosen) {
    for (const { path } of this.lines ?? []) path.classList.toggle("chosen", chosen?.path === path);
    this.svg.classList.toggle("choosing", Boolean(chosen));
    this.say(chosen ? `${chosen.line.label}: ${reading(chosen.line.values.at(-1), true)}` : null);
  }
}

/** Where the line that `curve` draws is at `x`. */
function height(xs, ys, x) {
  const right = Math.min(xs.length - 1, Math.max(1, xs.findIndex((place) => place >= x)));
  const part = Math.max(0, Math.min(1, (x - xs[right - 1]) / (xs[right] - xs[right - 1])));
  const smooth = part * part * (3 - 2 * part);
  return ys[right - 1] + (ys[right] - ys[right - 1]) * smooth;
}

function curve(xs, ys) {
  return xs.map((x, index) => {
    if (!index) return `M${x},${ys[0]}`;
    const middle = (xs[index - 1] + x) / 2;
    return `C${middle},${ys[index - 1]} ${middle},${ys[index]} ${x},${ys[index]}`;
  }).join("");
}

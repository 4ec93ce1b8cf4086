// A frame with two axes that fits its place, redrawn when its width or its data change.
const version = new URL(import.meta.url).search;
const { drawn, element, isDark, setText } = await import("./dom.js" + version);
const { share, ticks } = await import("./scale.js" + version);

const ROOM = { left: 56, right: 20, top: 12, bottom: 44 };

/** The base of all drawings: `draw(spec, width)` fills `this.svg`; `this.say(text)` writes below it. */
export class Drawing {
  constructor(className, height) {
    this.root = element("figure", `drawing ${className}`);
    this.title = element("h3", "title");
    this.svg = drawn("svg", { role: "img", height });
    this.caption = element("figcaption", "note");
    this.root.append(this.title, this.svg, this.caption);
    this.height = height;
    this.observer = new ResizeObserver(() => this.redraw());
    this.observer.observe(this.root);
  }

  update(spec) {
    const text = JSON.stringify([spec, isDark(this.root)]);
    if (text === this.told) return; // nothing is touched while nothing changes: a hover stays
    this.told = text;
    this.spec = spec;
    this.redraw();
  }

  redraw() {
    const width = this.root.clientWidth;
    if (!this.spec || !width) return;
    setText(this.title, this.spec.title);
    this.svg.setAttribute("width", width);
    this.svg.setAttribute("aria-label", this.spec.alt ?? this.spec.title);
    this.svg.replaceChildren();
    this.draw(this.spec, width);
    this.say(null);
  }

  /** What each kind of drawing paints, on an empty `svg` of this width. */
  draw(_spec, _width) {
    throw new Error("a drawing without a picture");
  }

  say(text) {
    setText(this.caption, text ?? this.spec.note ?? "");
  }

  add(tag, attributes, text) {
    const made = drawn(tag, attributes, text);
    this.svg.append(made);
    return made;
  }

  destroy() {
    this.observer.disconnect();
  }
}

/** A Drawing with an x and a y axis: `this.x(value)` and `this.y(value)` are places in pixels. */
export class Plot extends Drawing {
  axes(x, y, width) {
    const inner = { width: width - ROOM.left - ROOM.right, height: this.height - ROOM.top - ROOM.bottom };
    this.x = (value) => ROOM.left + share(x, value) * inner.width;
    this.y = (value) => ROOM.top + (1 - share(y, value)) * inner.height;
    const bottom = ROOM.top + inner.height;
    for (const { at, text } of ticks(y, 5)) {
      this.add("line", { class: "grid", x1: ROOM.left, x2: width - ROOM.right, y1: this.y(at), y2: this.y(at) });
      this.add("text", { class: "tick", x: ROOM.left - 8, y: this.y(at) + 4, "text-anchor": "end" }, text);
    }
    this.add("line", { class: "axis", x1: ROOM.left, x2: width - ROOM.right, y1: bottom, y2: bottom });
    const most = Math.max(2, Math.floor(inner.width / 80));
    for (const { at, text } of ticks(x, most)) {
      this.add("text", { class: "tick", x: this.x(at), y: bottom + 18, "text-anchor": "middle" }, shorten(text, x.labels ? inner.width / x.labels.length / 7 : 14));
    }
    this.add("text", { class: "tick", x: ROOM.left + inner.width / 2, y: bottom + 38, "text-anchor": "middle" }, x.title);
  }
}

export function shorten(text, most) {
  return text.length <= most ? text : `${text.slice(0, Math.max(1, Math.floor(most) - 1))}…`;
}

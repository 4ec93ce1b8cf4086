// Many small maps in one picture, enlarged by a whole number so that every pixel stays sharp.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { Picture } = await import("../shared/picture.js" + version);
const { isDark } = await import("../shared/theme.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const LARGEST = 12; // times

export class Maps {
  constructor() {
    this.root = element("figure", "maps");
    this.picture = new Picture("sharp");
    this.caption = element("figcaption", "note");
    this.frame = element("div", "frame");
    this.frame.append(this.picture.img);
    this.root.append(this.frame, this.caption);
    this.frame.onpointermove = (event) => this.point(event);
    this.frame.onpointerleave = () => this.say(null);
    new ResizeObserver(() => this.resize()).observe(this.root);
  }

  update(spec) {
    this.spec = spec;
    this.picture.show(spec.pictures[Number(isDark(this.root))] ?? spec.pictures[0], spec.alt);
    this.resize();
    this.say(this.at ?? null);
  }

  resize() {
    const { width, height, tall } = this.spec ?? {};
    const room = this.root.clientWidth;
    if (!width || !room) return;
    this.picture.enlarge([width, height], [room, tall], LARGEST);
  }

  /** Which map the pointer is on, from 1. */
  point(event) {
    const { width, height, cell, columns, count } = this.spec;
    const box = this.picture.img.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * (width / cell[0]));
    const row = Math.floor(((event.clientY - box.top) / box.height) * (height / cell[1]));
    const index = row * columns + column;
    this.say(column >= 0 && column < columns && row >= 0 && index < count ? index + 1 : null);
  }

  say(at) {
    this.at = at;
    const { note, noun, count } = this.spec;
    setText(this.caption, at === null ? note : fill(texts.MAP[noun], { number: at, count }));
  }
}

// Many small maps in one picture, enlarged by a whole number so that every pixel stays sharp.
const { element, isDark, setText, Picture } = await import("./dom.js" + new URL(import.meta.url).search);

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
    const scale = Math.max(1, Math.min(Math.floor(room / width), Math.floor(tall / height), LARGEST));
    const size = { width: `${width * scale}px`, height: `${height * scale}px` };
    Object.assign(this.picture.img.style, width > room ? { width: "100%", height: "auto" } : size);
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
    setText(this.caption, at === null ? this.spec.note : `${this.spec.noun} ${at} of ${this.spec.count}`);
  }
}

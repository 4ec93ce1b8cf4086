// Pictures that come from Python: swapped without a gap, enlarged without a blur.
const { element } = await import("./dom.js" + new URL(import.meta.url).search);

/** A picture that is swapped only when the next one is decoded, so that there is never an empty frame. */
export class Picture {
  constructor(className = "") {
    this.img = element("img", className);
    this.img.draggable = false;
    this.source = "";
  }

  async show(source, alt) {
    if (this.img.alt !== alt) this.img.alt = alt;
    if (source === this.source) return;
    this.source = source;
    const next = new Image();
    next.src = source;
    await next.decode();
    if (source === this.source) this.img.src = source;
  }

  /** As large as `room` and `tall` (CSS pixels) allow, by a whole number up to `most`, so that pixels stay sharp. */
  enlarge([width, height], [room, tall], most) {
    const times = enlargement([width, height], [room, tall], most);
    Object.assign(this.img.style, width > room ? { width: "100%", height: "auto" }
      : { width: `${width * times}px`, height: `${height * times}px` });
  }
}

/** The whole number, 1 to `most`, by which a picture fits into its room. */
export function enlargement([width, height], [room, tall], most) {
  return Math.max(1, Math.min(Math.floor(room / width), Math.floor(tall / height), most));
}

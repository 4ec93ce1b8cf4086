// One run's small maps, enlarged by the same whole number as its neighbours' so that they can be compared.
const version = new URL(import.meta.url).search;
const { element, isDark, setText } = await import("./dom.js" + version);

const LARGEST = 8; // times
const TALL = 260; // CSS pixels

export class Maps {
  constructor() {
    this.root = element("figure", "maps");
    this.name = element("figcaption", "whose");
    this.swatch = element("span", "swatch");
    this.label = element("span", "label");
    this.when = element("span", "when");
    this.name.append(this.swatch, this.label, this.when);
    this.img = element("img");
    this.img.draggable = false;
    this.root.append(this.name, this.img);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.root);
  }

  update(spec) {
    this.spec = spec;
    const dark = isDark(this.root);
    this.swatch.style.background = dark ? spec.dark : spec.light;
    setText(this.label, spec.label);
    setText(this.when, spec.when);
    this.img.alt = spec.alt;
    this.show(spec.pictures[Number(dark)] ?? spec.pictures[0]);
    this.resize();
  }

  /** A picture is swapped only when the next one is decoded, so that there is never an empty frame. */
  async show(source) {
    if (source === this.wanted) return;
    this.wanted = source;
    const next = new Image();
    next.src = source;
    await next.decode();
    if (source === this.wanted) this.img.src = source;
  }

  resize() {
    const { width, height } = this.spec ?? {};
    const room = this.root.clientWidth;
    if (!width || !room) return;
    const scale = Math.max(1, Math.min(Math.floor(room / width), Math.floor(TALL / height), LARGEST));
    const fits = width <= room;
    Object.assign(this.img.style, fits ? { width: `${width * scale}px`, height: `${height * scale}px` }
      : { width: "100%", height: "auto" });
  }

  destroy() {
    this.observer.disconnect();
  }
}

// One run's small maps, enlarged by the same whole number as its neighbours' so that they can be compared.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { Picture } = await import("../shared/picture.js" + version);
const { isDark } = await import("../shared/theme.js" + version);

const LARGEST = 8; // times
const TALL = 260; // CSS pixels

export class Album {
  constructor() {
    this.root = element("figure", "maps");
    this.name = element("figcaption", "whose");
    this.swatch = element("span", "swatch");
    this.label = element("span", "label");
    this.when = element("span", "when");
    this.name.append(this.swatch, this.label, this.when);
    this.picture = new Picture();
    this.root.append(this.name, this.picture.img);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.root);
  }

  update(spec) {
    this.spec = spec;
    const dark = isDark(this.root);
    this.swatch.style.background = dark ? spec.dark : spec.light;
    setText(this.label, spec.label);
    setText(this.when, spec.when);
    this.picture.show(spec.pictures[Number(dark)] ?? spec.pictures[0], spec.alt);
    this.resize();
  }

  resize() {
    const { width, height } = this.spec ?? {};
    const room = this.root.clientWidth;
    if (width && room) this.picture.enlarge([width, height], [room, TALL], LARGEST);
  }

  destroy() {
    this.observer.disconnect();
  }
}

// One small picture, enlarged so that every pixel is a sharp square.
const version = new URL(import.meta.url).search;
const { component } = await import("../shared/mount.js" + version);
const { Picture } = await import("../shared/picture.js" + version);

class Pixels {
  constructor() {
    this.picture = new Picture("pixels");
    this.root = this.picture.img;
  }

  /** `size` in CSS pixels. */
  update({ url, alt, size }) {
    this.root.title = alt;
    this.root.width = this.root.height = size;
    this.picture.show(url, alt);
  }
}

export default component(() => new Pixels());

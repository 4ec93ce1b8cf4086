// A table of numbers over a picture, pixel by pixel: alone, or laid over the picture that it is about.
const version = new URL(import.meta.url).search;
const { palette, place, signedPlace } = await import("../shared/colours.js" + version);
const { element } = await import("../shared/dom.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const SIDE = 196; // CSS pixels that the longer side takes at most
const FOR = [255, 112, 67], AGAINST = [64, 156, 255], BRIGHT = [255, 196, 61]; // on the dark ground of pictures
const DIM = 0.55; // of the picture's brightness below the colours

export class Overlay {
  /** `onPoint` is told the pixel {row, column} under the pointer, or null. */
  constructor(label, onPoint) {
    this.root = element("canvas", "map");
    this.root.setAttribute("role", "img");
    this.label = label;
    this.onPoint = onPoint;
    this.root.onpointermove = (event) => this.onPoint(this.pixel(event));
    this.root.onpointerleave = () => this.onPoint(null);
  }

  /** `ink` (bytes) and `values` (floats), row by row; either may be null. `most` is the largest number's size. */
  update({ ink, values, rows, columns, most, signed, name }) {
    this.ink = ink;
    this.values = values;
    this.rows = rows;
    this.columns = columns;
    this.most = most;
    this.signed = signed;
    this.root.setAttribute("aria-label", fill(texts.MAP, { title: name, how: this.label }));
    const scale = Math.max(1, Math.floor(SIDE / Math.max(rows, columns)));
    this.scale = scale;
    Object.assign(this.root, { width: columns * scale, height: rows * scale });
    this.draw(null);
  }

  draw(at) {
    const { rows, columns, scale } = this, pen = this.root.getContext("2d");
    const small = new OffscreenCanvas(columns, rows), data = new ImageData(columns, rows);
    if (this.ink) this.lay(data.data);
    else this.paint(data.data);
    small.getContext("2d").putImageData(data, 0, 0);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(small, 0, 0, columns * scale, rows * scale);
    if (!at) return;
    pen.lineWidth = 2;
    pen.strokeStyle = this.ink ? "#FFFFFF" : readTheme(this.root).text;
    pen.strokeRect(at.column * scale - 1, at.row * scale - 1, scale + 2, scale + 2);
  }

  /** The map alone, in the colours of the page. */
  paint(pixels) {
    const { dark } = readTheme(this.root), packed = new Uint32Array(pixels.buffer);
    const colors = palette(this.signed ? "signed" : "fraction", dark).packed;
    this.values.forEach((value, index) => {
      packed[index] = colors[this.signed ? signedPlace(value, this.most) : place(value, 0, this.most)];
    });
  }

  /** The picture, dimmed, with the map's colours on it where it has much to say. */
  lay(pixels) {
    this.ink.forEach((level, index) => {
      const value = this.values ? this.values[index] / (this.most || 1) : 0;
      const alpha = Math.min(1, Math.abs(value)) ** 0.7 * 0.9;
      const color = !this.signed ? BRIGHT : value > 0 ? FOR : AGAINST;
      const grey = level * (this.values ? DIM : 1);
      for (let channel = 0; channel < 3; channel += 1) {
        pixels[index * 4 + channel] = grey + (color[channel] - grey) * alpha;
      }
      pixels[index * 4 + 3] = 255;
    });
  }

  pixel(event) {
    const across = this.root.clientWidth / this.columns, down = this.root.clientHeight / this.rows;
    const row = Math.floor(event.offsetY / down), column = Math.floor(event.offsetX / across);
    return row >= 0 && row < this.rows && column >= 0 && column < this.columns ? { row, column } : null;
  }
}

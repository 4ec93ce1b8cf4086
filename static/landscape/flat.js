// A field seen from above: colours, contours, and trails on it. Draws only; who points where, the owner is told.
const version = new URL(import.meta.url).search;
const { palette, SIZE } = await import("../shared/colours.js" + version);
const { plain } = await import("../shared/numbers.js" + version);
const { rounds } = await import("../shared/scale.js" + version);
const { paintTrail } = await import("./trail.js" + version);

const ROOM = { left: 46, right: 8, top: 8, bottom: 38 };

export class MapDrawing {
  constructor() {
    this.still = document.createElement("canvas"); // colours and contours, painted once for each field and size
  }

  /** Forget the painted field: it is another one, or the theme has changed. */
  stale() {
    this.painted = null;
  }

  draw(pen, { width, height, field, theme, trails, xTitle, yTitle, ratio }) {
    this.box = { left: ROOM.left, top: ROOM.top, wide: width - ROOM.left - ROOM.right, tall: height - ROOM.top - ROOM.bottom };
    this.field = field;
    const key = `${width} ${height} ${ratio} ${theme.dark} ${field.log}`;
    if (this.painted !== key) {
      this.painted = key;
      this.paintStill(width, height, theme, ratio, xTitle, yTitle);
    }
    pen.clearRect(0, 0, width, height);
    pen.drawImage(this.still, 0, 0, width, height);
    pen.save();
    pen.beginPath();
    pen.rect(this.box.left, this.box.top, this.box.wide, this.box.tall);
    pen.clip();
    for (const trail of trails) {
      const places = trail.points.map(([x, y]) => [this.x(x), this.y(y)]);
      paintTrail(pen, places, { ...trail, dots: trail.dots ? 2.6 : 0 }, theme);
    }
    pen.restore();
  }

  x(value) {
    const { xs } = this.field;
    return this.box.left + ((value - xs[0]) / (xs.at(-1) - xs[0])) * this.box.wide;
  }

  y(value) {
    const { ys } = this.field;
    return this.box.top + (1 - (value - ys[0]) / (ys.at(-1) - ys[0])) * this.box.tall;
  }

  /** The place on the field below a pixel, or null outside. */
  place(px, py) {
    const { left, top, wide, tall } = this.box, { xs, ys } = this.field;
    const a = (px - left) / wide, b = 1 - (py - top) / tall;
    if (!(a >= 0 && a <= 1 && b >= 0 && b <= 1)) return null;
    return [xs[0] + a * (xs.at(-1) - xs[0]), ys[0] + b * (ys.at(-1) - ys[0])];
  }

  paintStill(width, height, theme, ratio, xTitle, yTitle) {
    Object.assign(this.still, { width: width * ratio, height: height * ratio });
    const pen = this.still.getContext("2d");
    pen.scale(ratio, ratio);
    this.paintColours(pen, theme);
    this.paintContours(pen, theme);
    this.paintAxes(pen, theme, xTitle, yTitle);
  }

  paintColours(pen, theme) {
    const { left, top, wide, tall } = this.box, { packed } = palette("height", theme.dark), { fractions } = this.field;
    const across = Math.ceil(wide / 2), down = Math.ceil(tall / 2);
    const image = new ImageData(across, down), pixels = new Uint32Array(image.data.buffer);
    for (let row = 0; row < down; row += 1) {
      for (let column = 0; column < across; column += 1) {
        const [x, y] = this.place(left + ((column + 0.5) / across) * wide, top + ((row + 0.5) / down) * tall);
        const fraction = this.field.between(fractions, x, y);
        if (!Number.isNaN(fraction)) pixels[row * across + column] = packed[Math.round(Math.min(1, Math.max(0, fraction)) * (SIZE - 1))];
      }
    }
    const small = document.createElement("canvas");
    Object.assign(small, { width: across, height: down });
    small.getContext("2d").putImageData(image, 0, 0);
    pen.fillStyle = theme.line;
    pen.fillRect(left, top, wide, tall);
    pen.drawImage(small, left, top, wide, tall);
  }

  paintContours(pen, theme) {
    pen.strokeStyle = theme.contour;
    pen.lineWidth = 1;
    pen.beginPath();
    for (const level of this.field.levels()) {
      for (const [x1, y1, x2, y2] of this.field.contour(level)) {
        pen.moveTo(this.x(x1), this.y(y1));
        pen.lineTo(this.x(x2), this.y(y2));
      }
    }
    pen.stroke();
  }

  paintAxes(pen, theme, xTitle, yTitle) {
    const { left, top, wide, tall } = this.box, { xs, ys } = this.field;
    pen.strokeStyle = theme.axis;
    pen.strokeRect(left, top, wide, tall);
    pen.fillStyle = theme.muted;
    pen.font = `12px ${theme.font}`;
    pen.textAlign = "center";
    for (const at of rounds(xs[0], xs.at(-1), Math.max(2, wide / 90))) pen.fillText(plain(at), this.x(at), top + tall + 15);
    pen.fillText(xTitle, left + wide / 2, top + tall + 33);
    pen.textAlign = "right";
    for (const at of rounds(ys[0], ys.at(-1), Math.max(2, tall / 60))) pen.fillText(plain(at), left - 6, this.y(at) + 4);
    pen.save();
    pen.translate(11, top + tall / 2);
    pen.rotate(-Math.PI / 2);
    pen.textAlign = "center";
    pen.fillText(yTitle, 0, 0);
    pen.restore();
  }
}

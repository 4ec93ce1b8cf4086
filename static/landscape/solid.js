// A field as a hill that can be turned: its squares from the farthest to the nearest, then the trails on them.
const version = new URL(import.meta.url).search;
const { palette, SIZE } = await import("../shared/colours.js" + version);
const { paintTrail } = await import("./trail.js" + version);

const TALL = 0.55; // height of the highest point, in widths of the field
const LIGHT = [-0.45, 0.35, 0.82]; // where the light comes from

export class SolidDrawing {
  constructor() {
    this.turn = -0.65; // around the upright axis, radians
    this.tilt = 0.62; // from the side (0) to from above (1.57)
  }

  stale() {}

  /** The pointer was dragged by so many pixels. */
  drag(dx, dy) {
    this.turn += dx * 0.008;
    this.tilt = Math.min(1.5, Math.max(0.12, this.tilt + dy * 0.006));
  }

  draw(pen, { width, height, field, theme, trails }) {
    const { xs, ys, fractions, columns, rows } = field;
    this.field = field;
    this.zoom = Math.min(width / 1.5, height / 1.4);
    this.middle = [width / 2, height / 2];
    pen.clearRect(0, 0, width, height);
    const corners = new Array(columns * rows);
    for (let at = 0; at < corners.length; at += 1) {
      corners[at] = this.project(xs[at % columns], ys[Math.floor(at / columns)], fractions[at]);
    }
    for (const square of this.squares()) this.paintSquare(pen, square, corners, theme);
    for (const trail of trails) this.paintTrail(pen, trail, theme);
  }

  /** A point of the field and its share of the height, as [pixel x, pixel y, depth]. */
  project(x, y, fraction) {
    const { xs, ys } = this.field;
    const a = (x - xs[0]) / (xs.at(-1) - xs[0]) - 0.5, b = (y - ys[0]) / (ys.at(-1) - ys[0]) - 0.5;
    const across = a * Math.cos(this.turn) - b * Math.sin(this.turn), deep = a * Math.sin(this.turn) + b * Math.cos(this.turn);
    const up = (Math.min(1, Math.max(0, fraction)) - 0.5) * TALL;
    return [
      this.middle[0] + this.zoom * across,
      this.middle[1] - this.zoom * (up * Math.cos(this.tilt) + deep * Math.sin(this.tilt)),
      deep,
    ];
  }

  /** The lower left corners of all squares, the farthest first. */
  squares() {
    const { columns, rows } = this.field;
    const order = (count, rising) => Array.from({ length: count - 1 }, (_, at) => (rising ? at : count - 2 - at));
    const across = order(columns, Math.sin(this.turn) < 0), down = order(rows, Math.cos(this.turn) < 0);
    return down.flatMap((row) => across.map((column) => row * columns + column));
  }

  paintSquare(pen, at, corners, theme) {
    const { fractions, columns, rows } = this.field, round = [at, at + 1, at + columns + 1, at + columns];
    const mean = (fractions[round[0]] + fractions[round[1]] + fractions[round[2]] + fractions[round[3]]) / 4;
    if (Number.isNaN(mean)) return;
    const slope = [
      ((fractions[round[0]] + fractions[round[3]] - fractions[round[1]] - fractions[round[2]]) / 2) * columns * TALL,
      ((fractions[round[0]] + fractions[round[1]] - fractions[round[2]] - fractions[round[3]]) / 2) * rows * TALL,
    ];
    const long = Math.hypot(slope[0], slope[1], 1);
    const lit = (slope[0] * LIGHT[0] + slope[1] * LIGHT[1] + LIGHT[2]) / long;
    const bright = 0.78 + 0.27 * lit;
    const color = palette("height", theme.dark).rgb[Math.round(Math.min(1, mean) * (SIZE - 1))];
    pen.fillStyle = `rgb(${color.map((channel) => Math.min(255, Math.round(channel * bright)))})`;
    pen.strokeStyle = theme.contour;
    pen.lineWidth = 0.6;
    pen.beginPath();
    round.forEach((corner, index) => (index ? pen.lineTo(corners[corner][0], corners[corner][1]) : pen.moveTo(corners[corner][0], corners[corner][1])));
    pen.closePath();
    pen.fill();
    pen.stroke();
  }

  paintTrail(pen, trail, theme) {
    const { field } = this;
    const places = trail.points.map(([x, y]) => this.project(x, y, field.between(field.fractions, x, y)));
    paintTrail(pen, places.filter(([x]) => !Number.isNaN(x)), { ...trail, dots: trail.dots ? 2.4 : 0 }, theme);
  }
}

// Heights on a rectangular grid: how high anywhere, which fraction of the scale that is, where the contours run.
const version = new URL(import.meta.url).search;
const { powers, rounds } = await import("../shared/scale.js" + version);

const LEVELS = 14;

export class Field {
  cached;

  /** `values[row * xs.length + column]` is the height at (xs[column], ys[row]); both axes rise evenly. */
  constructor(xs, ys, values, { log = false, floor = 0, power = 1 } = {}) {
    this.xs = xs;
    this.ys = ys;
    this.values = values;
    this.log = log;
    this.floor = floor;
    this.power = power;
    this.columns = xs.length;
    this.rows = ys.length;
    const finite = Array.from(values).filter(Number.isFinite);
    this.low = Math.min(...finite);
    this.high = Math.max(...finite);
    this.bottom = this.bend(this.low);
    this.top = this.bend(this.high);
  }

  /** A height on the scale that colours and contours use; `floor` is what counts as nothing, `power` lowers walls. */
  bend(value) {
    if (this.log) return Math.log10(Math.max(value - this.floor, 1e-9));
    return this.power === 1 ? value : Math.max(0, value - this.floor) ** this.power;
  }

  /** 0 for the lowest point, 1 for the highest; NaN where there is no number. */
  fraction(value) {
    return this.top > this.bottom ? (this.bend(value) - this.bottom) / (this.top - this.bottom) : 0;
  }

  get fractions() {
    this.cached ??= Float32Array.from(this.values, (value) => (Number.isFinite(value) ? this.fraction(value) : NaN));
    return this.cached;
  }

  /** Between the four nearest points of the grid; NaN outside. */
  between(values, x, y) {
    const column = ((x - this.xs[0]) / (this.xs.at(-1) - this.xs[0])) * (this.columns - 1);
    const row = ((y - this.ys[0]) / (this.ys.at(-1) - this.ys[0])) * (this.rows - 1);
    if (!(column >= 0 && row >= 0 && column <= this.columns - 1 && row <= this.rows - 1)) return NaN;
    const left = Math.min(Math.floor(column), this.columns - 2), down = Math.min(Math.floor(row), this.rows - 2);
    const [a, b, at] = [column - left, row - down, down * this.columns + left];
    return (values[at] * (1 - a) + values[at + 1] * a) * (1 - b)
      + (values[at + this.columns] * (1 - a) + values[at + this.columns + 1] * a) * b;
  }

  /** Heights at which contours are drawn. */
  levels(most = LEVELS) {
    if (!this.log) return rounds(this.low, this.high, most);
    const low = Math.max(this.low - this.floor, 1e-6), high = this.high - this.floor;
    return powers(low, high, most).map((value) => value + this.floor);
  }

  /** Every piece of the contour at `level`: [x1, y1, x2, y2] ... (marching squares). */
  contour(level) {
    const want = this.fraction(level), { fractions, columns, xs, ys } = this, pieces = [];
    const cross = (a, b, low, high) => low + ((want - a) / (b - a)) * (high - low);
    for (let row = 0; row + 1 < this.rows; row += 1) {
      for (let column = 0; column + 1 < columns; column += 1) {
        const at = row * columns + column;
        const [a, b, c, d] = [fractions[at], fractions[at + 1], fractions[at + columns + 1], fractions[at + columns]];
        const [x1, x2, y1, y2] = [xs[column], xs[column + 1], ys[row], ys[row + 1]];
        const points = [];
        if (a < want !== b < want) points.push([cross(a, b, x1, x2), y1]);
        if (b < want !== c < want) points.push([x2, cross(b, c, y1, y2)]);
        if (c < want !== d < want) points.push([cross(d, c, x1, x2), y2]);
        if (d < want !== a < want) points.push([x1, cross(a, d, y1, y2)]);
        for (let i = 0; i + 1 < points.length; i += 2) pieces.push([...points[i], ...points[i + 1]]);
      }
    }
    return pieces;
  }
}

// A table of numbers as coloured squares, a word at each row and column; what is pointed at is lifted out.
// One canvas, painted anew at each change: 10,000 squares take about a millisecond.
const version = new URL(import.meta.url).search;
const { element } = await import("../shared/dom.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);
const { paint, measure } = await import("./paint.js" + version);

export class Heat {
  /** `onPoint` is told the cell {row, column} under the pointer or the keyboard, or null. */
  constructor(label, onPoint) {
    this.root = element("div", "heat");
    this.canvas = element("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", label);
    this.canvas.tabIndex = 0;
    this.onPoint = onPoint;
    this.at = null;
    this.canvas.onpointermove = (event) => this.point(this.cell(event));
    this.canvas.onpointerleave = () => this.point(null);
    this.canvas.onblur = () => this.point(null);
    this.canvas.onkeydown = (event) => this.step(event);
    this.root.append(this.canvas);
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.root);
  }

  destroy() {
    this.watcher.disconnect();
  }

  /**
   * `spec`: values (Float32Array, row by row), rows, columns, low, high, bend, scale ("fraction" or "signed"),
   * rowWords, columnWords, rowTitle, columnTitle; cell: { least, most, square, tall } in CSS pixels.
   * May be absent: `say` makes a cell's number short; `marked` rows, `lit` row, `span` [start, stop] of columns
   * are lifted out; `left` is where the squares begin; `rings` is a row to be outlined in each column.
   */
  update(spec) {
    this.spec = spec;
    if (this.at && (this.at.row >= spec.rows || this.at.column >= spec.columns)) this.at = null;
    this.draw();
  }

  draw() {
    const room = this.root.clientWidth;
    if (!room || !this.spec) return;
    this.colours = readTheme(this.root);
    this.plan = measure(this.spec, room, this.colours);
    const { width, height } = this.plan, ratio = window.devicePixelRatio || 1;
    const size = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== size[0] || this.canvas.height !== size[1]) {
      [this.canvas.width, this.canvas.height] = size;
      Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    }
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint(pen, this.spec, this.plan, this.colours, this.at);
  }

  /** The cell below a pointer event, or null. */
  cell(event) {
    if (!this.plan) return null;
    const { left, top, across, down } = this.plan, { rows, columns } = this.spec;
    const column = Math.floor((event.offsetX - left) / across);
    const row = Math.floor((event.offsetY - top) / down);
    return row >= 0 && row < rows && column >= 0 && column < columns ? { row, column } : null;
  }

  point(at) {
    if (at?.row === this.at?.row && at?.column === this.at?.column) return;
    this.at = at;
    this.draw();
    this.onPoint(at);
  }

  step(event) {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move || !this.spec) return;
    event.preventDefault();
    const { rows, columns } = this.spec, { row, column } = this.at ?? { row: 0, column: 0 };
    const within = (place, count) => Math.min(count - 1, Math.max(0, place));
    this.point({ row: within(row + move[0], rows), column: within(column + move[1], columns) });
  }
}

// A map of numbers as squares on a canvas, with its padding, a window over it and one cell lifted out.
const version = new URL(import.meta.url).search;
const { palette, signedPlace } = await import("../shared/colours.js" + version);
const { element } = await import("../shared/dom.js" + version);
const { num } = await import("../shared/numbers.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);

const LARGEST = 46, WRITTEN = 30; // CSS pixels of a square; from which on its number is written into it

export class Grid {
  /** `onPoint` is told {row, column} (padding counts below 0), `onKey` [down, across]. */
  constructor(label, onPoint, onKey) {
    this.canvas = element("canvas", "grid");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", label);
    this.root = element("div", "gridbox", this.canvas);
    this.canvas.onpointermove = this.canvas.onpointerdown = (event) => {
      const at = this.cell(event);
      if (at) onPoint(at);
    };
    this.canvas.onkeydown = (event) => {
      const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!move) return;
      event.preventDefault();
      event.stopPropagation();
      onKey(move);
    };
  }

  /** `spec`: values, rows, columns, most; may be: pad [rows, columns], side (px), window, cells, lit. */
  update(spec) {
    this.spec = { pad: [0, 0], side: 300, cells: [], ...spec };
    this.draw();
  }

  draw() {
    const { rows, columns, pad: [down, across], side } = this.spec, tall = rows + 2 * down, wide = columns
      + 2 * across;
        const size = Math.max(2, Math.min(LARGEST, Math.floor(side / Math.max(tall, wide)))),
          ratio = window.devicePixelRatio || 1;
    this.size = size;
    const width = wide * size + 2, height = tall * size + 2;
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    const pen = this.canvas.getContext("2d"), colours = readTheme(this.root);
    pen.setTransform(ratio, 0, 0, ratio, ratio, ratio);
    this.paint(pen, colours);
  }

  paint(pen, colours) {
    const { values, rows, columns, most, pad: [down, across], window: open, cells, lit } = this.spec,
      { size } = this;
    const { css, bright } = palette("signed", colours.dark);
    pen.fillStyle = colours.grid;
    if (down || across) pen.fillRect(0, 0, (columns + 2 * across) * size, (rows + 2 * down) * size);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = `${Math.round(size * 0.3)}px ${colours.font}`;
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const value = values[row * columns + column];
        if (Number.isNaN(value)) continue;
        const level = signedPlace(value, most), x = (column + across) * size, y = (row + down) * size;
        pen.fillStyle = css[level];
        pen.fillRect(x, y, size, size);
        if (size < WRITTEN) continue;
        pen.fillStyle = bright[level] ? "#1F2430" : "#FFFFFF";
        pen.fillText(brief(value), x + size / 2, y + size / 2 + 1);
      }
    }
    outline(pen, colours.line, 1, across * size, down * size, columns * size, rows * size);
    for (const cell of cells) this.box(pen, colours.text, 1, cell, 1, 1);
    if (open) this.lifted(pen, colours, open, open.tall, open.wide);
    if (lit) this.lifted(pen, colours, lit, 1, 1);
  }

  /** An outline that is seen on any colour: one of ink around one of paper. */
  lifted(pen, { text, paper }, at, tall, wide) {
    this.box(pen, text, 5, at, tall, wide);
    this.box(pen, paper, 2, at, tall, wide);
  }

  box(pen, color, width, { row, column }, tall, wide) {
    const { size, spec: { pad: [down, across] } } = this;
    outline(pen, color, width, (column + across) * size, (row + down) * size, wide * size, tall * size);
  }

  cell({ offsetX, offsetY }) {
    const { rows, columns, pad: [down, across] } = this.spec;
    const row = Math.floor((offsetY - 1) / this.size) - down,
      column = Math.floor((offsetX - 1) / this.size) - across;
    return row >= -down && row < rows + down && column >= -across && column < columns + across
      ? { row, column } : null;
  }
}

function outline(pen, color, width, x, y, wide, tall) {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.strokeRect(x, y, wide, tall);
}

/** Two digits that count, short enough for a square: −.062. */
function brief(value) {
  if (value && Math.abs(value) < 1e-3) return "≈0";
  return num(value, 2).replace(/^(−?)0\./, "$1.");
}

/** The largest size among finite numbers. */
export function most(values) {
  return values.reduce((best, value) => (Number.isFinite(value) ? Math.max(best, Math.abs(value)) : best), 0)
    || 1;
}

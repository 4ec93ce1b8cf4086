// How a heat map is laid out and painted. Plain functions of its spec, the room there is and the theme.
const version = new URL(import.meta.url).search;
const { palette, place } = await import("../shared/colours.js" + version);

const FONT = 12, TITLE = 18, GAP = 6, LONGEST = 120; // CSS pixels; of the longest word that is shown whole
const UPRIGHT = 13; // pixels from one upright word to the next
const BROKEN = "#E3B008"; // NaN, as in dlviz/figures/tiles.py
const scratch = document.createElement("canvas");
const ruler = document.createElement("canvas").getContext("2d");

/** Where everything goes, in CSS pixels. */
export function measure(spec, room, { font }) {
  ruler.font = `${FONT}px ${font}`;
  const wide = (word) => Math.min(LONGEST, ruler.measureText(word).width);
  const widest = (words) => Math.max(...words.map(wide));
  const left = Math.max(spec.left ?? 0, (spec.rowTitle ? TITLE : 0) + Math.ceil(widest(spec.rowWords)) + GAP);
  const { least, most, square, tall } = spec.cell;
  const fits = Math.floor((room - left - 1) / spec.columns);
  let across = Math.max(least, Math.min(most, fits));
  let down = Math.max(least, Math.floor(tall / spec.rows));
  if (square) across = down = Math.max(least, Math.min(across, down));
  else down = Math.min(down, most);
  const words = widest(spec.columnWords);
  const upright = words + 5 > across && words > 9;
  const top = (spec.columnTitle ? TITLE : 0) + (words ? (upright ? Math.ceil(words) : FONT) + GAP : 2);
  return {
    left, top, across, down, upright, font,
    everyColumn: Math.ceil((upright ? UPRIGHT : Math.max(words + 3, 9)) / across),
    everyRow: Math.ceil((FONT - 1) / down),
    width: left + across * spec.columns + 1,
    height: Math.max(top + down * spec.rows, spec.rowTitle ? ruler.measureText(spec.rowTitle).width : 0) + 1,
  };
}

export function paint(pen, spec, plan, colours, at) {
  pen.clearRect(0, 0, plan.width, plan.height);
  paintCells(pen, spec, plan, colours);
  if (spec.rings) paintRings(pen, spec, plan, colours);
  if (spec.span) paintSpan(pen, spec, plan, colours);
  paintWords(pen, spec, plan, colours, at);
  if (at) paintCross(pen, spec, plan, colours, at);
  else if (spec.lit !== undefined && spec.lit !== null) paintRow(pen, spec, plan, colours.accent);
}

function paintCells(pen, spec, plan, { dark, line, grid }) {
  const { values, rows, columns, low, high, bend } = spec, { left, top, across, down } = plan;
  const colors = palette(spec.scale, dark), data = new ImageData(columns, rows);
  const pixels = new Uint32Array(data.data.buffer);
  for (let index = 0; index < pixels.length; index += 1) {
    if (Number.isFinite(values[index])) pixels[index] = colors.packed[place(values[index], low, high, bend)];
  }
  Object.assign(scratch, { width: columns, height: rows });
  scratch.getContext("2d").putImageData(data, 0, 0);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(scratch, left, top, across * columns, down * rows);
  paintHoles(pen, spec, plan, line);
  if (Math.min(across, down) >= 9) paintGrid(pen, spec, plan, grid);
  outline(pen, line, 1, left, top, across * columns, down * rows);
  if (spec.say && across >= 32) paintNumbers(pen, spec, plan, colors);
}

/** What is no number: masked squares get a stroke, broken ones a colour of their own. */
function paintHoles(pen, { values, rows, columns }, { left, top, across, down }, line) {
  pen.beginPath();
  pen.fillStyle = BROKEN;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = values[row * columns + column], x = left + column * across, y = top + row * down;
      if (Number.isNaN(value)) pen.fillRect(x, y, across, down);
      else if (!Number.isFinite(value)) {
        pen.moveTo(x, y + down);
        pen.lineTo(x + across, y);
      }
    }
  }
  pen.strokeStyle = line;
  pen.lineWidth = 1;
  pen.stroke();
}

function paintGrid(pen, { rows, columns }, { left, top, across, down }, line) {
  pen.beginPath();
  for (let row = 0; row <= rows; row += 1) {
    pen.moveTo(left, top + row * down + 0.5);
    pen.lineTo(left + columns * across, top + row * down + 0.5);
  }
  for (let column = 0; column <= columns; column += 1) {
    pen.moveTo(left + column * across + 0.5, top);
    pen.lineTo(left + column * across + 0.5, top + rows * down);
  }
  pen.strokeStyle = line;
  pen.lineWidth = 1;
  pen.stroke();
}

function paintNumbers(pen, spec, { left, top, across, down, font }, colors) {
  const { values, rows, columns, low, high, bend, say } = spec;
  pen.font = `${Math.min(12, Math.round(across * 0.32))}px ${font}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (let index = 0; index < rows * columns; index += 1) {
    const text = Number.isFinite(values[index]) ? say(values[index]) : "";
    if (!text) continue;
    pen.fillStyle = colors.bright[place(values[index], low, high, bend)] ? "#1F2430" : "#FFFFFF";
    const row = Math.floor(index / columns), column = index % columns;
    pen.fillText(text, left + (column + 0.5) * across, top + (row + 0.5) * down + 1);
  }
}

function paintWords(pen, spec, plan, colours, at) {
  const { left, top, across, down, upright, font, everyColumn, everyRow } = plan;
  const write = (word, bold, row, x, y, turned) => {
    pen.save();
    pen.font = `${bold ? "600 " : ""}${FONT}px ${font}`;
    pen.fillStyle = bold ? colours.text : colours.muted;
    pen.textBaseline = "middle";
    pen.textAlign = row ? "right" : turned ? "left" : "center";
    pen.translate(x, y);
    if (turned) pen.rotate(-Math.PI / 2);
    pen.fillText(cut(pen, word), 0, 0);
    pen.restore();
  };
  const inSpan = (column) => spec.span && column >= spec.span[0] && column < spec.span[1];
  spec.rowWords.forEach((word, row) => {
    const bold = at ? at.row === row : Boolean(spec.marked?.has(row) || spec.lit === row);
    const crowded = at && Math.abs(at.row - row) < everyRow;
    const y = top + (row + 0.5) * down + 1;
    if (bold || (row % everyRow === 0 && !crowded)) write(word, bold, true, left - GAP, y, false);
  });
  spec.columnWords.forEach((word, column) => {
    const bold = at ? at.column === column : inSpan(column);
    const crowded = at && Math.abs(at.column - column) < everyColumn;
    if ((at && bold) || (column % everyColumn === 0 && !crowded)) {
      const y = top - GAP - (upright ? 0 : FONT / 2 - 1);
      write(word, bold, false, left + (column + 0.5) * across, y, upright);
    }
  });
  paintTitles(pen, spec, plan, colours);
}

function paintTitles(pen, { rowTitle, columnTitle, rows, columns }, plan, { muted }) {
  const { left, top, across, down, font } = plan;
  pen.font = `${FONT}px ${font}`;
  pen.fillStyle = muted;
  pen.textBaseline = "middle";
  if (columnTitle) {
    const half = pen.measureText(columnTitle).width / 2;
    pen.textAlign = "center";
    pen.fillText(columnTitle, Math.max(left + (columns * across) / 2, half), TITLE / 2 - 1);
  }
  if (!rowTitle) return;
  pen.save();
  const half = pen.measureText(rowTitle).width / 2;
  pen.translate(TITLE / 2 - 1, Math.min(plan.height - half, Math.max(top + (rows * down) / 2, half)));
  pen.rotate(-Math.PI / 2);
  pen.textAlign = "center";
  pen.fillText(rowTitle, 0, 0);
  pen.restore();
}

/** The row and the column of the cell that is pointed at, and the cell itself. */
function paintCross(pen, { rows, columns }, { left, top, across, down }, { accent, text }, { row, column }) {
  outline(pen, accent, 1.5, left, top + row * down, across * columns, down);
  outline(pen, accent, 1.5, left + column * across, top, across, down * rows);
  outline(pen, text, 2, left + column * across, top + row * down, across, down);
}

/** One cell of each column outlined: `rings` is its row, below zero none. */
function paintRings(pen, { rings }, { left, top, across, down }, { warm }) {
  rings.forEach((row, column) => {
    if (row >= 0) outline(pen, warm, 1.5, left + column * across, top + row * down, across - 1, down - 1);
  });
}

function paintRow(pen, { columns, lit }, { left, top, across, down }, color) {
  outline(pen, color, 1.5, left, top + lit * down, across * columns, down);
}

/** Everything outside the span of columns steps back. */
function paintSpan(pen, { rows, columns, span }, { left, top, across, down }, { veil, accent }) {
  const [start, stop] = span;
  pen.fillStyle = veil;
  pen.fillRect(left, top, start * across, rows * down);
  pen.fillRect(left + stop * across, top, (columns - stop) * across, rows * down);
  outline(pen, accent, 1.5, left + start * across, top, (stop - start) * across, rows * down);
}

function outline(pen, color, width, x, y, across, down) {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.strokeRect(x + 0.5, y + 0.5, across, down);
}

function cut(pen, word) {
  if (pen.measureText(word).width <= LONGEST) return word;
  let shortened = word;
  while (shortened && pen.measureText(shortened + "…").width > LONGEST) shortened = shortened.slice(0, -1);
  return shortened + "…";
}

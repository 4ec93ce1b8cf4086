// Draws one frame of a game on a canvas: cells by their codes, or a cart with its pole.
const version = new URL(import.meta.url).search;
const { fill, numeral } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const GAP = 0.06; // of a cell
const TRACK = 2.4; // m to each side
const LIGHT = { empty: "#EEF0F6", wall: "#5A6070", goal: "#1E9E74", pit: "#C7463F", player: "#3F5BD9", ball: "#C2571A",
                paddle: "#3F5BD9", apple: "#C7463F", body: "#7FB89C", head: "#0E7A5A", cross: "#3F5BD9", nought: "#C2571A" };
const DARK = { empty: "#242936", wall: "#8B93A7", goal: "#4FD1A5", pit: "#F0807A", player: "#8B9DFF", ball: "#F2A066",
               paddle: "#8B9DFF", apple: "#F0807A", body: "#3F7F68", head: "#4FD1A5", cross: "#8B9DFF", nought: "#F2A066" };
const MARKS = { cross: "×", nought: "○", goal: "★", pit: "✕" };

/** Bytes as base64 to numbers. */
export function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

export function numbers(text) {
  return new Float32Array(bytes(text).buffer);
}

/** A colour for each code of the legend. */
export function colours(legend, dark) {
  const table = dark ? DARK : LIGHT;
  return legend.map((name) => table[name] ?? table.player);
}

/** Draw cells `frame` of `[height, width]` into the canvas, which gets the right size. */
export function paintCells(canvas, frame, [height, width], legend, dark, pixels) {
  const scale = Math.max(1, window.devicePixelRatio || 1), side = Math.floor(pixels / Math.max(height, width));
  resize(canvas, side * width, side * height, scale);
  const pen = canvas.getContext("2d"), colour = colours(legend, dark);
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, side * width, side * height);
  const gap = side > 12 ? Math.max(1, Math.round(side * GAP)) : side > 4 ? 0.5 : 0;
  frame.forEach((code, at) => {
    const x = (at % width) * side, y = Math.floor(at / width) * side, mark = MARKS[legend[code]];
    const tile = mark && (legend[code] === "cross" || legend[code] === "nought") ? colour[0] : colour[code];
    pen.fillStyle = tile;
    pen.fillRect(x + gap, y + gap, side - 2 * gap, side - 2 * gap);
    if (mark && side > 12) write(pen, mark, x + side / 2, y + side / 2, side * 0.7, tile === colour[0] ? colour[code] : colour[0]);
  });
}

function write(pen, mark, x, y, size, colour) {
  pen.fillStyle = colour;
  pen.font = `${size}px sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(mark, x, y);
}

/** Draw a cart at place `state[0]` m whose pole leans `state[2]` rad to the right. */
export function paintCart(canvas, state, theme, width) {
  const scale = Math.max(1, window.devicePixelRatio || 1), height = Math.round(width * 0.6);
  resize(canvas, width, height, scale);
  const pen = canvas.getContext("2d"), metre = width / (2 * TRACK + 1), ground = height * 0.82;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.strokeStyle = theme.mark;
  pen.lineWidth = 2;
  line(pen, width / 2 - TRACK * metre, ground, width / 2 + TRACK * metre, ground);
  for (const end of [-TRACK, TRACK]) line(pen, width / 2 + end * metre, ground - 8, width / 2 + end * metre, ground + 8);
  const x = width / 2 + state[0] * metre, table = theme.dark ? DARK : LIGHT;
  pen.fillStyle = table.player;
  pen.fillRect(x - metre * 0.3, ground - metre * 0.35, metre * 0.6, metre * 0.3);
  pen.strokeStyle = table.ball;
  pen.lineWidth = Math.max(4, metre * 0.1);
  const length = Math.min(height * 0.62, metre * 1.6);
  line(pen, x, ground - metre * 0.35, x + Math.sin(state[2]) * length, ground - metre * 0.35 - Math.cos(state[2]) * length);
}

function line(pen, fromX, fromY, toX, toY) {
  pen.beginPath();
  pen.moveTo(fromX, fromY);
  pen.lineTo(toX, toY);
  pen.stroke();
}

function resize(canvas, width, height, scale) {
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
  if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
}

/** What a person hears who does not see it. */
export function describe(game, frame) {
  if (game.reveals === "cart") {
    return fill(texts.CART, { place: numeral(frame[0].toFixed(2)), angle: numeral(((frame[2] * 180) / Math.PI).toFixed(1)) });
  }
  const width = game.size[1];
  const cells = [...frame].map((code, at) => ({ code, at })).filter(({ code }) => code > 0)
    .map(({ code, at }) => fill(texts.CELL, { name: game.legend[code], row: Math.floor(at / width) + 1,
                                              column: (at % width) + 1 }));
  return fill(texts.BOARD, { cells: cells.join("; ") });
}

/** Draw a frame of either kind. */
export function paint(canvas, game, frame, theme, pixels) {
  if (game.reveals === "cart") paintCart(canvas, frame, theme, pixels);
  else paintCells(canvas, frame, game.size, game.legend, theme.dark, pixels);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", describe(game, frame));
}

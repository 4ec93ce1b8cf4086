// Where each neuron stands: a block of circles a layer, of several columns where a layer is wide. Pure.

const HIGHEST = 16; // circles in one column
const PAD = 34, HEAD = 30, PICTURE = 112; // CSS pixels

/** [{x, y, radius, picture: size or 0, units: [{x, y}]}, ...], one a stage, within `width` x `height`. */
export function layout(stages, width, height) {
  const sizes = stages.map((stage) => block(stage, height));
  const gaps = Math.max(1, stages.length - 1);
  const needed = sizes.reduce((sum, size) => sum + size.wide, 0);
  const shrink = Math.min(1, (width - 2 * PAD - gaps * 24) / needed);
  const gap = (width - 2 * PAD - needed * shrink) / gaps;
  let left = PAD;
  return stages.map((stage, at) => {
    const size = sizes[at], wide = size.wide * shrink;
    const placed = place(stage, size, left, wide, height, shrink);
    left += wide + gap;
    return placed;
  });
}

function block(stage, height) {
  if (stage.picture) return { wide: PICTURE, rows: 1, columns: 1 };
  const rows = Math.min(stage.width, HIGHEST), columns = Math.ceil(stage.width / rows);
  const cell = Math.min(stage.pictures ? 56 : 44, (height - HEAD - 12) / rows);
  return { wide: Math.max(44, columns * Math.min(cell, columns > 1 ? 24 : 44)), rows, columns, cell };
}

function place(stage, size, left, wide, height, shrink) {
  const middle = HEAD + (height - HEAD) / 2, x = left + wide / 2;
  if (stage.picture) return { x, y: middle, picture: PICTURE * shrink, radius: 0, units: [] };
  const across = wide / size.columns, radius = Math.max(2, Math.min(stage.pictures ? 22 : 15, size.cell * 0.4, across * (size.columns > 1 ? 0.44 : 1)));
  const units = Array.from({ length: stage.width }, (_, unit) => ({
    x: left + (Math.floor(unit / size.rows) + 0.5) * across,
    y: middle + ((unit % size.rows) - (size.rows - 1) / 2) * size.cell,
  }));
  return { x, y: middle, picture: 0, radius, units };
}

/** The unit under a point as [stage, unit], or null. */
export function unitAt(places, x, y) {
  for (const [stage, { units, radius }] of places.entries()) {
    const unit = units.findIndex((one) => Math.hypot(one.x - x, one.y - y) <= Math.max(radius, 5));
    if (unit >= 0) return [stage, unit];
  }
  return null;
}

/** The nearest of `lines` ({x1, y1, x2, y2}) within 5 pixels of a point, or null. */
export function lineAt(lines, x, y) {
  let best = null, least = 5;
  for (const line of lines) {
    const dx = line.x2 - line.x1, dy = line.y2 - line.y1;
    const along = Math.min(1, Math.max(0, ((x - line.x1) * dx + (y - line.y1) * dy) / (dx * dx + dy * dy || 1)));
    const distance = Math.hypot(line.x1 + along * dx - x, line.y1 + along * dy - y);
    if (distance < least) [best, least] = [line, distance];
  }
  return best;
}

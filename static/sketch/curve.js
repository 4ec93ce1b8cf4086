// The arithmetic of a sketch: places on the axes, and what a stroke does to the heights. Knows no element.

/** Of an empty curve: no height anywhere. */
export const blank = (count) => Array.from({ length: count }, () => null);

/** Which point lies at this fraction of the width. */
export const pointAt = (fraction, count) => Math.max(0, Math.min(count - 1, Math.round(fraction * (count - 1))));

export const clamped = (height) => Math.max(0, Math.min(1, height));

/** The heights after a stroke from one point to another; what lies between is filled in straight. */
export function stroked(heights, from, to) {
  const made = [...heights];
  const [left, right] = from.at <= to.at ? [from, to] : [to, from];
  for (let at = left.at; at <= right.at; at += 1) {
    const part = right.at === left.at ? 1 : (at - left.at) / (right.at - left.at);
    made[at] = clamped(left.height + (right.height - left.height) * part);
  }
  if (right.at === left.at) made[to.at] = clamped(to.height);
  return made;
}

/** The heights with one of them changed by so much; a point without one begins where the nearest before it ended. */
export function nudged(heights, at, by) {
  const before = heights.slice(0, at + 1).findLast((height) => height !== null) ?? 0.5;
  return heights.map((height, place) => (place === at ? clamped((height ?? before) + by) : height));
}

/** Points of an SVG polyline, in pieces where nothing was drawn; `box` is {left, top, width, height}. */
export function pieces(heights, box) {
  const found = [];
  let piece = [];
  heights.forEach((height, at) => {
    if (height === null) {
      if (piece.length) found.push(piece);
      piece = [];
      return;
    }
    const x = box.left + (box.width * at) / (heights.length - 1);
    piece.push(`${x.toFixed(1)},${(box.top + box.height * (1 - height)).toFixed(1)}`);
  });
  if (piece.length) found.push(piece);
  return found.map((points) => points.join(" "));
}

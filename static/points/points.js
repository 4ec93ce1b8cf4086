// Points as the text that Python reads: "-45 30 A; 12 8 B", hundredths and the letter of the class. Pure.

export const STEPS = 100;
export const LETTERS = "ABCDEFGHIJ";

export function read(text) {
  return text.split(";").map((part) => part.trim().split(" ")).filter((words) => words.length === 3)
    .map(([x, y, letter]) => ({ x: Number(x), y: Number(y), label: LETTERS.indexOf(letter) }));
}

export function write(points) {
  return points.map(({ x, y, label }) => `${x} ${y} ${LETTERS[label]}`).join("; ");
}

/** The number of the point nearest to a place, or -1 where none is within `reach`. */
export function nearest(points, { x, y }, reach) {
  const distances = points.map((point) => Math.hypot(point.x - x, point.y - y));
  const best = Math.min(...distances);
  return best <= reach ? distances.indexOf(best) : -1;
}

/** Whether points may go on without this one: enough are left, and of two classes. */
export function removable(points, index, least) {
  const left = points.filter((_, at) => at !== index);
  return left.length >= least && left.some(({ label }) => label > 0);
}

// How a wire runs: along the layout's passages where both its ends stand as the layout has them, else straight down, else
// in a lane beside the nodes that it would cross. Pure; points and rectangles go in, an SVG path comes out.
import type { Passage } from "./layout.ts";
import type { Point, Rect } from "./types.ts";

const AWAY = 14; // px from a node to the lane beside it
const BEND = 30; // px in which a wire swings into its lane
const LANE = 9; // px between two wires in lanes side by side
const LOOP = 44; // how far a wire that runs upwards swings out

export interface Route { path: string; label: Point }

/** The passages of a wire from `from` (a node's lower edge) to `to` (another's upper edge), past all `rects` and up beside its `ends`. */
export function passagesAround(from: Point, to: Point, rects: readonly Rect[], used: readonly Passage[] = [], ends: readonly Rect[] = []): Passage[] {
  const up = to[1] < from[1];
  if (!up && clear(from, to, [], rects)) return [];
  const away = up ? AWAY + LANE : AWAY;
  const sides = rects.flatMap((rect) => [rect.x - away, rect.x + rect.width + away]);
  const cost = (x: number) => Math.abs(x - from[0]) + Math.abs(x - to[0]);
  const bend = up ? 0 : Math.min(BEND, (to[1] - from[1]) / 3);
  const lane = (x: number): Passage[] => [{ x, from: from[1] + bend, to: to[1] - bend }];
  const beside = (x: number) => !up || ends.every((end) => x < end.x - AWAY || x > end.x + end.width + AWAY);
  const found = sides.sort((a, b) => cost(a) - cost(b)).find((x) => beside(x) && clear(from, to, lane(x), rects));
  if (found === undefined) return up ? lane(aside(from, to, rects)) : [];
  return apart(lane(found), from, to, rects, used);
}

/** Another wire's lane is not run over again: the next free one, a little further out. */
function apart(lane: Passage[], from: Point, to: Point, rects: readonly Rect[], used: readonly Passage[]): Passage[] {
  const [first] = lane as [Passage];
  const taken = (x: number) => used.some((other) => Math.abs(other.x - x) < LANE - 1 && other.from < first.to && first.from < other.to);
  for (let step = 0; step < 12; step += 1) {
    const by = (step % 2 ? 1 : -1) * Math.ceil(step / 2) * LANE;
    const moved = [{ ...first, x: first.x + by }];
    if (!taken(first.x + by) && clear(from, to, moved, rects)) return moved;
  }
  return lane;
}

function aside(from: Point, to: Point, rects: readonly Rect[]): number {
  const between = rects.filter((rect) => rect.y < from[1] + LOOP && rect.y + rect.height > to[1] - LOOP);
  return Math.max(from[0], to[0], ...between.map((rect) => rect.x + rect.width)) + AWAY + LANE;
}

/** Whether the wire touches none of the rectangles but those at its ends. */
export function clear(from: Point, to: Point, passages: readonly Passage[], rects: readonly Rect[]): boolean {
  const points = sampled(from, to, passages);
  return !rects.some((rect) => points.some(([x, y]) => x > rect.x - 3 && x < rect.x + rect.width + 3
    && y > rect.y + 2 && y < rect.y + rect.height - 2));
}

type Curve = readonly [Point, Point, Point, Point];

function curves(from: Point, to: Point, passages: readonly Passage[]): Curve[] {
  const stops = [{ at: from, way: 1, on: from }, ...passages.map(({ x, from: y, to: end }) =>
    ({ at: [x, y] as Point, way: end < y ? -1 : 1, on: [x, end] as Point })), { at: to, way: 1, on: to }];
  return stops.slice(1).map((stop, index): Curve => {
    const last = stops[index] as typeof stop;
    const [start, end] = [last.on, stop.at];
    const same = last.way === stop.way && end[1] > start[1];
    const pull = same ? Math.max(8, (end[1] - start[1]) / 2) : LOOP;
    return [start, [start[0], start[1] + last.way * pull], [end[0], end[1] - stop.way * pull], end];
  });
}

function sampled(from: Point, to: Point, passages: readonly Passage[]): Point[] {
  const bent = curves(from, to, passages).flatMap((curve) => Array.from({ length: 17 }, (_, at) => on(curve, at / 16)));
  const straight = passages.flatMap(({ x, from: y, to: end }) => Array.from({ length: 33 }, (_, at): Point => [x, y + ((end - y) * at) / 32]));
  return [...bent, ...straight];
}

function on([a, b, c, d]: Curve, t: number): Point {
  const mix = (at: 0 | 1) => (1 - t) ** 3 * a[at] + 3 * (1 - t) ** 2 * t * b[at] + 3 * (1 - t) * t ** 2 * c[at] + t ** 3 * d[at];
  return [mix(0), mix(1)];
}

/** The SVG path of a wire, and where its label stands. */
export function drawn(from: Point, to: Point, passages: readonly Passage[]): Route {
  const parts = curves(from, to, passages);
  const text = ([x, y]: Point) => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
  const path = parts.map(([start, a, b, end], index) => `${index ? "L" : "M"}${text(start)}C${text(a)} ${text(b)} ${text(end)}`);
  const first = passages[0];
  const label: Point = first ? [first.x, (first.from + first.to) / 2] : on(parts[0] as Curve, 0.5);
  return { path: path.join(""), label };
}

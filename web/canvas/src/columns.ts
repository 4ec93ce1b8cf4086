// A long network in columns, like a text in a newspaper: where a wide view would show one tall layout too small to read,
// it is cut where one node's output alone goes on, and its wires lead up to the top of the next column. Pure.
import type { Cluster, Layout, Link, Passage, Sized } from "./layout.ts";
import type { Point, Rect } from "./types.ts";

export interface Room { width: number; height: number }

/** px between two columns: the wire that leads up stands there, with its label. */
export const GUTTER = 104;
const WORTH = 1.15; // how much larger all must be shown for one column more

/** Rows of nodes that stay together. */
interface Piece extends Rect { ids: readonly string[] }

/** `layout` cut into as many columns as let `room` show all of it largest; itself where one does that. */
export function inColumns(layout: Layout, nodes: readonly Sized[], links: readonly Link[], clusters: readonly Cluster[], room: Room): Layout {
  const pieces = piecesOf(layout, nodes, links, clusters);
  let best = [pieces];
  for (let count = 2; count <= pieces.length; count += 1) {
    const columns = split(pieces, count);
    if (zoomOf(columns, room) > WORTH * zoomOf(best, room)) best = columns;
  }
  return best.length > 1 ? moved(layout, nodes, links, best) : layout;
}

function piecesOf({ places }: Layout, nodes: readonly Sized[], links: readonly Link[], clusters: readonly Cluster[]): Piece[] {
  const middle = ({ id, height }: Sized) => Math.round((places.get(id)?.[1] ?? 0) + height / 2);
  const middles = [...new Set(nodes.map(middle))].sort((a, b) => a - b);
  const row = new Map(nodes.map((node) => [node.id, middles.indexOf(middle(node))]));
  const home = new Map(clusters.flatMap(({ id, members }) => members.map((member) => [member, id] as const)));
  const pieces: string[][] = [[]];
  middles.forEach((_, at) => {
    if (at && cuttable(links, row, home, at)) pieces.push([]);
    pieces.at(-1)?.push(...nodes.filter((node) => row.get(node.id) === at).map((node) => node.id));
  });
  const known = new Map(nodes.map((node) => [node.id, node]));
  return pieces.map((ids) => ({ ids, ...boundsOf(ids.map((id) => rectOf(known.get(id) as Sized, places))) }));
}

/** Whether the output of one node of the row above is all that goes on to row `at`, and no open block would be cut. */
function cuttable(links: readonly Link[], row: ReadonlyMap<string, number>, home: ReadonlyMap<string, string>, at: number): boolean {
  const crossing = links.filter(({ source, target }) => (row.get(source) ?? 0) < at && (row.get(target) ?? 0) >= at);
  const [first] = crossing;
  if (!first || row.get(first.source) !== at - 1 || crossing.some(({ source }) => source !== first.source)) return false;
  const block = home.get(first.source);
  return block === undefined || crossing.every(({ target }) => home.get(target) !== block);
}

function rectOf({ id, width, height }: Sized, places: ReadonlyMap<string, Point>): Rect {
  const [x, y] = places.get(id) ?? [0, 0];
  return { x, y, width, height };
}

function boundsOf(rects: readonly Rect[]): Rect {
  const [x, y] = [Math.min(...rects.map((rect) => rect.x)), Math.min(...rects.map((rect) => rect.y))];
  return { x, y, width: Math.max(...rects.map((rect) => rect.x + rect.width)) - x, height: Math.max(...rects.map((rect) => rect.y + rect.height)) - y };
}

/** At most `count` columns, the tallest of them as low as can be. */
function split(pieces: readonly Piece[], count: number): Piece[][] {
  let [low, high] = [Math.max(...pieces.map((piece) => piece.height)), boundsOf(pieces).height];
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (filled(pieces, middle).length <= count) high = middle;
    else low = middle;
  }
  return filled(pieces, Math.ceil(high));
}

function filled(pieces: readonly Piece[], height: number): Piece[][] {
  const columns: Piece[][] = [];
  for (const piece of pieces) {
    const column = columns.at(-1);
    if (column && boundsOf([...column, piece]).height <= height) column.push(piece);
    else columns.push([piece]);
  }
  return columns;
}

function zoomOf(columns: readonly Piece[][], room: Room): number {
  const bounds = columns.map(boundsOf);
  const width = bounds.reduce((sum, column) => sum + column.width, GUTTER * (columns.length - 1));
  return Math.min(1, room.width / width, room.height / Math.max(...bounds.map((column) => column.height)));
}

function moved(layout: Layout, nodes: readonly Sized[], links: readonly Link[], columns: readonly Piece[][]): Layout {
  const shift = new Map<string, Point>(), lefts = new Map<string, number>();
  let left = 0;
  for (const column of columns) {
    const { x, y, width } = boundsOf(column);
    for (const id of column.flatMap((piece) => piece.ids)) {
      shift.set(id, [left - x, -y]);
      lefts.set(id, left);
    }
    left += width + GUTTER;
  }
  const by = (id: string): Point => shift.get(id) ?? [0, 0];
  const places = new Map([...layout.places].map(([id, [x, y]]): [string, Point] => [id, [x + by(id)[0], y + by(id)[1]]]));
  const bottoms = new Map(nodes.map(({ id, height }) => [id, (places.get(id)?.[1] ?? 0) + height]));
  const passages = new Map(links.map(({ key, source, target }): [string, Passage[]] => {
    const [dx, dy] = by(target), column = lefts.get(target) ?? 0;
    const own = (layout.passages.get(key) ?? []).map(({ x, from, to }) => ({ x: x + dx, from: from + dy, to: to + dy }));
    const up = { x: column - GUTTER / 2, from: bottoms.get(source) ?? 0, to: 0 }; // to the top of the next column
    return [key, lefts.get(source) === column ? own : [up, ...own]];
  }));
  return { places, passages };
}

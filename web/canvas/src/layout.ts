// Where nodes stand: dagre's layers for what nobody placed, relative to what somebody did. Pure; sizes go in, places come
// out. A place is a node's top left corner.
import { Graph, layout } from "@dagrejs/dagre";

import type { Point, Rect } from "./types.ts";

export interface Sized { id: string; width: number; height: number }
export interface Cluster { id: string; members: readonly string[] }
export interface Link { key: string; source: string; target: string }
/** A wire runs straight through here, from `from` to `to`, at `x`. */
export interface Passage { x: number; from: number; to: number }
export interface Layout { places: Map<string, Point>; passages: Map<string, Passage[]> }

export const BESIDE = 40;
export const BETWEEN = 46; // px from one row to the next: a wire's label stands there

/** Everything laid out anew: who comes later stands lower, and no wire needs to run through a node. */
export function layOut(nodes: readonly Sized[], links: readonly Link[], clusters: readonly Cluster[] = []): Layout {
  const graph = new Graph({ multigraph: true, compound: true });
  graph.setGraph({ rankdir: "TB", nodesep: BESIDE, edgesep: 18, ranksep: BETWEEN });
  for (const { id, width, height } of nodes) graph.setNode(id, { width, height });
  const known = new Set(nodes.map((node) => node.id));
  for (const { id, members } of clusters) {
    graph.setNode(id, {});
    for (const name of members.filter((member) => known.has(member))) graph.setParent(name, id);
  }
  const drawn = links.filter((link) => known.has(link.source) && known.has(link.target));
  for (const { key, source, target } of drawn) graph.setEdge(source, target, {}, key);
  layout(graph);
  const places = new Map(nodes.map(({ id, width, height }): [string, Point] => {
    const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
    return [id, [Math.round(x - width / 2), Math.round(y - height / 2)]];
  }));
  const rows = rowsOf(nodes, places);
  const passages = new Map(drawn.map(({ key, source, target }): [string, Passage[]] => {
    const { points = [] } = graph.edge(source, target, key) as { points?: { x: number; y: number }[] };
    return [key, through(points.slice(1, -1), rows)];
  }));
  return { places, passages };
}

interface Row { middle: number; top: number; bottom: number }

function rowsOf(nodes: readonly Sized[], places: Map<string, Point>): Row[] {
  const rows = new Map<number, Row>();
  for (const { id, height } of nodes) {
    const top = places.get(id)?.[1] ?? 0;
    const middle = Math.round(top + height / 2);
    const row = rows.get(middle) ?? { middle, top, bottom: top + height };
    rows.set(middle, { middle, top: Math.min(row.top, top), bottom: Math.max(row.bottom, top + height) });
  }
  return [...rows.values()];
}

/** Of dagre's points those within a row of nodes: there the wire must run straight down, in the gaps it may swing. */
function through(points: readonly { x: number; y: number }[], rows: readonly Row[]): Passage[] {
  return points.flatMap(({ x, y }) => {
    const row = rows.find(({ middle }) => Math.abs(middle - y) <= 1.5);
    return row ? [{ x: Math.round(x), from: row.top, to: row.bottom }] : [];
  });
}

/** Places for all: those given stay; the others stand to a placed neighbour as in `fresh`, and on top of nobody. */
export function placed(nodes: readonly Sized[], links: readonly Link[], given: ReadonlyMap<string, Point>,
  fresh: Layout): Map<string, Point> {
  if (!nodes.some((node) => given.has(node.id))) return new Map(fresh.places);
  const found = new Map(nodes.flatMap(({ id }): [string, Point][] => {
    const at = given.get(id);
    return at ? [[id, at]] : [];
  }));
  const height = (id: string) => fresh.places.get(id)?.[1] ?? 0;
  const open = nodes.filter((node) => !found.has(node.id)).sort((a, b) => height(a.id) - height(b.id));
  while (open.length) {
    const at = Math.max(0, open.findIndex((node) => neighbour(node.id, links, found) !== null));
    const [node] = open.splice(at, 1) as [Sized];
    found.set(node.id, free(node, beside(node.id, links, found, fresh), nodes, found));
  }
  return found;
}

/** A neighbour that has its place, who flows in before who takes. */
function neighbour(id: string, links: readonly Link[], found: ReadonlyMap<string, Point>): string | null {
  const before = links.filter((link) => link.target === id && found.has(link.source)).map((link) => link.source);
  const lowest = before.sort((a, b) => (found.get(b)?.[1] ?? 0) - (found.get(a)?.[1] ?? 0))[0];
  return lowest ?? links.find((link) => link.source === id && found.has(link.target))?.target ?? null;
}

function beside(id: string, links: readonly Link[], found: ReadonlyMap<string, Point>, fresh: Layout): Point {
  const other = neighbour(id, links, found) ?? found.keys().next().value ?? id;
  const [x, y] = found.get(other) ?? [0, 0];
  const [fromX, fromY] = fresh.places.get(other) ?? [0, 0];
  const [toX, toY] = fresh.places.get(id) ?? [0, 0];
  return [x + toX - fromX, y + toY - fromY];
}

function free(node: Sized, wish: Point, nodes: readonly Sized[], found: ReadonlyMap<string, Point>): Point {
  const others = rects(nodes, found);
  const y = wish[1];
  let x = wish[0];
  for (const _ of nodes) {
    const hit = others.find((other) => overlaps({ x, y, ...node }, other, 8));
    if (!hit) break;
    x = hit.x + hit.width + BESIDE;
  }
  return [x, y];
}

export function rects(nodes: readonly Sized[], places: ReadonlyMap<string, Point>): (Rect & { id: string })[] {
  return nodes.flatMap(({ id, width, height }) => {
    const at = places.get(id);
    return at ? [{ id, x: at[0], y: at[1], width, height }] : [];
  });
}

export function overlaps(a: Rect, b: Rect, room = 0): boolean {
  return a.x < b.x + b.width + room && b.x < a.x + a.width + room && a.y < b.y + b.height + room && b.y < a.y + a.height + room;
}

/** Who has to move down so that a new node fits below `top`: all that come after it and would be in its way. */
export function makeRoom(later: ReadonlySet<string>, nodes: readonly Sized[], places: ReadonlyMap<string, Point>,
  room: Rect): Map<string, Point> {
  const behind = rects(nodes, places).filter((rect) => later.has(rect.id));
  const first = Math.min(...behind.map((rect) => rect.y));
  const by = room.y + room.height + BETWEEN - first;
  if (!behind.length || by <= 0) return new Map();
  return new Map(behind.map((rect): [string, Point] => [rect.id, [rect.x, rect.y + by]]));
}

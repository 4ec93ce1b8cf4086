// What is drawn of a design: its nodes with their places, and its wires with their routes. Pure: from plain data to plain
// data, so that the same design gives the same picture. Knows neither React nor the page.
import { inColumns, type Room } from "./columns.ts";
import { blockId, folded, outputsOf, parametersOf, type ShownWire } from "./folding.ts";
import { portCount } from "./graph.ts";
import { layOut, placed, rects, type Cluster, type Layout, type Passage, type Sized } from "./layout.ts";
import { passagesAround, clear } from "./route.ts";
import { ANSWER_HEIGHT, BLOCK_HEIGHT, inputHeight, layerHeight, WIDTH } from "./sizes.ts";
import type { Block, Design, InputNode, LayerNode, Point, Rect } from "./types.ts";

export const ANSWER = "answer:";
const FRAME = 16; // px that an open block's frame stands around its nodes
const HEAD = 30;

export type Body =
  | { type: "layer"; layer: LayerNode; ports: number; wished: string | null }
  | { type: "given"; input: InputNode }
  | { type: "block"; block: Block; ports: number; parameters: number | null; shape: string | null; problems: number }
  | { type: "answer"; shape: string }
  | { type: "frame"; block: Block };

export interface Item extends Sized { body: Body; at: Point }
export interface Line extends ShownWire { passages: readonly Passage[]; from: Point; to: Point }
export interface Scene { items: Item[]; lines: Line[]; standsFor: ReadonlyMap<string, string>; fresh: Layout }

/**
 * `given`: places by name that count before the design's own, of what is being moved. `room`: what a design that nobody
 * placed is laid out for; without it in one column.
 */
export function sceneOf(design: Design, given: ReadonlyMap<string, Point> = new Map(), room: Room | null = null): Scene {
  const { standsFor, wires } = folded(design);
  const bodies = bodiesOf(design, standsFor, wires);
  const answer = design.output ? [{ key: ANSWER, source: standsFor.get(design.output) ?? design.output, target: ANSWER, slot: 0, of: [] }] : [];
  const links = [...wires, ...answer];
  const open = design.blocks.filter((block) => !block.folded && block.layers.length)
    .map((block) => ({ id: blockId(block.title), members: block.layers }));
  const own = givenPlaces(design, standsFor, given);
  const fresh = remembered(bodies, links, open, own.size ? null : room);
  const places = placed(bodies, links, own, fresh);
  const items = bodies.map((item): Item => ({ ...item, at: places.get(item.id) ?? [0, 0] }));
  return { items: [...framesOf(design, items), ...items], lines: routed(links, items, fresh), standsFor, fresh };
}

function bodiesOf(design: Design, standsFor: ReadonlyMap<string, string>, wires: readonly ShownWire[]): (Sized & { body: Body })[] {
  const inputs = design.inputs.map((input) => ({ id: input.name, width: WIDTH, height: inputHeight(input.picture), body: { type: "given" as const, input } }));
  const layers = design.nodes.filter((layer) => !standsFor.has(layer.name)).map((layer) => ({
    id: layer.name, width: WIDTH, height: layerHeight(layer),
    body: { type: "layer" as const, layer, ports: portCount(wires, layer.name, layer.ports), wished: null },
  }));
  const blocks = design.blocks.filter((block) => block.folded && block.layers.length).map((block) => blockItem(block, design, wires));
  const answer = design.output && design.targets
    ? [{ id: ANSWER, width: WIDTH, height: ANSWER_HEIGHT, body: { type: "answer" as const, shape: design.targets } }] : [];
  return [...inputs, ...layers, ...blocks, ...answer];
}

function blockItem(block: Block, design: Design, wires: readonly ShownWire[]): Sized & { body: Body } {
  const id = blockId(block.title);
  const members = design.nodes.filter((node) => block.layers.includes(node.name));
  const gives = outputsOf(block, design.wires).at(-1) ?? block.layers.at(-1);
  const output = members.find((node) => node.name === gives);
  const ports = Math.max(1, ...wires.filter((wire) => wire.target === id).map((wire) => wire.slot + 1));
  const problems = members.filter((node) => node.problem && !node.problem.warning).length;
  const body: Body = { type: "block", block, ports, parameters: parametersOf(block, design), shape: output?.out_shape ?? null, problems };
  return { id, width: WIDTH, height: BLOCK_HEIGHT, body };
}

/** The places that somebody gave: of nodes, and of folded blocks the corner of what they hold. */
function givenPlaces(design: Design, standsFor: ReadonlyMap<string, string>, given: ReadonlyMap<string, Point>): Map<string, Point> {
  const found = new Map<string, Point>();
  for (const { name, x, y } of [...design.inputs, ...design.nodes]) {
    const at = given.get(name) ?? (x === null || y === null ? null : [x, y] as Point);
    if (!at) continue;
    const id = standsFor.get(name) ?? name;
    const before = found.get(id) ?? at;
    found.set(id, [Math.min(before[0], at[0]), Math.min(before[1], at[1])]);
  }
  return found;
}

let last: { key: string; layout: Layout } | null = null;

/** The layout of the same nodes and wires is not worked out twice. */
function remembered(bodies: readonly Sized[], links: readonly ShownWire[], clusters: readonly Cluster[], room: Room | null): Layout {
  const nodes = bodies.map(({ id, width, height }) => ({ id, width, height }));
  const key = JSON.stringify([nodes, links.map((link) => link.key), clusters, room]);
  if (last?.key === key) return last.layout;
  const column = layOut(nodes, links, clusters);
  last = { key, layout: room ? inColumns(column, nodes, links, clusters, room) : column };
  return last.layout;
}

function framesOf(design: Design, items: readonly Item[]): Item[] {
  return design.blocks.filter((block) => !block.folded).flatMap((block) => {
    const inside = items.filter((item) => block.layers.includes(item.id));
    if (!inside.length) return [];
    const [left, top] = [Math.min(...inside.map(({ at }) => at[0])) - FRAME, Math.min(...inside.map(({ at }) => at[1])) - FRAME - HEAD];
    const right = Math.max(...inside.map(({ at, width }) => at[0] + width)) + FRAME;
    const bottom = Math.max(...inside.map(({ at, height }) => at[1] + height)) + FRAME;
    return [{ id: blockId(block.title), width: right - left, height: bottom - top, at: [left, top] as Point, body: { type: "frame" as const, block } }];
  });
}

function portsOf(item: Item): number {
  return item.body.type === "layer" || item.body.type === "block" ? item.body.ports : 1;
}

export const portShare = (slot: number, ports: number): number => (slot + 1) / (ports + 1);

/** Each wire's ends and passages: the layout's where both ends stand as it has them and nobody is in the way. */
function routed(links: readonly ShownWire[], items: readonly Item[], fresh: Layout): Line[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const boxes = rects(items, new Map(items.map(({ id, at }) => [id, at])));
  const used: Passage[] = [];
  return links.flatMap((link) => {
    const [source, target] = [byId.get(link.source), byId.get(link.target)];
    if (!source || !target) return [];
    const from: Point = [source.at[0] + source.width / 2, source.at[1] + source.height];
    const to: Point = [target.at[0] + target.width * portShare(link.slot, portsOf(target)), target.at[1]];
    const others = boxes.filter((box) => box.id !== link.source && box.id !== link.target);
    const passages = ownRoute(link, source, target, fresh, from, to, others) ?? passagesAround(from, to, others, used, boxes.filter((box) => !others.includes(box)));
    used.push(...passages);
    return [{ ...link, from, to, passages }];
  });
}

function ownRoute(link: ShownWire, source: Item, target: Item, fresh: Layout, from: Point, to: Point, others: readonly Rect[]): Passage[] | null {
  const moved = (item: Item): Point => {
    const [x, y] = fresh.places.get(item.id) ?? item.at;
    return [item.at[0] - x, item.at[1] - y];
  };
  const [by, other] = [moved(source), moved(target)];
  if (by[0] !== other[0] || by[1] !== other[1]) return null;
  const passages = (fresh.passages.get(link.key) ?? [])
    .map(({ x, from: top, to: bottom }) => ({ x: x + by[0], from: top + by[1], to: bottom + by[1] }));
  return clear(from, to, passages, others) ? passages : null;
}

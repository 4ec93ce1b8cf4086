// Where layers stand after nodes have been moved, as an edit says it: a folded block takes its layers along, and the first
// move in a design that nobody placed gives everybody the place where it is seen, so that nothing else jumps.
import { blockId, folded } from "./folding.ts";
import { layOut } from "./layout.ts";
import { sceneOf } from "./scene.ts";
import type { Session } from "./session.ts";
import { layerHeight, WIDTH } from "./sizes.ts";
import type { Block, Design, Point, Positions } from "./types.ts";

/** `places`: of nodes as shown, by id. The positions of layers and inputs that follow from it. */
export function movedPositions({ design, nodes, moved }: Pick<Session, "design" | "nodes" | "moved">,
  places: ReadonlyMap<string, Point>): Positions {
  if (!design) return {};
  const own = ownPlaces(design, moved);
  const shown = new Map(nodes.map((node): [string, Point] => [node.id, [node.position.x, node.position.y]]));
  const found = new Map<string, Point>();
  for (const [id, at] of shown) {
    const block = design.blocks.find((one) => one.folded && blockId(one.title) === id);
    for (const [name, to] of block ? inside(block, design, own, places.get(id) ?? at) : [[id, places.get(id) ?? at] as const]) {
      if (places.has(id) || !own.has(name)) found.set(name, to);
    }
  }
  const known = new Set([...design.inputs, ...design.nodes].map((node) => node.name));
  return rounded([...found].filter(([name]) => known.has(name)));
}

function ownPlaces(design: Design, moved: ReadonlyMap<string, Point>): Map<string, Point> {
  return new Map([...design.inputs, ...design.nodes].flatMap(({ name, x, y }): [string, Point][] => {
    const at = moved.get(name) ?? (x === null || y === null ? null : [x, y] as Point);
    return at ? [[name, at]] : [];
  }));
}

/** The layers of a folded block whose corner is at `at`: as they stood to each other, or laid out anew. */
function inside(block: Block, design: Design, own: ReadonlyMap<string, Point>, at: Point): [string, Point][] {
  const places = block.layers.every((name) => own.has(name)) ? own : layOut(
    design.nodes.filter((node) => block.layers.includes(node.name)).map((node) => ({ id: node.name, width: WIDTH, height: layerHeight(node) })),
    folded({ blocks: [], wires: design.wires }).wires).places;
  const all = block.layers.map((name): [string, Point] => [name, places.get(name) ?? [0, 0]]);
  const [left, top] = [Math.min(...all.map(([, [x]]) => x)), Math.min(...all.map(([, [, y]]) => y))];
  return all.map(([name, [x, y]]): [string, Point] => [name, [at[0] + x - left, at[1] + y - top]]);
}

const rounded = (places: readonly (readonly [string, Point])[]): Positions =>
  Object.fromEntries(places.map(([name, [x, y]]) => [name, [Math.round(x), Math.round(y)] as Point]));

/** Everything laid out anew; null where it stands so already. */
export function tidied({ design, nodes, room }: Pick<Session, "design" | "nodes" | "room">): Positions | null {
  if (!design) return null;
  const bare = { ...design, inputs: design.inputs.map((one) => ({ ...one, x: null, y: null })), nodes: design.nodes.map((one) => ({ ...one, x: null, y: null })) };
  const fresh = new Map(sceneOf(bare, new Map(), room).items.map((item): [string, Point] => [item.id, item.at]));
  const same = nodes.every((node) => node.type === "frame" || String(fresh.get(node.id)) === String([node.position.x, node.position.y]));
  return same ? null : movedPositions({ design: bare, nodes, moved: new Map() }, fresh);
}

/** Who stands below a block moves down when it opens and up when it folds, by as much as its height changes. */
export function foldedPositions({ design, nodes, moved }: Pick<Session, "design" | "nodes" | "moved">, title: string): Positions {
  const here = nodes.find((node) => node.id === blockId(title));
  if (!design || !here || ![...design.inputs, ...design.nodes].some((node) => node.x !== null)) return {};
  const turned = { ...design, blocks: design.blocks.map((block) => (block.title === title ? { ...block, folded: !block.folded } : block)) };
  const then = sceneOf(turned, moved).items.find((item) => item.id === here.id);
  const by = (then ? then.at[1] + then.height : 0) - here.position.y - (here.height ?? 0);
  const members = new Set(design.blocks.find((block) => block.title === title)?.layers);
  const below = nodes.filter((node) => node.type !== "frame" && !members.has(node.id) && node.id !== here.id
    && node.position.y >= here.position.y + (here.height ?? 0) - 1);
  if (!then || !below.length) return {};
  return movedPositions({ design, nodes, moved }, new Map(below.map((node): [string, Point] => [node.id, [node.position.x, node.position.y + by]])));
}

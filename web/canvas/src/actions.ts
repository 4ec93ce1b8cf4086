// What a user can do on the canvas, each as one edit for Python and one sentence. Mouse, keyboard and menus call these.
import { readClip, written } from "./clipboard.ts";
import { blockId } from "./folding.ts";
import { reachable, wireKey } from "./graph.ts";
import { BESIDE, BETWEEN, makeRoom } from "./layout.ts";
import { foldedPositions, movedPositions, tidied } from "./moves.ts";
import type { Session } from "./session.ts";
import { fill } from "./shared.ts";
import { WIDTH } from "./sizes.ts";
import { texts } from "./texts.ts";
import type { Block, Ends, Point, Positions, Problem } from "./types.ts";

const TYPICAL = 110; // px that a new layer will be tall, more or less

/** Adds a layer after the chosen one, or at the end. */
export function add(session: Session, kind: string): void {
  const [after] = session.names(session.selection).slice(-1);
  session.push({ type: "add", kind, ...(after === undefined ? {} : { after }) });
  tell(session, fill(texts.ADDED, { kind }));
}

/** A layer dropped on the canvas, its middle at `at`; on a wire it is spliced in, and what follows moves aside. */
export function drop(session: Session, kind: string, at: Point, onto: Ends | null): void {
  const [x, y] = [Math.round(at[0] - WIDTH / 2), Math.round(at[1] - TYPICAL / 2)];
  if (!onto) {
    session.push({ type: "add", kind, x, y });
    return tell(session, fill(texts.ADDED, { kind }));
  }
  session.push({ type: "add", kind, onto, ...spliceRoom(session, onto, x) });
  tell(session, fill(texts.ADDED_INTO, { kind, source: onto.source, target: onto.target }));
}

/** Where somebody has placed nodes by hand, the new one stands below its source, and who stands below it moves down. */
function spliceRoom(session: Session, onto: Ends, x: number): { x?: number; y?: number; positions?: Positions } {
  const source = session.nodes.find((node) => node.id === onto.source);
  if (!source || !session.design || !anyPlaced(session)) return {};
  const y = source.position.y + (source.height ?? 0) + BETWEEN;
  const places = new Map(session.nodes.map((node): [string, Point] => [node.id, [node.position.x, node.position.y]]));
  const down = (wire: Ends) => (places.get(wire.source)?.[1] ?? 0) < (places.get(wire.target)?.[1] ?? 0);
  const later = down(onto) ? reachable(session.design.wires.filter(down), onto.target) : new Set<string>(); // another column stays
  const sized = session.nodes.filter((node) => node.type !== "frame").map(({ id, width = 0, height = 0 }) => ({ id, width, height }));
  const aside = makeRoom(later, sized, places, { x, y, width: WIDTH, height: TYPICAL });
  return { x, y, ...(aside.size ? { positions: movedPositions(session, aside) } : {}) };
}

export const anyPlaced = ({ design }: Session): boolean =>
  Boolean(design && [...design.nodes, ...design.inputs].some((node) => node.x !== null));

/** A layer behind `from` where a wire was let go; nobody else takes another one for it. */
export function addBehind(session: Session, kind: string, from: string, at: Point): void {
  session.push({ type: "add", kind, from, x: Math.round(at[0] - WIDTH / 2), y: Math.round(at[1]) });
  tell(session, fill(texts.ADDED, { kind }));
}

export function connect(session: Session, source: string, target: string, slot: number | null): void {
  session.push({ type: "connect", source, target, ...(slot === null ? {} : { slot }) });
  tell(session, fill(texts.CONNECTED, { source, target }));
}

export function disconnect(session: Session, { source, target, slot }: Ends): void {
  session.push({ type: "disconnect", source, target, slot });
  tell(session, fill(texts.DISCONNECTED, { source, target }));
}

export function reconnect(session: Session, from: Ends, to: { source: string; target: string; slot?: number }): void {
  if ("slot" in to && wireKey(from) === wireKey({ slot: 0, ...to })) return;
  session.push({ type: "reconnect", from: { source: from.source, target: from.target, slot: from.slot }, to });
  tell(session, fill(texts.CONNECTED, { source: to.source, target: to.target }));
}

/** The chosen wire, else the chosen layers. */
export function remove(session: Session): void {
  const wire = session.edges.find((edge) => edge.id === session.wire)?.data?.line.of[0];
  if (wire) return disconnect(session, wire);
  const names = chosenLayers(session);
  if (!names.length) return;
  session.push({ type: "delete", names });
  tell(session, texts.DELETED(names.length));
}

export function duplicate(session: Session): void {
  const names = chosenLayers(session);
  if (!names.length) return;
  const beside = anyPlaced(session) ? { dx: WIDTH + BESIDE, dy: 0 } : {};
  session.push({ type: "duplicate", names, ...beside });
  tell(session, texts.DUPLICATED(names.length));
}

/** The chosen nodes that are layers, in the design's order, what is in folded blocks too. */
export function chosenLayers(session: Session): string[] {
  const chosen = new Set(session.names(session.selection));
  return (session.design?.nodes ?? []).map((node) => node.name).filter((name) => chosen.has(name));
}

export function align(session: Session, along: "column" | "row"): void {
  const nodes = session.nodes.filter((node) => session.selection.has(node.id));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = mean(nodes.map(({ position, width = 0, height = 0 }) => (along === "column" ? position.x + width / 2 : position.y + height / 2)));
  const places = new Map(nodes.map(({ id, position, width = 0, height = 0 }): [string, Point] =>
    [id, along === "column" ? [middle - width / 2, position.y] : [position.x, middle - height / 2]]));
  moveTo(session, places);
  tell(session, texts.ALIGNED);
}

/** Nodes stand elsewhere: one edit, shown at once. */
export function moveTo(session: Session, places: ReadonlyMap<string, Point>): void {
  const positions = movedPositions(session, places);
  if (!Object.keys(positions).length) return;
  for (const [name, at] of Object.entries(positions)) session.moved.set(name, at);
  session.push({ type: "move", positions });
  session.rebuild();
  session.emit();
}

/** Python folds what repeats itself, too: so it is asked also where all stands as it would be laid out. */
export function tidy(session: Session): void {
  const positions = tidied(session) ?? {};
  for (const [name, at] of Object.entries(positions)) session.moved.set(name, at);
  session.push({ type: "tidy", positions });
  session.glide();
  session.rebuild();
  tell(session, texts.TIDIED);
}

export function group(session: Session): void {
  const layers = chosenLayers(session);
  if (layers.length < 2 || !session.design) return;
  const taken = new Set(session.design.blocks.map((block) => block.title));
  let number = 1;
  while (taken.has(fill(texts.BLOCK_TITLE, { number }))) number += 1;
  const title = fill(texts.BLOCK_TITLE, { number });
  session.push({ type: "group", title, layers });
  tell(session, fill(texts.GROUPED, { title, layers: texts.LAYERS(layers.length) }));
}

/** Opens or folds a block; where places were given, who stands below it moves down or up by what it grows or shrinks. */
export function fold(session: Session, { title, folded }: Block): void {
  const positions = foldedPositions(session, title);
  session.push({ type: "fold", title, folded: !folded, ...(Object.keys(positions).length ? { positions } : {}) });
}

/** A layer that is made of others becomes these, in a block of its title. */
export function open(session: Session, name: string): void {
  session.push({ type: "open", name });
  tell(session, fill(texts.OPENED, { name }));
}

export const ungroup = (session: Session, { title }: Block): void => session.push({ type: "ungroup", title });

export function saveGroup(session: Session, { title }: Block): void {
  session.push({ type: "save_group", title });
  tell(session, fill(texts.SAVED, { title }));
}

export function removeGroup(session: Session, title: string): void {
  session.push({ type: "remove_group", title });
  tell(session, fill(texts.REMOVED, { title }));
}

/** One of the user's groups: behind the chosen layer, in the wire on which it was dropped, or at the end. */
export function addGroup(session: Session, title: string, onto: Ends | null = null, at: Point | null = null): void {
  const [after] = at ? [] : session.names(session.selection).slice(-1);
  const place = at && !onto ? { x: Math.round(at[0] - WIDTH / 2), y: Math.round(at[1] - TYPICAL / 2) } : {};
  session.push({ type: "add_group", title, ...place, ...(onto ? { onto } : {}), ...(after === undefined ? {} : { after }) });
  tell(session, fill(texts.ADDED, { kind: title }));
}

export const allNodes = ({ nodes }: Session): string[] => nodes.filter((node) => node.selectable).map((node) => node.id);
export const isBlock = ({ nodes }: Session, id: string): boolean => nodes.some((node) => node.id === id && node.type === "block");

/** Opens what can be opened: a folded block, or, where it is chosen already, a layer that is made of others. */
export function openAt(session: Session, id: string): boolean {
  const block = session.design?.blocks.find((one) => one.folded && blockId(one.title) === id);
  if (block) fold(session, block);
  const layer = session.selection.has(id) && session.design?.nodes.find((node) => node.name === id && node.opens);
  if (layer) open(session, id);
  return Boolean(block || layer);
}

export function history(session: Session, type: "undo" | "redo"): void {
  const can = type === "undo" ? session.data?.can_undo || session.edits.waiting : session.data?.can_redo;
  if (!can) return;
  session.push({ type });
  tell(session, type === "undo" ? texts.UNDONE : texts.REDONE);
}

/** Why the name cannot be had, or null once it is on its way. */
export function rename(session: Session, name: string, wish: string): string | null {
  const to = wish.trim();
  if (!to || to === name || !session.design) return null;
  const taken = [...session.design.nodes, ...session.design.inputs].some((node) => node.name === to);
  if (taken) return fill(texts.NAME_TAKEN, { name: to });
  session.push({ type: "rename", name, to });
  tell(session, fill(texts.RENAMED, { name, other: to }));
  return null;
}

export function replace(session: Session, name: string, kind: string): void {
  session.push({ type: "replace", name, kind });
  tell(session, fill(texts.REPLACED, { name, kind }));
}

export function repair(session: Session, name: string, problem: Problem): void {
  if (!problem.repair) return;
  session.push({ type: "repair", name });
  tell(session, fill(texts.REPAIRED, { label: problem.repair.label }));
}

/** The chosen layers as text; null where none is chosen. */
export function copied(session: Session): string | null {
  const names = chosenLayers(session);
  if (!names.length || !session.design) return null;
  const specs = new Map(session.design.nodes.map((node) => [node.name, node.spec]));
  const places = new Map(names.flatMap((name): [string, Point][] => {
    const at = session.place(name);
    return at ? [[name, at]] : [];
  }));
  tell(session, texts.COPIED(names.length));
  return written(names, specs, session.design.wires, places);
}

/** Pastes with its corner at `at`. Whether the text was layers. */
export function pasted(session: Session, text: string, at: Point): boolean {
  const clip = readClip(text);
  if (!clip) return false;
  const placed = clip.places.some(Boolean) ? { places: clip.places } : {};
  session.push({ type: "paste", layers: clip.layers, x: Math.round(at[0]), y: Math.round(at[1]), ...placed });
  tell(session, texts.PASTED(clip.layers.length));
  return true;
}

export function tell(session: Session, text: string): void {
  session.say(text);
  session.emit();
}

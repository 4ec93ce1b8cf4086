// What is seen of a design whose blocks are folded: a block stands for its layers, and the wires that cross its border end
// at it. Computed from the members each time, so that there is no second graph. Pure; knows nothing of the page.
import { wireKey } from "./graph.ts";
import type { Block, Design, Ends, WireData } from "./types.ts";

export interface ShownWire { key: string; source: string; target: string; slot: number; of: readonly WireData[] }
export interface Folded { standsFor: Map<string, string>; wires: ShownWire[] }

export const blockId = (title: string): string => `block:${title}`;

/** Which node is seen in the place of each layer, and the wires between what is seen. */
export function folded(design: Pick<Design, "blocks" | "wires">): Folded {
  const standsFor = new Map(design.blocks.filter((block) => block.folded)
    .flatMap((block) => block.layers.map((name): [string, string] => [name, blockId(block.title)])));
  const shown = new Map<string, ShownWire>();
  const ports = new Map<string, string[]>(); // of a folded block: who flows in, one port each
  for (const wire of design.wires) {
    const ends = shownEnds(wire, standsFor, ports);
    if (!ends) continue;
    const key = wireKey(ends);
    const before = shown.get(key);
    shown.set(key, { ...ends, key, of: [...(before?.of ?? []), wire] });
  }
  return { standsFor, wires: [...shown.values()] };
}

function shownEnds(wire: WireData, standsFor: Map<string, string>, ports: Map<string, string[]>): Ends | null {
  const source = standsFor.get(wire.source) ?? wire.source;
  const target = standsFor.get(wire.target) ?? wire.target;
  if (source === target) return null;
  if (target === wire.target) return { source, target, slot: wire.slot };
  const taken = ports.get(target) ?? [];
  if (!taken.includes(source)) ports.set(target, [...taken, source]);
  return { source, target, slot: (ports.get(target) ?? []).indexOf(source) };
}

/** The sum of what is known of a block's layers. */
export function parametersOf(block: Block, design: Pick<Design, "nodes">): number | null {
  const counts = design.nodes.filter((node) => block.layers.includes(node.name)).map((node) => node.parameters);
  return counts.reduce((sum: number | null, count) => (sum === null || count === null ? null : sum + count), 0);
}

/** The members that others take, in the design's order: the block's output is what the last of them gives. */
export function outputsOf(block: Block, wires: readonly Ends[]): string[] {
  const inside = new Set(block.layers);
  const taken = new Set(wires.filter((wire) => inside.has(wire.source) && !inside.has(wire.target)).map((wire) => wire.source));
  return block.layers.filter((name) => taken.has(name));
}

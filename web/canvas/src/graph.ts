// The graph as a graph: who can be reached from whom, who stands before and behind, which wires make a circle. Pure
// functions over ends of wires; knows neither the page nor what a layer is.
import type { Ends } from "./types.ts";

type Wires = readonly Pick<Ends, "source" | "target">[];

export const wireKey = ({ source, target, slot }: Ends): string => `${source}>${target}>${slot}`;

/** All that comes after `name`, itself too. */
export function reachable(wires: Wires, name: string): Set<string> {
  const behind = new Map<string, string[]>();
  for (const { source, target } of wires) behind.set(source, [...(behind.get(source) ?? []), target]);
  const found = new Set([name]);
  for (const at of found) for (const next of behind.get(at) ?? []) found.add(next);
  return found;
}

/** Whether a wire from `source` to `target` would close a circle. */
export function closesCircle(wires: Wires, source: string, target: string): boolean {
  return reachable(wires, target).has(source);
}

export const successors = (wires: Wires, name: string): string[] =>
  [...new Set(wires.filter((wire) => wire.source === name).map((wire) => wire.target))];

export const predecessors = (wires: Wires, name: string): string[] =>
  [...new Set(wires.filter((wire) => wire.target === name).map((wire) => wire.source))];

/** The first port of `target` that no wire has, or null where it takes no more. */
export function freeSlot(wires: readonly Ends[], target: string, most: number | null): number | null {
  const taken = new Set(wires.filter((wire) => wire.target === target).map((wire) => wire.slot));
  let slot = 0;
  while (taken.has(slot)) slot += 1;
  return most === null || slot < most ? slot : null;
}

/** How many ports are drawn: all that are wired, those that have to be, and a free one where more may come. */
export function portCount(wires: readonly Ends[], name: string, ports: { least: number; most: number | null }): number {
  const last = Math.max(0, ...wires.filter((wire) => wire.target === name).map((wire) => wire.slot + 1));
  const wished = Math.max(ports.least, last + (ports.most === 1 ? 0 : 1));
  return Math.max(1, Math.min(wished, Math.max(ports.most ?? wished, last)));
}

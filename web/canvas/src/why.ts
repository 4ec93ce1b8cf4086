// Why a wire cannot be: said while it is dragged. The browser sees circles by itself; Python's verdicts count besides, and
// Python has the last word.
import { reachable } from "./graph.ts";
import { fill } from "./shared.ts";
import { texts } from "./texts.ts";
import type { Design } from "./types.ts";

/** For one source: a function that says of a target what speaks against it, or null. Cheap to ask often. */
export function objections(design: Design, source: string): (target: string) => string | null {
  const inputs = new Set(design.inputs.map((input) => input.name));
  const layers = new Set(design.nodes.map((node) => node.name));
  const before = comesBefore(design, source);
  return (target) => {
    if (target === source) return texts.ITSELF;
    if (inputs.has(target)) return fill(texts.INTO_INPUT, { target });
    if (!layers.has(target)) return texts.INTO_BLOCK;
    if (before.has(target)) return fill(texts.CIRCLE, { source, target });
    return design.verdicts?.[source]?.[target] ?? null;
  };
}

/** All that `source` hangs on: a wire to any of them would close a circle. */
function comesBefore({ wires }: Design, source: string): Set<string> {
  return reachable(wires.map((wire) => ({ source: wire.target, target: wire.source })), source);
}

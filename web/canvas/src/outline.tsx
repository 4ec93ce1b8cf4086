// The network in words, for those who do not see the canvas: one line a layer, in the order in which it is computed.
import { useSession } from "./context.ts";
import { predecessors, successors } from "./graph.ts";
import { fill } from "./shared.ts";
import { texts } from "./texts.ts";

export function Outline() {
  const { design } = useSession();
  if (!design) return null;
  const list = (names: string[]) => names.join(", ") || texts.NOBODY;
  const inputs = design.inputs.map(({ name, shape }) => fill(texts.LINE_INPUT, { name, shape, targets: list(successors(design.wires, name)) }));
  const layers = design.nodes.map(({ name, kind, out_shape: shape }, at) => fill(texts.LINE, { place: at + 1, name, kind, shape: shape ?? texts.UNKNOWN,
    sources: list(predecessors(design.wires, name)), targets: list(successors(design.wires, name)) }));
  return <section className="hidden-outline" aria-label={texts.OUTLINE}><ol>{[...inputs, ...layers].map((line) => <li key={line}>{line}</li>)}</ol></section>;
}

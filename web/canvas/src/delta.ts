// A design put together from what Python sent: the whole, or only what is new since the version that is here. Pure.
import type { Design, InputNode, LayerNode, SentDesign } from "./types.ts";

type Named = { name: string; picture: string | null };

/** The whole design; null where it names something that `base` does not have. */
export function completed(sent: SentDesign, base: Design | null): Design | null {
  const inputs = filled<InputNode>(sent.inputs, base?.inputs ?? []);
  const nodes = filled<LayerNode>(sent.nodes, base?.nodes ?? []);
  const wires = sent.wires ?? base?.wires;
  return inputs && nodes && wires ? { ...sent, inputs, nodes, wires } : null;
}

/** "=conv1" stands for what is called conv1 in the version before. */
function filled<One extends Named>(sent: readonly (One | string)[], before: readonly One[]): One[] | null {
  const byName = new Map(before.map((one) => [`=${one.name}`, one]));
  const pictured = (one: One) => (one.picture === "=" ? { ...one, picture: byName.get(`=${one.name}`)?.picture ?? null } : one);
  const found = sent.map((one) => (typeof one === "string" ? byName.get(one) : pictured(one)));
  return found.every((one) => one !== undefined) ? found : null;
}

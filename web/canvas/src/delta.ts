// A design put together from what Python sent: the whole, or only what is new since the version that is here. Pure.
import { wireKey } from "./graph.ts";
import type { Design, Patch, SentDesign } from "./types.ts";

/** The whole design; null where it speaks of something that `base` does not have. */
export function completed(sent: SentDesign, base: Design | null): Design | null {
  const inputs = patched(sent.inputs, base?.inputs, (one) => one.name), nodes = patched(sent.nodes, base?.nodes, (one) => one.name);
  const wires = patched(sent.wires, base?.wires, wireKey), blocks = patched(sent.blocks, base?.blocks, (one) => one.title);
  return inputs && nodes && wires && blocks ? { ...sent, inputs, nodes, wires, blocks } : null;
}

const isPatch = <One>(sent: readonly One[] | Patch<One>): sent is Patch<One> => !Array.isArray(sent);

function patched<One extends object>(sent: readonly One[] | Patch<One> | null, before: readonly One[] | undefined, keyOf: (one: One) => string): readonly One[] | null {
  if (sent === null) return before ?? null;
  if (!isPatch(sent)) return sent;
  if (!before) return null;
  const known = new Map(before.map((one) => [keyOf(one), one]));
  const order = sent.order ?? placedIn(sent, [...known.keys()]);
  for (const one of sent.set) known.set(keyOf(one), pictured(one, known.get(keyOf(one))));
  const found = order.map((key) => known.get(key));
  return found.every((one) => one !== undefined) ? found : null;
}

/** The keys that stay, with each new one behind the one that it stands behind: those come in their order. */
function placedIn({ gone, after }: Pick<Patch<unknown>, "gone" | "after">, before: readonly string[]): string[] {
  const away = new Set(gone);
  const keys = before.filter((key) => !away.has(key));
  for (const [key, above] of after) keys.splice(above ? keys.indexOf(above) + 1 : 0, 0, key);
  return keys;
}

function pictured<One extends object>(one: One, before: One | undefined): One {
  return "picture" in one && one.picture === "=" ? { ...one, picture: before && "picture" in before ? before.picture : null } : one;
}

// While a wire is pulled: what speaks against each end it may get. Asked at every move of the pointer, so the answer of one
// pull is worked out once.
import type { Session } from "./session.ts";
import { objections } from "./why.ts";
import type { Design } from "./types.ts";

let asked: { design: Design; source: string; object: (target: string) => string | null } | null = null;

/** Why no wire can go from `source` to `target`, or null. */
export function why({ design }: Session, source: string, target: string): string | null {
  if (!design) return null;
  if (asked?.design !== design || asked.source !== source) asked = { design, source, object: objections(design, source) };
  return asked.object(target);
}

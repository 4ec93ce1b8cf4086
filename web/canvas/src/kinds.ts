// Kinds of layers, found by a word: for the palette and for the list that opens where a wire was let go.
import type { Family, PaletteLayer } from "./types.ts";

export interface Found extends PaletteLayer { family: Family }

/** All kinds that have the word: those that begin with it first, then those that hold it, then those whose words do. */
export function found(palette: readonly Family[], query: string): Found[] {
  const word = query.trim().toLowerCase();
  const all = palette.flatMap((family) => family.layers.map((layer) => ({ ...layer, family })));
  const ranked = all.map((layer) => ({ layer, rank: rankOf(layer, word) })).filter(({ rank }) => rank < 3);
  return ranked.sort((a, b) => a.rank - b.rank).map(({ layer }) => layer);
}

function rankOf({ kind, sentence, family }: Found, word: string): number {
  if (kind.toLowerCase().startsWith(word)) return 0;
  if (kind.toLowerCase().includes(word)) return 1;
  return `${family.title} ${sentence}`.toLowerCase().includes(word) ? 2 : 3;
}

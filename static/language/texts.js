// The interface's texts of what language models do, by file.

const { _, _n, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // beams.js
  BETTER: _("“{text}”: log probability {best}. Greedy decoding finds {greedy}."),
  SAME: _("“{text}”: log probability {best}, as good as greedy decoding ({greedy})."),
  POINT_NODE: _("Point at a symbol for its probability and that of the answer up to it."),
  NODE: _("“{word}”: {probability} after what stands before it; log probability of the answer so far {total}"),

  // lens.js
  GOES_IN: _("goes in"),
  TARGET: _("target"),
  POINT_LENS: _("Strong colour: sure. Outlined: right. Point at a cell for its probability."),
  LENS_CELL: _("Read after {layer} at step {step}: “{word}” with {probability}"),

  // masked.js
  MASKED_RIGHT: _("{right} of {judged} places guessed right"),
  MASKED_GUESSED: _("The guesses stand in their places"),
  MASKED_POINT: _("Framed: places that are asked for, with the likeliest guess; the stronger the colour, the surer. Point "
    + "at one for the others."),
  MASKED_HIDDEN: _("Hidden here."),
  MASKED_SHOWN: _("“{word}” was shown here."),
  MASKED_GUESSES: _("Guesses: {guesses}."),
  MASKED_TARGET: _("It was “{word}”."),

  // merges.js
  CUT: _("{characters} characters in {pieces} pieces; {symbols} symbols in the vocabulary"),
  LAST_MERGES: _("The last merges"),
  NOTHING_MERGED: _("Nothing is merged yet: each piece is a single character."),
  MERGE: _("{number}."),
  TIMES: _n("side by side once", "side by side {count} times"),

  // surprise.js
  MEAN: _("{bits} bits per {symbol}, perplexity {perplexity}"),
  MEAN_CHARACTER: _("{bits} bits per {symbol} ({characters} per character), perplexity {perplexity}"),
  POINT: _("Point at a {symbol} for its loss and what the network expected there."),
  COST: _("“{word}” cost {bits} bits: probability {probability}, rank {rank}. Expected: {expected}"),
  EXPECTED: _("{word} {probability}"),
  FEW_BITS: _("expected"),
  MANY_BITS: _("{bits} bits or more"),
});

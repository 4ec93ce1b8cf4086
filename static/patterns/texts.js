// The interface's texts of pictures that networks make, by file.

const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // pairs.js
  PAIR: _("{title}: what goes in, and what comes out"),
  ERROR: _("error {error}"),

  // strips.js
  STRIP: _("From noise to {name}, step by step"),

  // plane.js
  PLANE: _("The plane of codes with {count} test samples"),
  PRESS: _("Press or drag in the plane, or use the arrow keys: what the decoder draws there appears here."),
  AT: _("Decoded from ({x}, {y})"),
  DECODED: _("What the decoder draws at the chosen place"),
});

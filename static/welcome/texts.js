// Interface texts of the component welcome. What stands in braces is filled in.
const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  SPIRAL: _("A network of sixteen neurons learns to part two arms of a spiral"),
  AFTER: _("sixteen neurons after {step} steps"),
});

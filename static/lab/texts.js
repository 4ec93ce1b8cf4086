// The interface's texts of a study, by file.

const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // standings.js
  RUN: _("Run"),
});

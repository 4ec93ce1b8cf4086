// The interface's texts of the host of views. A view's own stand in the texts of its files.

const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // main.js
  NOT_LOADED: _("A part of this page did not load. Reload the page."),
});

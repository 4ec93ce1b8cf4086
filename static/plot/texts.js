// The interface's texts of the figures that one compares, turns or zooms, by file.

const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // figure.js
  NOT_LOADED: _("The chart library did not load. Reload the page."),
  DATA: _("Data"),

  // save.js
  FIGURE: _("This figure"),
  RESET: _("Reset view"),
  RESET_WHY: _("Show everything again"),
  SAVE_PNG: _("Save this figure as PNG"),
  SAVE_SVG: _("Save this figure as SVG"),
  SAVE_HTML: _("Save this figure as a page that needs nothing else"),
});

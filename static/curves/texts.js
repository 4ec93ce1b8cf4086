// The interface's texts of the live curves, by file.

const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // main.js
  ZOOM_HINT: _("Drag across a chart to zoom in"),
  RESET_ZOOM: _("Reset zoom"),
  NO_POINTS: _("No points yet"),
  STEP: _("step {step}"),
  STEP_OF: _("step {step} of {planned}"),
  EPOCH: _("epoch {epoch}"),
  THICK_LINE: _("thick line: average of nearby steps"),

  // panel.js
  PANEL: _("{title} at step {step}: {values}"),
  PANEL_EMPTY: _("{title}: no points yet"),
});

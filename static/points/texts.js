// The interface's texts of the editor of points, by file.

const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // main.js
  PLANE: _("Points in the plane. The text field below holds the same points."),
  CLASS: _("Class of new points"),
  NAME: _("class {letter}"),
  HELP: _("Click to set a point, drag to move one, double-click to remove it. {count} of {most} points."),
});

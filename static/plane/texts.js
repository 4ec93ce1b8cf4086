// The interface's texts of the plane, by file.

const { _, _n, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // surface.js
  SURFACE: _("The prediction over the plane, with {points}"),
  POINTS: _n("{count} training point", "{count} training points"),
  SURFACE_OF: _("The output of {unit} over the plane"),
  UNIT: _("{layer}, unit {number}"),
  FEATURE: _("feature {name}"),
  UNITS: _("Each picture: what a unit says over the plane. Blue is negative, red positive. Press one to see it large."),
  SHOW_TEST: _("Show test points"),
  AT: _("x {x}, y {y}: {prediction}"),
  CLASS: _("{name} {probability}"),
  POINT_AT: _("Point at the plane for the prediction there."),
  RANGE: _("{unit}: the colours go from −{most} to {most}."),
  PINNED: _("{range} Press it again for the prediction."),
  TRAINING: _("filled: training points"),
  TEST: _("hollow: test points"),
  NUMBERS: _("−1 blue, 0 pale, 1 red"),
});

// Interface texts of the component sketch. What stands in braces is filled in.
const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  DRAW_HERE: _("Draw the curve that you expect"),
  START: _("start of the run"),
  END: _("end"),
  YOURS: _("your sketch"),
  MEASURED: _("the run"),
  CLEAR: _("Clear"),
  PLACE: _("{curve}, point {number} of {count}: {value}"),
  NOTHING: _("nothing drawn"),
  KEYS: _("With the keyboard: left and right choose a point, up and down set its height."),
});

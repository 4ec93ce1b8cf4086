// The interface's texts of what a network predicts for one picture, by file.

const { _, _n, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // bars.js: how sure it is
  SURENESS: {
    high: _("sure: {probability}"), fair: _("fairly sure: {probability}"), low: _("not sure: {probability}"),
    none: _("only guessing: {probability}"),
  },
  CORRECT: _("correct"),
  TARGET: _("target: {name}"),
  SECOND: _("then {name}: {probability}"),
  NO_PREDICTION: _("no prediction yet"),

  // layers.js
  BELOW_ZERO: _("below zero"),
  ABOVE_ZERO: _("above zero"),
  WHAT_LAYERS_MAKE: _("What each layer makes of it"),
  OUTPUT_OF: _("Output of {layer}"),
  NUMBERS_SHOWN: _n("{shown} of {count} number", "{shown} of {count} numbers"),
  MAPS_SHOWN: _n("{shown} of {count} map", "{shown} of {count} maps"),
});

// The interface's texts of the pictures from inside a run, by file.

const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // gallery.js
  PICTURE: _("target {target}, predicted {prediction}"),
  SURE: _("{probability} sure"),
  MISTAKE: _("Target {target}. Predicted {prediction} with probability {probability}."),

  // maps.js
  MAP: { number: _("number {number} of {count}"), map: _("map {number} of {count}"),
    neuron: _("neuron {number} of {count}"), kernel: _("kernel {number} of {count}") },
});

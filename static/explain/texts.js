// The interface's texts of why a network predicts something, and of what happens without its parts, by file.

const { _, _n, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // top_activations.js: the samples with the highest activation
  UNIT: _("{word} {number}"),
  SAMPLE: _("test sample {number}: {value}"),
  SAMPLE_OF: _("test sample {number}, target {target}: {value}"),

  // overlay.js
  MAP: _("{title}, {how}"),

  // why.js
  QUESTION: _("Asked about: {of}, which is {value}."),
  QUESTION_SCALE: _("Asked about: {of}, which is {value}, {scale}."),
  QUESTION_LOGIT: _("Asked about: {of}, which is {value} (before softmax)."),
  ALONE: _("alone"),
  OVER_PICTURE: _("over the picture"),
  PIXEL: _("row {row}, column {column}: {value}"),

  // without.js
  CLICK: _("Click a {word} of {layer} to switch it off. Its colour is its output for this sample."),
  CLICK_DROPS: _("Click a {word} of {layer} to switch it off. Its colour is its output for this sample; the bar below "
    + "it, how much accuracy is lost without it."),
  OUTPUT: _("output {value}"),
  FALLS: _("without it accuracy falls by {difference}"),
  CHANGES: _("without it accuracy changes by {difference}"),
  POINTED: _("{unit}: {facts}"),
  NOT_SHOWN: _n("{count} more is not shown.", "{count} more are not shown."),
  EVERYTHING_ON: _("Everything on"),
  AS_SWITCHED: _("As switched"),
  MARK: _("of {metric}; {count} samples, loss {loss}"),
  PREDICTION_STAYS: _("The prediction stays {word}"),
  PREDICTION_TURNS: _("The prediction turns from {before} to {after}"),
  LINES: { target: _("target"), before: _("everything on"), after: _("as switched") },
  CONFUSED_MORE: _("Confused more often now"),
  CONFUSED: _n("{target} taken for {prediction}: once ({before} before)",
    "{target} taken for {prediction}: {count} times ({before} before)"),
});

// The interface's texts of how each layer of a run is, by file.

const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // main.js: columns, and what each is
  COLUMNS: {
    layer: _("Layer"), active: _("Active"), stuck: _("Stuck"), gradient: _("Gradient"), ratio: _("Update ÷ weight"),
  },
  COLUMNS_WHY: {
    layer: _("Layers without numbers of their own are left out."),
    active: _("Fraction of the outputs above zero (activation density). For Dropout: the fraction that is dropped."),
    stuck: _("Dead: units that were zero for every sample of the last looks. Saturated: outputs where the "
      + "function is nearly flat, so that hardly any gradient gets through."),
    gradient: _("How strongly the error pulls at the layer's weights (length of the gradient), on one "
      + "logarithmic scale for all layers."),
    ratio: _("How far one update moves the weights, as a share of them. The line is at one in a "
      + "thousand, where it usually goes well."),
  },

  // row.js
  ACTIVE: _("active"),
  DROPPED: _("dropped"),
  FROZEN: _("{kind}, frozen"),

  // detail.js
  NO_WEIGHTS: _("This layer has no weights: there is nothing more to see."),
  WAITING: _("A moment ..."),
  DROPOUT_MASK: _("Dropout mask"),
  UNITS_DROPPED: _("{dropped} of {units} units dropped"),
  MASK: _("At step {step}, for the first sample of the batch, {dropped} of {units} were dropped; {fraction} over the "
    + "whole batch. Each batch has a new mask; in evaluation no unit is dropped."),
});

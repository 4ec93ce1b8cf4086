// The interface's texts of the neurons and their links, by file.

const { _, _n, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // main.js
  LINKS_SHOW: _("Links show"),
  QUANTITIES: { weight: _("Weight"), gradient: _("Gradient"), change: _("Last change") },
  QUANTITIES_WHY: {
    weight: _("The weight itself."),
    gradient: _("How the loss of this sample changes with the weight."),
    change: _("How far the weight has moved since the picture before this one."),
  },
  READ: _("Show"),
  WAYS: { numbers: _("All numbers"), focus: _("One neuron"), pointed: _("What I point at") },
  DRAWN: _("{shown} of {total} weights drawn: the strongest of each neuron"),
  DRAWN_BUT_FIRST: _("{shown} of {total} weights drawn as links: those of the first layer are a picture of each neuron"),
  ALL_DRAWN: _n("{count} weight", "{count} weights"),
  AT_STEP: _("step {step}"),
  LOSS: _("loss {loss}"),
  TARGET: _("target {target}"),
  NEURONS: _("Neurons. Arrow keys go from neuron to neuron; the table below has the numbers of the chosen one."),
  UNDO: _("Undo the last edit"),
  UNIT: _("{layer}, neuron {number}"),
  INPUT: _("{layer}, number {number}"),
  VALUE: _("value {value}"),
  LINK: _("{from} → {to}"),
  IS_WEIGHT: _("weight {value}"),
  IS_GRADIENT: _("gradient {value}"),
  IS_CHANGE: _("last change {value}"),
  CHOOSE: _("Choose a neuron to see what it adds up. Click a link to change its weight."),

  // panel.js
  CAPTION: _("What {unit} adds up for this sample"),
  FROM: _("From"),
  INPUT_VALUE: _("Input"),
  WEIGHT: _("Weight"),
  PRODUCT: _("Product"),
  GRADIENT: _("Gradient"),
  BIAS: _("bias"),
  OTHERS: _n("{count} more", "{count} more"),
  SUM: _("Sum"),
  OUTPUT_OF: _("after {layer}"),
  EDIT: _("Change the weight from {from}, now {value}"),
  EDIT_BIAS: _("Change the bias, now {value}"),
  NEW_VALUE: _("New value; Enter takes it, Escape leaves it"),
  NO_NUMBER: _("Type a number from −1,000,000 to 1,000,000, such as 1.5, 1,5 or 3/2."),
  READ_ONLY: _("Only the owner of a run can change its weights, at its newest step."),
  OVER: _("This run has ended. To go on with other weights, start a new run from its weights."),
  WEIGHT_PICTURE: _("The weights of this neuron, laid out like the input: red adds, blue takes away."),
});

// The interface's texts of the ball on a hill, by file.

const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // grounds.js: the hills, and what each teaches
  GROUNDS: {
    bowl: _("Bowl"),
    valley: _("Long valley"),
    saddle: _("Saddle"),
    banana: _("Banana"),
    two: _("Two valleys"),
    beale: _("Beale's"),
  },
  TEACHES: {
    bowl: _("The same slope on all sides: every step goes straight to the middle, and only the length of the " +
      "step matters."),
    valley: _("Steep across, flat along: plain steps swing from wall to wall, while momentum adds up what " +
      "stays the same and sums away the swinging."),
    saddle: _("A pass between two hills: the slope there is nearly nothing, so plain steps rest on it for " +
      "long; a large network has far more such places than true valleys."),
    banana: _("A bent valley with a flat floor: it is found at once, but to follow it takes thousands of plain " +
      "steps."),
    two: _("The nearest valley need not be the deepest: where the ball ends depends on where it starts, and " +
      "enough momentum carries it over the hill."),
    beale: _("Plains with walls a thousand times as steep at the corners: one rate is too small for the one " +
      "and too large for the other."),
  },

  // play.js
  HILL: _("Hill"),
  SPEED: _("Speed"),
  DRAWN: _("How it is drawn"),
  MAP: _("Map"),
  SOLID: _("3D"),
  PLAY: _("Play"),
  PAUSE: _("Pause"),
  STEP: _("Step"),
  START_OVER: _("Start over"),
  SCENE: _("The hill; click to choose where the balls start"),
  HEIGHT: _("Height above the lowest point"),
  HINTS: {
    map: _("Click on the map to choose where the balls start. The grey dot is the lowest point."),
    solid: _("Drag to rotate it. The grey dot is the lowest point; on the map you can choose where the balls start."),
  },
  WEIGHT_X: _("weight x"),
  WEIGHT_Y: _("weight y"),
  AXIS_STEP: _("step"),
  TAKEN: _("Step {step}"),
  PLACE: _("({place}): height {height}, slope ({across}, {along})"),

  // racers.js
  MOMENTUM: _("Momentum"),
  OPTIMIZERS: _("Optimizers and their learning rates"),
  RATE_OF: _("Learning rate of {optimizer}"),
  NAMES: {
    SGD: _("SGD"), Momentum: _("SGD with momentum"), Nesterov: _("SGD, Nesterov"), RMSprop: _("RMSprop"),
    Adam: _("Adam"), Adagrad: _("Adagrad"),
  },
  FLEW_AWAY: _("Flew away at step {step}: {why}"),
  ABOVE_LOWEST: _("{height} above the lowest point"),
  TOO_LONG: _("its learning rate of {rate} makes steps that are too long for this hill."),
  BENDS: _("this hill bends with a curvature of {curvature}, so a learning rate above {rule} = {limit} makes " +
    "every step land higher on the other side; its rate is {rate}."),
  BENDS_ON_WAY: _("on its way this hill bends with a curvature of {curvature}, so a learning rate above {rule} = " +
    "{limit} makes every step land higher on the other side; its rate is {rate}."),
  RULES: {
    SGD: _("2 / curvature"), Momentum: _("2 (1 + momentum) / curvature"),
    Nesterov: _("2 (1 + momentum) / (1 + 2 momentum) / curvature"),
  },
});

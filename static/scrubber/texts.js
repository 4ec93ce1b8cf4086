// The interface's texts of the scrubber, by file.

const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // slider.js
  PLAY: _("Play how it learned, keyframe by keyframe (space)"),
  BACK: _("One keyframe back (left arrow)"),
  FORWARD: _("One keyframe on (right arrow)"),
  SLIDER: _("Step of the training"),
  TO_NEWEST: _("Back to the newest step"),
  LIVE: _("Live"),
  END: _("End"),
  LATEST_STEP: _("latest step"),
  LAST_STEP: _("last step"),
  BEFORE_FIRST: _("before the first step"),
  AFTER_STEP: _("after step {step}"),
});

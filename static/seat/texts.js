// The interface's texts of a learner's seat.

const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  LOOK_UP: _("Look up"),
  LOOK_UP_WHY: _("Your teacher is speaking. Everything stays as it is."),
  LOST: _("No connection. Training goes on, and this page comes back by itself."),
  WAITING: _("waiting to be let in"),
});

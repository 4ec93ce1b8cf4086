// The interface's texts of the wall, by file.

const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // main.js
  NOBODY: _("Nobody has joined yet."),

  // tile.js
  SIGNS: { help: _("needs help"), todo: _("nothing yet"), working: _("at work"), done: _("done") },
  AWAY: _("away"),
  WAITING: _("waiting to be let in"),
});

// The interface's texts of the projector page, by file.

const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // main.js
  LEAVE: _("Leave the projector page"),
  CODE: _("Code {code}"),

  // joining.js
  OPEN_ADDRESS: _("Open this address, in the same Wi-Fi:"),
  TYPE_CODE: _("and type this code:"),
  PICTURE: _("The address as a picture, for phones"),
  STAY: _("Does the phone warn that there is no internet? Stay connected."),
  JOINED: _("{count} joined"),

  // board.js
  COLUMNS: { rank: _("Rank"), name: _("Who"), accuracy: _("Validation"), test: _("Test"), parameters: _("Parameters") },
  SEALED: _("Test: sealed"),

  // spotlight.js
  CARD_OF: _("{number} of {count}"),
  CARD_BEFORE: _("The card before"),
  CARD_AFTER: _("The next card"),
  NO_CARDS: _("No card has been frozen yet."),
});

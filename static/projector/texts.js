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
});

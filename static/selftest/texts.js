// The interface's texts of the network's self-test.

const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  ASKING: _("Testing ..."),
  REACHED: _("This browser reaches that address."),
  NOT_REACHED: _("This browser does not reach that address: a firewall of this computer refuses it, or the network does."),
  SOCKET: _("WebSocket connections are open."),
  NO_SOCKET: _("WebSocket connections do not come through: pages would stay empty."),
  CLOCK: _("The clocks of this device and of the server agree within {seconds} s."),
  CLOCK_OFF: _("The clock of this device is {seconds} s off the server's. Classes work all the same; the times of files do not."),
});

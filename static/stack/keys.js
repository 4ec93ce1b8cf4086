// Which key does what. Knows nothing of how it is done: `act` has one method an action.

const command = (event) => (event.ctrlKey || event.metaKey) && !event.altKey;
const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey;

// Keys that work wherever the focus is within the editor, or when nothing on the page has it.
export function anywhere(event, act) {
  const key = event.key.toLowerCase();
  if (command(event) && key === "z") return event.shiftKey ? act.redo() : act.undo();
  if (command(event) && key === "y") return act.redo();
  if (plain(event) && key === "/") return act.find();
  return false;
}

// Keys of the cards. Returns false where the key is none of them.
export function onCards(event, act) {
  if (command(event) && event.key.toLowerCase() === "d") return act.duplicate();
  if (event.altKey && !event.ctrlKey && !event.metaKey) return onAlt(event, act);
  return plain(event) && !event.shiftKey ? onPlain(event, act) : false;
}

function onAlt(event, act) {
  if (event.key === "ArrowUp") return act.move(-1);
  if (event.key === "ArrowDown") return act.move(1);
  return false;
}

function onPlain(event, act) {
  switch (event.key) {
    case "ArrowUp": return act.step(-1);
    case "ArrowDown": return act.step(1);
    case "Home": return act.step(-Infinity);
    case "End": return act.step(Infinity);
    case "Delete":
    case "Backspace": return act.remove();
    case "F2": return act.rename();
    case "Escape": return act.deselect();
    default: return false;
  }
}

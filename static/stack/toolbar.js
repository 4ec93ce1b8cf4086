// The bar on top: undo, redo, how large the network is, what just happened, which keys there are.
// Knows nothing of the cards but their number and costs.

const here = new URL(import.meta.url).search;
const { h, iconButton } = await import("./icons.js" + here);
const { setText } = await import("../shared/dom.js" + here);
const { compact, plural } = await import("../shared/numbers.js" + here);
const { KEYS } = await import("./keys.js" + here);

export class Toolbar {
  constructor({ undo, redo }) {
    this.undo = iconButton("undo", "Undo (Ctrl+Z)", undo);
    this.redo = iconButton("redo", "Redo (Ctrl+Shift+Z)", redo);
    this.count = h("span", { class: "count" });
    this.said = h("span", { class: "said", role: "status", "aria-live": "polite" });
    const label = h("summary", { text: "Keys", "aria-label": "Keyboard shortcuts" });
    this.help = h("details", { class: "keys" }, label, keyTable());
    this.element = h("div", { class: "bar", role: "toolbar", "aria-label": "Network" },
      this.undo, this.redo, this.count, this.said, this.help);
    this.help.onfocusout = (event) => { this.help.open &&= this.help.contains(event.relatedTarget); };
    this.help.onkeydown = (event) => { this.help.open &&= event.key !== "Escape"; };
  }

  draw({ cards, canUndo, canRedo }) {
    this.undo.disabled = !canUndo;
    this.redo.disabled = !canRedo;
    const parameters = cards.reduce((sum, card) => sum + (card.parameters ?? 0), 0);
    const size = parameters ? ` · ${compact(parameters)} parameters` : "";
    setText(this.count, cards.length ? plural(cards.length, "layer") + size : "No layers yet");
  }

  // A no-break space at the end makes a screen reader read the same words again when they come twice.
  say(text) {
    this.said.textContent = text === this.said.textContent ? `${text}\u00a0` : text;
  }
}

function keyTable() {
  const rows = KEYS.flatMap(([keys, what]) => [h("kbd", { text: keys }), h("span", { text: what })]);
  return h("div", { class: "key-table" }, ...rows);
}

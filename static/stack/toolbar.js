// The bar on top: undo, redo, how large the network is, what just happened, which keys there are.
// Knows nothing of the cards but their number and costs.

const here = new URL(import.meta.url).search;
const { h, iconButton } = await import("./icons.js" + here);
const { setText } = await import("../shared/dom.js" + here);
const { compact } = await import("../shared/numbers.js" + here);
const { texts } = await import("./texts.js" + here);
const { fill } = await import("../shared/translation.js" + here);

export class Toolbar {
  constructor({ undo, redo }) {
    this.undo = iconButton("undo", texts.UNDO, undo);
    this.redo = iconButton("redo", texts.REDO, redo);
    this.count = h("span", { class: "count" });
    this.status = h("span", { class: "status", role: "status", "aria-live": "polite" });
    const label = h("summary", { text: texts.SHORTCUTS, "aria-label": texts.SHORTCUTS_LONG });
    this.help = h("details", { class: "keys" }, label, keyTable());
    this.element = h("div", { class: "bar", role: "toolbar", "aria-label": texts.NETWORK },
      this.undo, this.redo, this.count, this.status, this.help);
    this.help.onfocusout = (event) => { this.help.open &&= this.help.contains(event.relatedTarget); };
    this.help.onkeydown = (event) => { this.help.open &&= event.key !== "Escape"; };
  }

  draw({ cards, canUndo, canRedo }) {
    this.undo.disabled = !canUndo;
    this.redo.disabled = !canRedo;
    const parameters = cards.reduce((sum, card) => sum + (card.parameters ?? 0), 0);
    const layers = cards.length ? texts.LAYERS(cards.length) : texts.NO_LAYERS;
    setText(this.count, parameters ? fill(texts.SIZE, { layers, parameters: compact(parameters) }) : layers);
  }

  // A no-break space at the end makes a screen reader read the same words again when they come twice.
  say(text) {
    this.status.textContent = text === this.status.textContent ? `${text}\u00a0` : text;
  }
}

function keyTable() {
  const actions = Object.entries(texts.ACTIONS);
  const rows = actions.flatMap(([action, what]) => [h("kbd", { text: texts.KEYS[action] }), h("span", { text: what })]);
  return h("div", { class: "key-table" }, ...rows);
}

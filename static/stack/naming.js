// A field in the place of a card's name: Enter or leaving it commits, Escape cancels. Knows nothing of other
// names: commit(name) answers null where the name is taken in, else why not.

const here = new URL(import.meta.url).search;
const { h } = await import("./icons.js" + here);
const { texts } = await import("./texts.js" + here);
const { fill } = await import("../shared/translation.js" + here);
const NAME_LENGTH = 40; // the same in pages/ui/build/stack.py

export class Naming {
  // done() is called when a key has ended it, not when the user has gone elsewhere.
  static start(slot, commit, done) {
    slot.naming ??= new Naming(slot, commit, done);
    slot.naming.field.focus();
  }

  constructor(slot, commit, done) {
    this.slot = slot;
    this.commit = commit;
    this.done = done;
    const old = slot.card.name;
    this.field = h("input", { class: "rename", maxlength: NAME_LENGTH, "aria-label": fill(texts.NEW_NAME, { name: old }),
      autocomplete: "off", spellcheck: "false" });
    this.field.value = old;
    this.why = h("span", { class: "why", role: "alert" });
    this.field.onkeydown = (event) => this.key(event);
    this.field.onblur = () => this.left();
    slot.classList.add("renaming");
    slot.parts.card.role = "group"; // a button must not hold a field
    slot.parts.title.before(this.field, this.why);
    this.field.select();
  }

  close() {
    this.slot.naming = null;
    this.slot.classList.remove("renaming");
    this.slot.parts.card.role = "button";
    this.field.remove();
    this.why.remove();
  }

  // Why the name cannot be had, or null once it is taken in. No name and the old name change nothing.
  accept() {
    const name = this.field.value.trim();
    return name && name !== this.slot.card.name ? this.commit(name) : null;
  }

  key(event) {
    if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    const objection = event.key === "Enter" ? this.accept() : null;
    if (objection) return this.object(objection);
    this.close();
    this.done();
  }

  object(text) {
    this.why.textContent = text;
    this.field.setAttribute("aria-invalid", "true");
  }

  left() {
    if (this.slot.naming !== this) return; // closed by a key
    this.accept();
    this.close();
  }
}

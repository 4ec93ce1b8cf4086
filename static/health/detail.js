// What an opened row shows: weights and gradients over time; what a normalization does; who sleeps.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { bytes, percent } = await import("../shared/numbers.js" + version);
const { Normalized } = await import("./normalized.js" + version);
const { Stripes } = await import("./stripes.js" + version);

export class Detail {
  constructor() {
    this.weights = new Stripes("Weights", "how the layer's weights are spread (biases left out)");
    this.gradients = new Stripes("Gradients", "how the pulls at them are spread");
    this.normalized = new Normalized();
    this.asleep = new Asleep();
    this.none = element("p", "note");
    this.parts = { weights: this.weights, gradients: this.gradients, normalized: this.normalized,
      asleep: this.asleep };
    this.root = element("div", "detail", ...Object.values(this.parts).map(({ root }) => root), this.none);
  }

  destroy() {
    this.weights.destroy();
    this.gradients.destroy();
  }

  /** `spec` is null until the server has sent what belongs to the row. */
  update(spec, waiting) {
    for (const [name, part] of Object.entries(this.parts)) {
      part.root.hidden = !spec?.[name];
      if (spec?.[name]) part.update(spec[name], spec.step);
    }
    const empty = !Object.keys(this.parts).some((name) => spec?.[name]);
    this.none.hidden = !empty;
    setText(this.none, spec || !waiting ? "This layer has no weights: there is nothing more to see." : "A moment ...");
  }
}

/** A square for each unit; those that sleep in this batch are dark. */
class Asleep {
  constructor() {
    this.title = element("h5", "", "Dropout mask");
    this.note = element("p", "note");
    this.grid = element("div", "units");
    this.grid.setAttribute("role", "img");
    this.root = element("section", "asleep", this.title, this.grid, this.note);
  }

  update({ units, share }, step) {
    const asleep = bytes(units);
    while (this.grid.children.length > asleep.length) this.grid.lastElementChild.remove();
    while (this.grid.children.length < asleep.length) this.grid.append(element("i"));
    asleep.forEach((sleeps, at) => this.grid.children[at].classList.toggle("sleeps", Boolean(sleeps)));
    const count = asleep.reduce((sum, sleeps) => sum + sleeps, 0);
    this.grid.setAttribute("aria-label", `${count} of ${asleep.length} units dropped`);
    setText(this.note, `At step ${step.toLocaleString("en")}, for the first sample of the batch, ${count} of `
      + `${asleep.length} were dropped; ${percent(share)} over the whole batch. Each batch has a new mask; `
      + "in evaluation no unit is dropped.");
  }
}

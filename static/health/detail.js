// What an opened row shows: figures of its weights and gradients, of what a normalization does; and a dropout mask.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { bytes, percent } = await import("../shared/numbers.js" + version);
const { Plot } = await import("../plot/figure.js" + version);

export class Detail {
  constructor() {
    this.parts = { spreads: new Figure(), normalized: new Figure(), asleep: new Asleep() };
    this.none = element("p", "note");
    this.root = element("div", "detail", ...Object.values(this.parts).map(({ root }) => root), this.none);
  }

  destroy() {
    this.parts.spreads.destroy();
    this.parts.normalized.destroy();
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

/** A Plotly figure, made when there is one to show. */
class Figure {
  plot;

  constructor() {
    this.root = element("div", "figure");
  }

  update(data) {
    this.plot ??= new Plot(this.root);
    this.plot.update(data);
  }

  destroy() {
    this.plot?.close();
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

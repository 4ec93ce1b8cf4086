// What an opened row shows: figures of its weights and gradients, of what a normalization does; and a dropout mask.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { bytes, percent } = await import("../shared/numbers.js" + version);
const { fill, locale } = await import("../shared/translation.js" + version);
const { Plot } = await import("../plot/figure.js" + version);
const { texts } = await import("./texts.js" + version);

export class Detail {
  constructor() {
    this.parts = { spreads: new Figure(), normalized: new Figure(), dropped: new DropoutMask() };
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
    setText(this.none, spec || !waiting ? texts.NO_WEIGHTS : texts.WAITING);
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

/** A square for each unit; those dropped from this batch are dark. */
class DropoutMask {
  constructor() {
    this.title = element("h5", "", texts.DROPOUT_MASK);
    this.note = element("p", "note");
    this.grid = element("div", "units");
    this.grid.setAttribute("role", "img");
    this.root = element("section", "dropped", this.title, this.grid, this.note);
  }

  update({ units, fraction }, step) {
    const dropped = bytes(units);
    while (this.grid.children.length > dropped.length) this.grid.lastElementChild.remove();
    while (this.grid.children.length < dropped.length) this.grid.append(element("i"));
    dropped.forEach((off, at) => this.grid.children[at].classList.toggle("off", Boolean(off)));
    const count = dropped.reduce((sum, off) => sum + off, 0);
    this.grid.setAttribute("aria-label", fill(texts.UNITS_DROPPED, { dropped: count, units: dropped.length }));
    setText(this.note, fill(texts.MASK, {
      step: step.toLocaleString(locale()), dropped: count, units: dropped.length, fraction: percent(fraction),
    }));
  }
}

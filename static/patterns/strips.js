// Strips from noise to picture: one row for each picture that was asked for.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { paint } = await import("../shared/ink.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

export default class Strips {
  constructor() {
    this.list = element("ol", "strips");
    this.note = element("p", "note");
    this.root = element("div", "patterns", this.list, this.note);
  }

  update({ rows, size, note }) {
    setText(this.note, note);
    fit(this.list, rows.length, () => element("li", "strip", element("span", "name"), element("span", "frames"))).forEach((item, at) => {
      const [name, frames] = item.children, row = rows[at];
      setText(name, row.name);
      frames.setAttribute("role", "img");
      frames.setAttribute("aria-label", fill(texts.STRIP, { name: row.name }));
      fit(frames, row.levels.length, () => element("canvas", "sharp")).forEach((canvas, step) => paint(canvas, row.levels[step], size));
    });
  }
}

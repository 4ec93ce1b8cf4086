// One learner: a sign, a name, the newest run's curve, and why help is needed.
const version = new URL(import.meta.url).search;
const { element, fit, setAttributes, setText, shape } = await import("../shared/dom.js" + version);
const { draw, Sign } = await import("./signs.js" + version);
const { texts } = await import("./texts.js" + version);

/** `choose(id)` makes a button of the tile; without it the tile is only looked at. */
export class Tile {
  constructor(choose = null) {
    this.sign = new Sign();
    this.name = element("span", "name");
    this.state = element("span", "state");
    this.line = shape("polyline", {});
    this.curve = shape("svg", { class: "curve", viewBox: "0 0 100 24", preserveAspectRatio: "none", "aria-hidden": "true" });
    this.curve.append(this.line);
    this.figures = element("span", "figures");
    this.why = element("span", "why");
    this.steps = element("span", "steps");
    this.root = element(choose ? "button" : "div", "tile", element("span", "head", this.sign.root, this.name, this.state),
      this.steps, this.curve, element("span", "foot", this.figures, this.why));
    if (choose) this.root.addEventListener("click", () => choose(this.id));
  }

  update(tile, chosen = false) {
    this.id = tile.id;
    this.sign.update(tile.sign);
    setText(this.name, tile.name);
    this.name.style.setProperty("--own", tile.color);
    setText(this.state, tile.waiting ? texts.WAITING : tile.there ? "" : texts.AWAY);
    setAttributes(this.line, { points: tile.curve });
    setText(this.figures, tile.figures);
    fit(this.steps, tile.steps.length, () => new Sign().root);
    tile.steps.forEach((name, at) => draw(this.steps.children[at], name));
    setText(this.why, tile.why);
    this.root.classList.toggle("away", !tile.there);
    this.root.dataset.sign = tile.sign;
    const words = [tile.name, texts.SIGNS[tile.sign], tile.why, tile.figures].filter(Boolean).join(", ");
    setAttributes(this.root, { "aria-label": words, "aria-pressed": this.root.tagName === "BUTTON" ? chosen : null,
      role: this.root.tagName === "BUTTON" ? null : "img" });
  }
}

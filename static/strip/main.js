// The run in focus, in one line: its state, how far it is, a small curve.
const version = new URL(import.meta.url).search;
const { element, setAttributes, setText, shape } = await import("../shared/dom.js" + version);
const { component } = await import("../shared/mount.js" + version);

class Line {
  constructor() {
    this.badge = element("span", "badge");
    this.figures = element("span", "figures");
    this.curve = shape("polyline", {});
    this.picture = shape("svg", { viewBox: "0 0 100 24", preserveAspectRatio: "none", role: "img" });
    this.picture.append(this.curve);
    this.root = element("div", "strip", this.badge, this.picture, this.figures);
  }

  update({ word, color, figures, curve, title }) {
    setText(this.badge, word);
    this.badge.dataset.color = color;
    setText(this.figures, figures);
    setAttributes(this.figures, { title: figures, hidden: figures ? null : "" });
    setAttributes(this.curve, { points: curve });
    setAttributes(this.picture, { "aria-label": title });
    this.picture.style.visibility = curve ? "" : "hidden";
  }
}

export default component(() => new Line());

// Every head as a small map with how sharp it is; the one that is clicked large, in three stages, with words.
const version = new URL(import.meta.url).search;
const { element } = await import("../shared/dom.js" + version);
const { Head } = await import("./head.js" + version);
const { Heads } = await import("./heads.js" + version);
const { texts } = await import("./texts.js" + version);

export default class Attention {
  constructor() {
    this.heads = new Heads((module, head) => this.choose(module, head));
    this.large = new Head();
    this.root = element("div", "look", element("div", "attention", this.heads.root, this.large.root));
    this.large.words.append(element("p", "caution", texts.CAUTION));
    this.chosen = null;
  }

  update(data, setStateValue) {
    this.data = data;
    this.setStateValue = setStateValue;
    const { module, head } = data.large;
    if (!this.chosen || !this.has(this.chosen)) this.chosen = { module, head };
    this.draw();
  }

  has({ module, head }) {
    return this.data.modules.some(({ name, shape }) => name === module && head < shape[0]);
  }

  /** At once from the small map's bytes; Python then sends the numbers of all three stages. */
  choose(module, head) {
    this.chosen = { module, head };
    this.draw();
    this.setStateValue("chosen", [module, head]);
  }

  draw() {
    const { modules, large } = this.data, { module, head } = this.chosen;
    this.heads.update(modules, this.chosen);
    const exact = large.module === module && large.head === head ? large : null;
    this.large.update(modules.find(({ name }) => name === module), head, exact);
  }

  destroy() {
    this.large.destroy();
  }
}

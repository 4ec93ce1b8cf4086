// Every head as a small map with how sharp it is; the one that is clicked large, in three stages, with words.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { Head } = await import("./head.js" + version);
const { Heads } = await import("./heads.js" + version);
const { texts } = await import("./texts.js" + version);

export default class Attention {
  constructor() {
    this.heads = new Heads((module, head) => this.choose(module, head));
    this.mute = Object.assign(element("button", "mute"), { type: "button", onclick: () => this.toggle() });
    this.silent = element("p", "silent");
    this.large = new Head();
    this.root = element("div", "look", element("div", "attention", this.heads.root, this.large.root));
    this.large.words.append(this.mute, this.silent, element("p", "caution", texts.CAUTION));
    this.chosen = null;
    this.muted = null; // until Python's list has come: then what was clicked here counts
  }

  update(data, setStateValue) {
    this.data = data;
    this.setStateValue = setStateValue;
    this.muted ??= data.muted;
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

  /** The head that is large says nothing from now on, or speaks again; the run answers anew. */
  toggle() {
    const { module, head } = this.chosen;
    const others = this.muted.filter(([name, number]) => name !== module || number !== head);
    this.muted = others.length < this.muted.length ? others : [...this.muted, [module, head]];
    this.draw();
    this.setStateValue("muted", this.muted);
  }

  draw() {
    const { modules, large } = this.data, { module, head } = this.chosen;
    this.heads.update(modules, this.chosen, this.muted);
    const silent = this.muted.some(([name, number]) => name === module && number === head);
    setText(this.mute, silent ? texts.UNMUTE : texts.MUTE);
    this.mute.setAttribute("aria-pressed", silent);
    setText(this.silent, this.muted.length ? texts.SILENT(this.muted.length) : "");
    const exact = large.module === module && large.head === head ? large : null;
    this.large.update(modules.find(({ name }) => name === module), head, exact);
  }

  destroy() {
    this.large.destroy();
  }
}

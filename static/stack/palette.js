// The palette: every kind of layer, grouped by family, found by a word. Knows nothing of the network; a click
// or Enter says `choose(kind)`, a press that may become a drag says `press(event, layer)`.

const version = new URL(import.meta.url).search;
const { h, icon } = await import("./icons.js" + version);
const { setAttributes } = await import("../shared/dom.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

export class Palette {
  constructor({ choose, press, leave }) {
    this.choose = choose;
    this.press = press;
    this.leave = leave;
    this.source = null;
    this.items = [];
    this.compact = false;
    this.search = h("input", { type: "text", placeholder: texts.FIND, "aria-label": texts.FIND,
      maxlength: 40, autocomplete: "off", spellcheck: "false",
      oninput: () => this.filter(), onkeydown: (e) => this.searchKey(e) });
    this.groups = h("div", { class: "groups", onkeydown: (e) => this.itemKey(e) });
    this.none = h("p", { class: "none", text: texts.NONE_FOUND, hidden: "" });
    this.hint = h("p", { class: "hint", text: texts.HINT, "aria-hidden": "true" });
    const key = h("kbd", { text: "/", title: texts.PRESS_TO_SEARCH });
    const field = h("label", { class: "search" }, icon("search"), this.search, key);
    const parts = [field, this.groups, this.none, this.hint];
    this.element = h("aside", { class: "palette", "aria-label": texts.PALETTE }, ...parts);
  }

  // The palette hardly ever changes: it is built anew only when its text does.
  draw(palette) {
    const source = JSON.stringify(palette);
    if (source === this.source) return;
    this.source = source;
    this.items = [];
    this.groups.replaceChildren(...palette.flatMap((family) => this.group(family)));
    this.filter();
  }

  group(family) {
    const list = h("div", { class: "items", role: "group", "aria-label": family.title });
    const head = h("button", { type: "button", class: "head", onclick: () => this.toggle(section) },
      icon("chevron"), h("span", { class: "dot" }), h("span", { class: "title", text: family.title }));
    const section = h("section", { class: "group", "data-family": family.family }, head, list);
    section.style.setProperty("--light", family.color_light);
    section.style.setProperty("--dark", family.color_dark);
    section.open = !this.compact;
    list.append(...family.layers.map((layer) => this.item(layer, family, section)));
    return section;
  }

  item(layer, family, section) {
    const explain = () => this.tell(layer.sentence);
    const hint = () => this.tell(texts.HINT);
    const button = h("button", { type: "button", class: "item", tabindex: "-1", "data-kind": layer.kind,
      "aria-label": fill(texts.ADD, { kind: layer.kind, sentence: layer.sentence }), onclick: () => this.choose(layer.kind),
      onpointerdown: (e) => this.press(e, { kind: layer.kind, family: family.family }),
      onpointerenter: explain, onfocus: explain, onpointerleave: hint, onblur: hint },
      h("span", { class: "dot" }), h("span", { class: "kind", text: layer.kind }));
    const words = [layer.kind, family.title, layer.sentence].map((word) => word.toLowerCase());
    this.items.push({ kind: layer.kind, words, button, section });
    return button;
  }

  tell(sentence) {
    this.hint.textContent = sentence;
  }

  toggle(section) {
    const open = !section.open;
    if (this.compact) for (const other of this.groups.children) other.open = false;
    section.open = open;
    this.filter();
  }

  setCompact(compact) {
    if (compact === this.compact) return;
    this.compact = compact;
    for (const section of this.groups.children) section.open = !compact;
    this.filter();
  }

  get query() {
    return this.search.value.trim().toLowerCase();
  }

  // 0 the kind begins with the word, 1 has it, 2 its family or sentence has it, 3 none of them.
  rank(item) {
    if (item.words[0].startsWith(this.query)) return 0;
    const at = item.words.findIndex((words) => words.includes(this.query));
    return at < 0 ? 3 : Math.min(at + 1, 2);
  }

  filter() {
    const found = this.found();
    const first = this.query ? found[0] : null;
    for (const item of this.items) {
      item.button.hidden = !found.includes(item);
      item.button.classList.toggle("first", item === first);
    }
    const filled = new Set(found.map((item) => item.section));
    for (const section of this.groups.children) this.drawGroup(section, filled.has(section));
    this.none.hidden = found.length > 0;
    this.rove();
  }

  found() {
    if (!this.query) return this.items;
    const ranked = this.items.map((item) => [this.rank(item), item]).filter(([rank]) => rank < 3);
    return ranked.sort((a, b) => a[0] - b[0]).map(([, item]) => item);
  }

  drawGroup(section, any) {
    const open = section.open || this.query !== "";
    section.hidden = !any;
    section.lastChild.hidden = !open;
    setAttributes(section.firstChild, { "aria-expanded": open });
  }

  searchKey(event) {
    if (event.key === "Enter" && this.query && this.found()[0]) {
      this.choose(this.found()[0].kind);
      this.search.select();
    } else if (event.key === "Escape" && this.search.value) {
      this.search.value = "";
      this.filter();
    } else if (event.key === "Escape") this.leave();
    else if (event.key === "ArrowDown") this.reachable()[0]?.focus();
    else return;
    event.preventDefault();
  }

  // Heads and shown items, in order; one of them is in the Tab order, the arrow keys walk over the rest.
  reachable() {
    return [...this.groups.querySelectorAll("button")].filter((button) => button.offsetParent !== null);
  }

  rove(chosen = this.groups.querySelector(".head")) {
    for (const button of this.groups.querySelectorAll("button")) button.tabIndex = button === chosen ? 0 : -1;
  }

  itemKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const list = this.reachable();
    const next = list[list.indexOf(event.target) + step];
    (next ?? (step < 0 ? this.search : event.target)).focus();
    if (next) this.rove(next);
  }

  focus() {
    this.search.focus();
    this.search.select();
  }
}

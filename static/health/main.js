// How each layer of a run is, a row each; one of them opened. Python sends plain data at each look
// (dlviz/views/health.py). Rows stay and only their numbers change, so nothing flickers.
const version = new URL(import.meta.url).search;
const { element, setAttributes } = await import("../shared/dom.js" + version);
const { known } = await import("../shared/numbers.js" + version);
const { isDark } = await import("../shared/theme.js" + version);
const { Detail } = await import("./detail.js" + version);
const { Row } = await import("./row.js" + version);
const { texts } = await import("./texts.js" + version);

export default class Health {
  constructor() {
    this.rows = new Map();
    this.open = null; // the layer whose row is opened
    this.detail = new Detail();
    const heads = Object.entries(texts.COLUMNS).map(([name, word]) => {
      const head = element("span", "head", word);
      head.title = texts.COLUMNS_WHY[name];
      return head;
    });
    this.list = element("ul", "layers");
    this.root = element("div", "health", element("div", "row heads", ...heads), this.list);
  }

  destroy() {
    this.detail.destroy();
  }

  update(data, setStateValue) {
    this.data = data;
    this.setStateValue = setStateValue;
    if (data.run !== this.run) this.open = data.open;
    this.run = data.run;
    this.draw();
  }

  draw() {
    const { rows, steps } = this.data, powers = reach(rows);
    setAttributes(this.root, { "data-theme": isDark(this.root) ? "dark" : "light" });
    const names = new Set(rows.map(({ name }) => name));
    for (const [name, row] of this.rows) if (!names.has(name)) this.drop(name, row);
    rows.forEach((spec, place) => {
      const row = this.rows.get(spec.name) ?? this.add(spec.name);
      if (this.list.children[place] !== row.root) this.list.insertBefore(row.root, this.list.children[place] ?? null);
      row.update(spec, steps, powers, spec.name === this.open);
    });
    this.drawDetail();
  }

  add(name) {
    const row = new Row((chosen) => this.choose(chosen));
    this.rows.set(name, row);
    return row;
  }

  drop(name, row) {
    row.root.remove();
    this.rows.delete(name);
  }

  choose(name) {
    this.open = this.open === name ? null : name;
    this.setStateValue("open", this.open);
    this.draw();
  }

  drawDetail() {
    const row = this.rows.get(this.open);
    if (!row) {
      this.detail.root.remove();
      return;
    }
    if (this.detail.root.parentElement !== row.root) row.root.append(this.detail.root);
    const { detail } = this.data;
    this.detail.update(detail?.name === this.open ? detail : null, this.data.waiting);
  }
}

/** From which power of ten to which all gradients reach, at least three. */
function reach(rows) {
  const values = rows.flatMap(({ gradient }) => known(gradient)).filter((value) => value > 0).map(Math.log10);
  if (!values.length) return [-4, 1];
  const low = Math.floor(values.reduce((a, b) => Math.min(a, b)));
  const high = Math.ceil(values.reduce((a, b) => Math.max(a, b)));
  return [Math.min(low, high - 3), high];
}

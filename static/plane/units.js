// Small pictures of what units say over the plane, a column for each layer; one of them can be seen large.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { bytes } = await import("../shared/numbers.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { bitmap, signed } = await import("./paint.js" + version);
const { texts } = await import("./texts.js" + version);

export class Units {
  constructor(changed) {
    this.changed = changed;
    this.pinned = this.hovered = null; // [column, unit]
    this.columns = element("div", "columns");
    this.root = element("div", "units", this.columns, element("p", "about", texts.UNITS));
  }

  /** The unit that is seen large, where it is still there: its title and the largest size of its values. */
  get chosen() {
    const [column, unit] = this.hovered ?? this.pinned ?? [];
    const most = this.data?.columns[column]?.units.most[unit];
    return most === undefined ? null : { column, unit, most, title: this.title(column, unit) };
  }

  title(column, unit) {
    const { name, labels } = this.data.columns[column];
    return labels.length ? fill(texts.FEATURE, { name: labels[unit] }) : fill(texts.UNIT, { layer: name, number: unit });
  }

  draw(data, theme) {
    this.data = data;
    this.theme = theme;
    this.levels = data.columns.map(({ units }) => bytes(units.levels));
    fit(this.columns, data.columns.length, () => element("div", "column", element("h5"), element("div", "maps")))
      .forEach((root, column) => this.drawColumn(root, column));
  }

  drawColumn(root, column) {
    const { name, units } = this.data.columns[column], [title, maps] = root.children;
    setText(title, name);
    fit(maps, units.most.length, (unit) => this.button(column, unit)).forEach((button, unit) => {
      const canvas = button.firstElementChild, label = this.title(column, unit);
      if (button.title !== label) Object.assign(button, { title: label, ariaLabel: label });
      button.ariaPressed = String(this.pinned?.[0] === column && this.pinned[1] === unit);
      canvas.getContext("2d").drawImage(this.picture(column, unit), 0, 0);
    });
  }

  button(column, unit) {
    const side = this.data.thumb, canvas = Object.assign(element("canvas"), { width: side, height: side });
    const button = Object.assign(element("button", "unit", canvas), { type: "button" });
    const look = (at) => { this.hovered = at; this.changed(); };
    button.onpointerenter = (event) => event.pointerType === "mouse" && look([column, unit]);
    button.onpointerleave = () => this.hovered && look(null);
    button.onclick = () => {
      const same = this.pinned?.[0] === column && this.pinned[1] === unit;
      this.pinned = same ? null : [column, unit];
      look(null);
    };
    return button;
  }

  picture(column, unit) {
    const side = this.data.thumb, levels = this.levels[column].subarray(unit * side * side, (unit + 1) * side * side);
    return bitmap(signed(levels, this.theme.dark, this.theme.background), side);
  }

  /** The chosen one, for the large canvas. */
  large() {
    const { column, unit } = this.chosen;
    return this.picture(column, unit);
  }
}

// Every run at one and the same moment: a row each, its numbers as bars, the best of each column in bold.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { decimalPercent, plain } = await import("../shared/numbers.js" + version);
const { isDark } = await import("../shared/theme.js" + version);
const { texts } = await import("./texts.js" + version);

export class Standings {
  constructor() {
    this.root = element("section", "moment");
    this.title = element("h3", "title");
    this.table = element("table");
    this.head = element("tr");
    this.body = element("tbody");
    const head = element("thead");
    head.append(this.head);
    this.table.append(head, this.body);
    this.note = element("p", "note");
    this.root.append(this.title, this.table, this.note);
  }

  update(spec) {
    setText(this.title, spec.title);
    setText(this.note, spec.note ?? "");
    const dark = isDark(this.root);
    fit(this.head, spec.heads.length + 2, () => element("th")).forEach((cell, index) => {
      setText(cell, [texts.RUN, ...spec.heads.map(({ title }) => title), ""][index]);
    });
    const best = spec.heads.map((head, column) => bestOf(spec.rows.map((row) => row.values[column]), head));
    fit(this.body, spec.rows.length, makeRow).forEach((line, index) => {
      showRow(line, spec.rows[index], spec.heads, best, dark);
    });
  }
}

/** 0.9712 -> "97.1 %", 0.03456 -> "0.0346", nothing -> a dash. */
function cellText(value, percent) {
  if (value === null) return "–";
  return percent ? decimalPercent(value) : plain(value, 3);
}

function makeRow() {
  const line = element("tr");
  const name = element("td", "name");
  name.append(element("span", "swatch"), element("span", "label"));
  line.append(name);
  return line;
}

function showRow(line, row, heads, best, dark) {
  const [name] = line.children;
  name.firstElementChild.style.background = dark ? row.dark : row.light;
  setText(name.lastElementChild, row.label);
  name.title = row.label;
  const cells = fit(line, heads.length + 2, (at) => element("td", at > heads.length ? "state" : "number"));
  heads.forEach(({ percent }, column) => {
    const value = row.values[column];
    setText(cells[column + 1], cellText(value, percent));
    cells[column + 1].classList.toggle("best", value !== null && cellText(value, percent) === best[column]);
  });
  setText(cells.at(-1), row.state);
}

/** The best number of a column as it reads, if it reads better than another one. */
function bestOf(values, { least, percent }) {
  const known = values.filter((value) => value !== null);
  if (new Set(known.map((value) => cellText(value, percent))).size < 2) return null;
  return cellText(least ? Math.min(...known) : Math.max(...known), percent);
}

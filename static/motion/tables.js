// Plain tables of numbers, built anew at each change: they are small. Text only through textContent.
const version = new URL(import.meta.url).search;
const { element } = await import("../shared/dom.js" + version);

/** `head` and `rows` of texts; `lit(row, column)` marks cells, `foot` rows stand below a line. */
export function table(className, head, rows, { foot = [], lit = (_row, _column) => false } = {}) {
  const made = element("table", `numbers ${className}`);
  if (head.length) made.append(element("thead", "", line("th", head, () => false)));
  made.append(element("tbody", "", ...rows.map((row, at) => line("td", row, (column) => lit(at, column)))));
  if (foot.length) made.append(element("tfoot", "", ...foot.map((row) => line("td", row, () => false))));
  return made;
}

function line(tag, cells, lit) {
  return element("tr", "", ...cells.map((cell, column) => {
    const made = element(tag, lit(column) ? "lit" : "", cell);
    return made;
  }));
}

/** A bar from the middle to the right (positive) or left (negative); `fraction` from -1 to 1. */
export function bar(fraction) {
  const fill = element("i", fraction < 0 ? "minus" : "plus");
  fill.style.width = `${Math.min(1, Math.abs(fraction)) * 50}%`;
  return element("span", "bar", fill);
}

/** A bar from the left; `fraction` from 0 to 1. */
export function gauge(fraction, className = "") {
  const fill = element("i", className);
  fill.style.width = `${Math.max(0, Math.min(1, fraction)) * 100}%`;
  return element("span", "gauge", fill);
}

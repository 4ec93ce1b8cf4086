// Small helpers. Text only ever enters the page through textContent.

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Writes only what differs. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** As many children of `parent` as wanted, the old ones kept; returns them. */
export function fit(parent, count, make) {
  while (parent.children.length > count) parent.lastElementChild.remove();
  while (parent.children.length < count) parent.append(make(parent.children.length));
  return [...parent.children];
}

/** Whether the page is dark: light text says so. */
export function isDark(target) {
  const [red, green, blue] = getComputedStyle(target).color.match(/[\d.]+/g).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 128;
}

/** 0.9712 -> "97.1 %", 0.03456 -> "0.0346", nothing -> a dash. */
export function reading(value, percent) {
  if (value === null || value === undefined) return "–";
  return percent ? `${(value * 100).toFixed(1)} %` : plain(value);
}

/** A number as short as reads well: no exponent between a millionth and a million. */
export function plain(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-6) return value.toExponential(1).replace("e+", "e");
  return String(Number(value.toPrecision(3)));
}

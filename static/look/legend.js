// A colour scale with the numbers at its ends.
const version = new URL(import.meta.url).search;
const { gradient, palette } = await import("../shared/colours.js" + version);
const { element, setText } = await import("../shared/dom.js" + version);
const { short } = await import("../shared/numbers.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);

export function legend() {
  return element("p", "legend", element("span"), element("i"), element("span"));
}

export function fillLegend(root, scale, low, high, say = short) {
  const [from, bar, to] = root.children;
  setText(from, say(low));
  setText(to, say(high));
  bar.style.background = gradient(palette(scale, readTheme(root).dark));
}

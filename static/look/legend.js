// A colour scale with the numbers at its ends.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("./dom.js" + version);
const { gradient, palette, theme } = await import("./colours.js" + version);
const { short } = await import("./numbers.js" + version);

export function legend() {
  return element("p", "legend", element("span"), element("i"), element("span"));
}

export function fillLegend(root, scale, low, high, say = short) {
  const [from, bar, to] = root.children;
  setText(from, say(low));
  setText(to, say(high));
  bar.style.background = gradient(palette(scale, theme(root).dark));
}

// A figure names its colours as tokens, var(--dlviz-text); here they become those of the page's theme.

const version = new URL(import.meta.url).search;
const { faded } = await import("../shared/colours.js" + version);
const { mixed, readTheme } = await import("../shared/theme.js" + version);

const TOKEN = /var\(--dlviz-([a-z]+(?:-\d+)?)(?:-at-(\d+))?\)/g;
/** Every colour by its name: the named ones of the figures for this theme, text and ground those of the page. */
export function readPalette(host, palettes) {
  const { dark, text, background, font } = readTheme(host);
  return { ...palettes[dark ? "dark" : "light"], ...mixed(host), text, paper: background, font };
}

/** The figure with every token replaced, numbers and typed arrays left as they are. */
export function resolve(value, palette) {
  if (typeof value === "string") {
    return value.includes("var(--dlviz-") ? value.replace(TOKEN, (_, name, percent) => shade(palette[name], percent)) : value;
  }
  if (Array.isArray(value)) return plain(value) ? value : value.map((inner) => resolve(inner, palette));
  if (value && typeof value === "object" && !ArrayBuffer.isView(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner, palette)]));
  }
  return value;
}

/** Whether these are data: a stop of a colour scale begins with a number, but ends with its colour. */
const plain = (values) => typeof values[0] === "number" && typeof values.at(-1) === "number";

function shade(color, percent) {
  return percent === undefined ? color : faded(color, percent / 100);
}

// A figure names its colours as tokens, var(--dlviz-text); here they become those of the page's theme.

const TOKEN = /var\(--dlviz-([a-z]+(?:-\d+)?)(?:-at-(\d+))?\)/g;
const FADED = { muted: 0.68, mark: 0.42, axis: 0.22, grid: 0.09 };
const pen = document.createElement("canvas").getContext("2d");

/** [red, green, blue], 0 to 255, of any CSS colour without transparency. */
export function channels(color) {
  pen.fillStyle = "#000";
  pen.fillStyle = color;
  return [1, 3, 5].map((at) => parseInt(String(pen.fillStyle).slice(at, at + 2), 16));
}

export function isDark(color) {
  const [red, green, blue] = channels(color);
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

/** Every colour by its name: the named ones of the figures for this theme, text and ground those of the page. */
export function readPalette(host, palettes) {
  const style = getComputedStyle(host);
  const variable = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const text = variable("text-color"), paper = variable("background-color");
  const mixed = (amount) => mix(channels(text), channels(paper), amount);
  const faded = Object.fromEntries(Object.entries(FADED).map(([name, amount]) => [name, mixed(amount)]));
  return { ...palettes[isDark(paper) ? "dark" : "light"], ...faded, text, paper, font: variable("font") };
}

function mix(over, under, amount) {
  return `rgb(${over.map((value, at) => Math.round(value * amount + under[at] * (1 - amount))).join(", ")})`;
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
  return percent === undefined ? color : `rgba(${channels(color).join(", ")}, ${percent / 100})`;
}

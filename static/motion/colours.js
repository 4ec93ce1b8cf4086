// The scale for signed numbers (zero in the middle, as in all pictures of dlviz), and the theme for canvases.

const STOPS = {
  light: ["#1D4A96", "#7FA5DE", "#FFFFFF", "#EC9C86", "#A62A1E"],
  dark: ["#A9CBFF", "#3F6CB5", "#17191F", "#B4513F", "#FFBBA6"],
};
const SIZE = 256;
const pen = document.createElement("canvas").getContext("2d");
const made = new Map();

/** 256 colours from lowest to highest: `css`, `packed` as ImageData has them in memory, `bright` ones. */
export function palette(dark) {
  const key = dark ? "dark" : "light";
  if (!made.has(key)) made.set(key, mix(STOPS[key].map(channels)));
  return made.get(key);
}

function mix(stops) {
  const css = [], packed = new Uint32Array(SIZE), bright = [];
  for (let place = 0; place < SIZE; place += 1) {
    const at = (place / (SIZE - 1)) * (stops.length - 1), left = Math.min(Math.floor(at), stops.length - 2);
    const [r, g, b] = stops[left].map((low, channel) =>
      Math.round(low + (stops[left + 1][channel] - low) * (at - left)));
    css.push(`rgb(${r}, ${g}, ${b})`);
    packed[place] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    bright.push(luminance([r, g, b]) > 140);
  }
  return { css, packed, bright };
}

/** The place in the palette of a number between -most and most. */
export function place(value, most) {
  const share = Math.min(1, Math.max(-1, value / (most || 1)));
  return Math.round(((share + 1) / 2) * (SIZE - 1));
}

/** The theme below `host` as a canvas needs it. */
export function theme(host) {
  const style = getComputedStyle(host);
  const variable = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const text = variable("text-color");
  return {
    text, muted: faded(text, 0.66), line: faded(text, 0.2), grid: faded(text, 0.08), pad: faded(text, 0.06),
    paper: variable("background-color"),
    font: variable("font") || "sans-serif",
    dark: luminance(channels(variable("background-color"))) < 128,
  };
}

/** [red, green, blue], 0 to 255, of any CSS colour without transparency. */
function channels(color) {
  pen.fillStyle = "#000";
  pen.fillStyle = color;
  return [1, 3, 5].map((at) => parseInt(String(pen.fillStyle).slice(at, at + 2), 16));
}

function faded(color, alpha) {
  return `rgba(${channels(color).join(", ")}, ${alpha})`;
}

/** @param {number[]} channels red, green, blue, 0 to 255 */
function luminance([red, green, blue]) {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

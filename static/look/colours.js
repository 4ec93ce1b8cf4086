// The two colour scales of all pictures here, and what a canvas cannot take from CSS by itself.
// Shares run from paper to ink; signed numbers have zero in the middle, as dlviz/figures/tiles.py has them.

const STOPS = {
  share: {
    light: ["#FFFFFF", "#D5DBF6", "#97A5EA", "#4D62CF", "#1F2C7A"],
    dark: ["#171A21", "#2A325C", "#4458B4", "#8698F5", "#E3E8FF"],
  },
  signed: {
    light: ["#1D4A96", "#7FA5DE", "#FFFFFF", "#EC9C86", "#A62A1E"],
    dark: ["#A9CBFF", "#3F6CB5", "#17191F", "#B4513F", "#FFBBA6"],
  },
};
const SIZE = 256;
const pen = document.createElement("canvas").getContext("2d");
const made = new Map();

/** 256 colours from lowest to highest: `css` strings, and `packed` as ImageData has them in memory. */
export function palette(name, dark) {
  const key = `${name} ${dark}`;
  if (!made.has(key)) made.set(key, mix(STOPS[name][dark ? "dark" : "light"].map(channels)));
  return made.get(key);
}

function mix(stops) {
  const css = [], packed = new Uint32Array(SIZE), bright = [];
  for (let place = 0; place < SIZE; place += 1) {
    const at = (place / (SIZE - 1)) * (stops.length - 1), left = Math.min(Math.floor(at), stops.length - 2);
    const between = (low, channel) => Math.round(low + (stops[left + 1][channel] - low) * (at - left));
    const [r, g, b] = stops[left].map(between);
    css.push(`rgb(${r}, ${g}, ${b})`);
    packed[place] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    bright.push(luminance([r, g, b]) > 140);
  }
  return { css, packed, bright };
}

/** A CSS gradient of the whole scale, for legends. */
export function gradient({ css }) {
  const stops = Array.from({ length: 17 }, (_, at) => css[Math.round((at / 16) * (SIZE - 1))]);
  return `linear-gradient(to right, ${stops})`;
}

/** The place of `value` in a palette that runs from `low` to `high`; `bend` 0.5 shows small shares too. */
export function place(value, low, high, bend = 1) {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
  return Math.round((bend === 1 ? share : share ** bend) * (SIZE - 1));
}

/** The theme below `host` as a canvas needs it. */
export function theme(host) {
  const style = getComputedStyle(host);
  const variable = (name) => style.getPropertyValue(`--st-${name}`).trim();
  return {
    text: variable("text-color"),
    muted: faded(variable("text-color"), 0.62),
    line: faded(variable("text-color"), 0.16),
    grid: faded(variable("text-color"), 0.07),
    veil: faded(variable("background-color"), 0.62),
    accent: variable("primary-color"),
    warm: variable("orange-text-color") || variable("orange-color"),
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

// Heights run from paper (low) to ink (high); what a canvas cannot take from CSS by itself is read here.

const STOPS = {
  light: ["#FDFDFB", "#DCE3F7", "#A9B8EC", "#6678D2", "#2C3A8C"],
  dark: ["#14171E", "#232B4F", "#3A4B99", "#6578D0", "#A9B6F0"],
};
export const SIZE = 256;
const pen = document.createElement("canvas").getContext("2d");
const made = new Map();

/** 256 colours from lowest to highest, as [red, green, blue] and as ImageData has them in memory. */
export function palette(dark) {
  const key = dark ? "dark" : "light";
  if (!made.has(key)) made.set(key, mix(STOPS[key].map(channels)));
  return made.get(key);
}

function mix(stops) {
  const colors = [], packed = new Uint32Array(SIZE);
  for (let place = 0; place < SIZE; place += 1) {
    const at = (place / (SIZE - 1)) * (stops.length - 1), left = Math.min(Math.floor(at), stops.length - 2);
    const [r, g, b] = stops[left].map((low, channel) => Math.round(low + (stops[left + 1][channel] - low) * (at - left)));
    colors.push([r, g, b]);
    packed[place] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  }
  return { colors, packed };
}

/** The theme below `host` as a canvas needs it. */
export function theme(host) {
  const style = getComputedStyle(host);
  const variable = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const text = variable("text-color"), background = variable("background-color");
  const dark = luminance(channels(background)) < 128;
  return {
    text, background, dark, muted: faded(text, 0.66), line: faded(text, 0.22), grid: faded(text, 0.1), halo: faded(background, 0.85),
    contour: dark ? "rgba(235, 239, 255, 0.20)" : "rgba(20, 28, 80, 0.20)",
    accent: variable("primary-color"), path: dark ? "#FFB067" : "#D9480F", hole: faded(text, 0.16),
    font: variable("font") || "sans-serif",
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

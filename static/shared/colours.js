// Colours as numbers, and the scales of all pictures: a fraction runs from paper to ink, a height too, a signed number
// has zero in the middle, as dlviz/figures/tiles.py has them.

const STOPS = {
  fraction: {
    light: ["#FFFFFF", "#D5DBF6", "#97A5EA", "#4D62CF", "#1F2C7A"],
    dark: ["#171A21", "#2A325C", "#4458B4", "#8698F5", "#E3E8FF"],
  },
  height: {
    light: ["#FDFDFB", "#DCE3F7", "#A9B8EC", "#6678D2", "#2C3A8C"],
    dark: ["#14171E", "#232B4F", "#3A4B99", "#6578D0", "#A9B6F0"],
  },
  signed: {
    light: ["#1D4A96", "#7FA5DE", "#FFFFFF", "#EC9C86", "#A62A1E"],
    dark: ["#A9CBFF", "#3F6CB5", "#17191F", "#B4513F", "#FFBBA6"],
  },
};
export const SIZE = 256;
const MIDDLE = 128; // of 0 to 255: darker is dark
const BRIGHT = 140; // from here on dark text is read better than light
const pen = document.createElement("canvas").getContext("2d");
const made = new Map();

/** 256 colours from lowest to highest: `rgb`, `css`, `packed` as ImageData has them in memory, and which are `bright`. */
export function palette(name, dark) {
  const key = `${name} ${dark}`;
  if (!made.has(key)) made.set(key, mix(STOPS[name][dark ? "dark" : "light"].map(channels)));
  return made.get(key);
}

function mix(stops) {
  const rgb = Array.from({ length: SIZE }, (_, place) => {
    const at = (place / (SIZE - 1)) * (stops.length - 1), left = Math.min(Math.floor(at), stops.length - 2);
    return stops[left].map((low, channel) => Math.round(low + (stops[left + 1][channel] - low) * (at - left)));
  });
  const css = rgb.map((color) => `rgb(${color.join(", ")})`);
  return { rgb, css, packed: Uint32Array.from(rgb, packed), bright: rgb.map((color) => luminance(color) > BRIGHT) };
}

/** [red, green, blue] as ImageData has it in memory (little-endian, like every browser's machine). */
export function packed([red, green, blue]) {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** A CSS gradient of the whole scale, for legends. */
export function gradient({ css }) {
  const stops = Array.from({ length: 17 }, (_, at) => css[Math.round((at / 16) * (SIZE - 1))]);
  return `linear-gradient(to right, ${stops})`;
}

/** The place of `value` in a palette that runs from `low` to `high`; `bend` 0.5 shows small fractions too. */
export function place(value, low, high, bend = 1) {
  const fraction = Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
  return Math.round((bend === 1 ? fraction : fraction ** bend) * (SIZE - 1));
}

/** The place of a signed value in a palette that runs from -most to most. */
export function signedPlace(value, most) {
  return place(value, -(most || 1), most || 1);
}

/** [red, green, blue], 0 to 255, of any CSS colour without transparency. */
export function channels(color) {
  pen.fillStyle = "#000";
  pen.fillStyle = color;
  return [1, 3, 5].map((at) => parseInt(String(pen.fillStyle).slice(at, at + 2), 16));
}

export function faded(color, alpha) {
  return `rgba(${channels(color).join(", ")}, ${alpha})`;
}

export function isDarkColour(color) {
  return luminance(channels(color)) < MIDDLE;
}

/** @param {number[]} channels red, green, blue, 0 to 255 */
function luminance([red, green, blue]) {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

// Colours and marks of the plane: classes are told apart by colour and by form, so that neither is needed alone.
const version = new URL(import.meta.url).search;
const { channels, packed, palette, signedPlace } = await import("../shared/colours.js" + version);

const COLOURS = { // of classes, on light and on dark ground; the first two are blue and orange, which everybody tells apart
  light: ["#1F6FC4", "#E07B00", "#00876C", "#B2458F", "#8A7600", "#5F6674", "#5B45D0", "#B3363F", "#2B8CC4", "#7A5230"],
  dark: ["#6FB0FF", "#FFAE4A", "#3FD0A8", "#F08FD2", "#E8D44D", "#C3CAD6", "#A79BFF", "#FF8E94", "#8BE0FF", "#D2B48C"],
};
const FORMS = ["circle", "square", "triangle", "diamond"];
const STRENGTH = 0.55; // of a sure class over the background, so that its points can be seen on it
const MIDDLE = 128;

export const colourOf = (label, dark) => COLOURS[dark ? "dark" : "light"][label % COLOURS.light.length];

/** What bytes `(classes, side, side)` of probabilities look like: the classes' colours, mixed. */
export function blended(levels, classes, side, dark, background) {
  const colours = Array.from({ length: classes }, (_, label) => channels(colourOf(label, dark)));
  const paper = channels(background), size = side * side, pixels = new Uint32Array(size);
  for (let at = 0; at < size; at += 1) {
    const mixed = [0, 0, 0];
    for (let label = 0; label < classes; label += 1) {
      const probability = levels[label * size + at] / 255;
      for (let channel = 0; channel < 3; channel += 1) mixed[channel] += probability * colours[label][channel];
    }
    pixels[at] = packed(mixed.map((value, channel) => Math.round(paper[channel] + (value - paper[channel]) * STRENGTH)));
  }
  return pixels;
}

/** What signed bytes look like: 128 is zero; 0, which is no number, is as the background. */
export function signed(levels, dark, background) {
  const colours = palette("signed", dark).packed, paper = packed(channels(background));
  return Uint32Array.from(levels, (level) => (level ? colours[signedPlace(level - MIDDLE, MIDDLE - 1)] : paper));
}

/** The colour of a number from -1 to 1. */
export function numberColour(value, dark) {
  return palette("signed", dark).css[signedPlace(Math.max(-1, Math.min(1, value)), 1)];
}

/** A square of pixels as a canvas of its own. */
export function bitmap(pixels, side) {
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const image = new ImageData(new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.byteLength), side, side);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** One point: filled where the network learns from it, else hollow. */
export function mark(pen, [x, y], size, { label, colour, filled, background, text }) {
  pen.beginPath();
  outline(pen, FORMS[label % FORMS.length], x, y, size);
  pen.fillStyle = filled ? colour : background;
  pen.strokeStyle = filled ? text : colour;
  pen.lineWidth = filled ? 1 : 2;
  pen.fill();
  pen.stroke();
}

function outline(pen, form, x, y, size) {
  const corners = { square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]], triangle: [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
                    diamond: [[0, -1.3], [1.1, 0], [0, 1.3], [-1.1, 0]] }[form];
  if (!corners) return pen.arc(x, y, size, 0, 2 * Math.PI);
  corners.forEach(([right, down], at) => (at ? pen.lineTo(x + right * size, y + down * size) : pen.moveTo(x + right * size, y + down * size)));
  return pen.closePath();
}

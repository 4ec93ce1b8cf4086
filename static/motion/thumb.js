// A small picture of many numbers: signed levels as Python packs them, or grey ink of a sample.
const version = new URL(import.meta.url).search;
const { palette } = await import("../shared/colours.js" + version);
const { element } = await import("../shared/dom.js" + version);
const { bytes } = await import("../shared/numbers.js" + version);

export function thumb(className = "thumb") {
  const canvas = element("canvas", className);
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

/** `picture`: { size: [rows, columns], levels }; 128 is zero, 0 is no number; enlarged to fit `room` px. */
export function fillThumb(canvas, { size: [rows, columns], levels }, room, dark) {
  const data = new ImageData(columns, rows), pixels = new Uint32Array(data.data.buffer);
  const { packed } = palette("signed", dark);
  bytes(levels).forEach((level, at) => { pixels[at] = level ? packed[level] : 0; });
  put(canvas, data, room);
}

/** A grey picture of `[rows, columns]` levels of ink, dark on light or light on dark as the page is. */
export function fillInk(canvas, levels, [rows, columns], room, dark) {
  const data = new ImageData(columns, rows), pixels = new Uint32Array(data.data.buffer);
  bytes(levels).forEach((ink, at) => {
    const grey = dark ? 24 + ink * 0.88 : 255 - ink * 0.9;
    pixels[at] = ((255 << 24) | (grey << 16) | (grey << 8) | grey) >>> 0;
  });
  put(canvas, data, room);
}

function put(canvas, data, [wide, tall]) {
  const { width, height } = data;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  canvas.getContext("2d").putImageData(data, 0, 0);
  const fits = Math.min(wide / width, tall / height), scale = fits >= 1 ? Math.min(8, Math.floor(fits))
    : fits;
  Object.assign(canvas.style, { width: `${Math.max(3, width * scale)}px`,
    height: `${Math.max(3, height * scale)}px` });
}

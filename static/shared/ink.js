// Grey pictures as they come from Python, on a canvas of their own size: 0 is black, 255 white.
const version = new URL(import.meta.url).search;
const { bytes } = await import("./numbers.js" + version);

/** Draws `levels`, base64 of bytes, `[height, width]` of them; the canvas is made as large as it must be. */
export function paint(canvas, levels, [height, width]) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const grey = bytes(levels), pixels = new Uint8ClampedArray(4 * grey.length);
  grey.forEach((level, at) => pixels.fill(level, 4 * at, 4 * at + 3).fill(255, 4 * at + 3, 4 * at + 4));
  canvas.getContext("2d").putImageData(new ImageData(pixels, width, height), 0, 0);
}

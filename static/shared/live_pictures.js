// Pictures that change while a run trains, by the name of what they are of: a feed puts them here, whoever shows them
// listens. Both load this file by the same address, so the page has one of it. Also which names are in sight.
const { palette } = await import("./colours.js" + new URL(import.meta.url).search);

/** @typedef {{ name: string, width: number, height: number, bytes: Uint8Array }} Frame */

/** @type {Map<string, Frame>} */
const frames = new Map();
/** @type {Map<string, Set<(frame: Frame | null) => void>>} */
const listeners = new Map();
/** @type {string[]} */
let visible = [];
/** @type {((names: string[]) => void) | null} */
let tellVisible = null;

/** Calls with what there is of this name and with all that comes, null where there is no more; returns how to end it. */
export function listen(name, show) {
  if (!listeners.has(name)) listeners.set(name, new Set());
  listeners.get(name).add(show);
  if (frames.has(name)) show(frames.get(name));
  return () => {
    listeners.get(name)?.delete(show);
    if (!listeners.get(name)?.size) listeners.delete(name);
  };
}

/** New pictures; a name that is not among them keeps what it shows. */
export function put(list) {
  for (const frame of list) {
    frames.set(frame.name, frame);
    listeners.get(frame.name)?.forEach((show) => show(frame));
  }
}

/** There are no live pictures any more. */
export function clear() {
  const names = [...frames.keys()];
  frames.clear();
  names.forEach((name) => listeners.get(name)?.forEach((show) => show(null)));
}

/** Whoever shows pictures says which are in sight; a feed asks for these only. */
export function setInSight(names) {
  const next = [...names].sort();
  if (next.join("\n") === visible.join("\n")) return;
  visible = next;
  tellVisible?.(visible);
}

/** The feed is told which names are in sight, now and at every change; null ends it. */
export function onSight(tell) {
  tellVisible = tell;
  tell?.(visible);
}

/** The frame's numbers as coloured pixels: 128 is zero, 0 is nothing. */
export function paint(canvas, { width, height, bytes }, dark) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const { packed } = palette("signed", dark);
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = bytes[at] ? packed[bytes[at]] : 0;
  canvas.getContext("2d").putImageData(image, 0, 0);
}

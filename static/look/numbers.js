// Numbers as they come from Python, and as people read them.

/** Base64 to bytes. */
export function bytes(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

/** Base64 to 32-bit floats, little-endian like every browser's machine. */
export function floats(text) {
  return new Float32Array(bytes(text).buffer);
}

export function percent(share) {
  if (!Number.isFinite(share)) return "–";
  if (share > 0 && share < 0.005) return "< 1 %";
  if (share < 1 && share > 0.995) return "> 99 %";
  return `${Math.round(share * 100)} %`;
}

/** The lowest and the highest of the numbers that are finite. */
export function range(values) {
  const known = values.filter(Number.isFinite);
  if (!known.length) return [0, 1];
  return [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
}

/** Three digits at most, with a true minus. */
export function short(value) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  return unsigned(value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)).replace("-", "−");
}

/** What rounds to zero has no sign. */
export function unsigned(text) {
  return Number(text) === 0 ? text.replace("-", "") : text;
}

// Numbers as they come from Python, and as people read them.

/** Base64 to bytes. */
export function bytes(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

/** Base64 to 32-bit floats, little-endian like every browser's machine. */
export function floats(text) {
  return new Float32Array(bytes(text).buffer);
}

/** With its sign, a true minus, and three digits. */
export function signed(value) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const text = size && size < 0.005 ? size.toExponential(0) : size.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
  return `${value < 0 ? "−" : "+"}${text}`;
}

export function percent(share, digits = 1) {
  if (!Number.isFinite(share)) return "–";
  return `${(share * 100).toFixed(digits)} %`;
}

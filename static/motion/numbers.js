// Numbers as they come from Python, and as people read them.

/** Base64 to bytes. */
export function bytes(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

/** Base64 to 32-bit floats, little-endian like every browser's machine. */
export function floats(text) {
  return new Float32Array(bytes(text).buffer);
}

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** Three digits that count, a true minus, a power of ten where it is tiny or huge. */
export function num(value, digits = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-4 || size >= 1e5) {
    const [head, power] = value.toExponential(digits - 1).split("e");
    const raised = Array.from(power.replace("+", ""), (sign) => RAISED[sign]).join("");
    return `${head.replace("-", "−")}·10${raised}`;
  }
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return value.toFixed(Math.min(decimals, 7)).replace("-", "−");
}

/** A factor, in brackets where it is negative. */
export function factor(value, digits = 3) {
  return value < 0 ? `(${num(value, digits)})` : num(value, digits);
}

/** A number with its sign, for terms of a sum. */
export function signed(value, digits = 3) {
  return value < 0 ? `− ${num(-value, digits)}` : `+ ${num(value, digits)}`;
}

export function percent(share) {
  if (share === null || !Number.isFinite(share)) return "–";
  if (share > 0 && share < 0.005) return "< 1 %";
  if (share < 1 && share > 0.995) return "> 99 %";
  return `${Math.round(share * 100)} %`;
}

/** "1st of" needs no grammar here: 5 units, 1 unit. */
export function plural(count, word) {
  return `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
}

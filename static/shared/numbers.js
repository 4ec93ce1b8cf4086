// Numbers as they come from Python, and as people read them, with the decimal sign of the language.
const { numeral } = await import("./translation.js" + new URL(import.meta.url).search);

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const NONE = "–"; // what is not there, or is no number

/** Base64 to bytes. */
export function bytes(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

/** Base64 to 32-bit floats, little-endian like every browser's machine. */
export function floats(text) {
  return new Float32Array(bytes(text).buffer);
}

export const known = (values) => values.filter((value) => value !== null && value !== undefined);
export const last = (values) => values.findLast((value) => value !== null && value !== undefined) ?? null;

/** The lowest and the highest of the numbers that are finite. */
export function range(values) {
  const finite = values.filter(Number.isFinite);
  if (!finite.length) return [0, 1];
  return [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))];
}

/** In whole percent, and never rounded to all or nothing. */
export function percent(fraction) {
  if (!Number.isFinite(fraction)) return NONE;
  if (fraction > 0 && fraction < 0.005) return "< 1 %";
  if (fraction < 1 && fraction > 0.995) return "> 99 %";
  return `${Math.round(fraction * 100)} %`;
}

/** In percent with this many decimals, for what is compared. */
export function decimalPercent(fraction, digits = 1) {
  return Number.isFinite(fraction) ? `${numeral((fraction * 100).toFixed(digits))} %` : NONE;
}

/** `digits` that count, a true minus, a power of ten where it is tiny or huge: 0.0312, 4.20·10⁻⁹. */
export function num(value, digits = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return NONE;
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-4 || size >= 1e5) return power(value, digits);
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return minus(numeral(value.toFixed(decimals)));
}

/** As short as it reads well, without needless zeros: for axes and labels. */
export function plain(value, digits = 4) {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e5) ? num(value, 1) : minus(numeral(String(Number(value.toPrecision(digits)))));
}

/** Three digits at most, and two decimals: as wide at each tick. */
export function short(value) {
  if (!Number.isFinite(value)) return NONE;
  return minus(numeral(unsigned(value.toFixed(decimalsOf(Math.abs(value))))));
}

/** With its sign, and three digits at most. */
export function signed(value) {
  if (!Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  const text = size && size < 0.005 ? power(size, 1) : numeral(size.toFixed(decimalsOf(size)));
  return `${value < 0 ? "−" : "+"}${text}`;
}

/** With its sign where it counts beside the largest of its row, `most`, and "≈ 0" where it does not. */
export function signedBeside(value, most) {
  return Math.abs(value) < 0.005 && Math.abs(value) < 0.005 * most ? (value ? "≈ 0" : "0") : signed(value);
}

/** A term of a sum: its sign, a space, the number. */
export function term(value, digits = 3) {
  return value < 0 ? `− ${num(-value, digits)}` : `+ ${num(value, digits)}`;
}

/** A factor, in brackets where it is negative. */
export function factor(value, digits = 3) {
  return value < 0 ? `(${num(value, digits)})` : num(value, digits);
}

/** 980, 1.2k, 109k, 1.2M. */
export function compact(count) {
  const units = ["", "k", "M", "G"];
  let value = count, at = 0;
  while (Math.round(value) >= 1000 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  const digits = at && value < 9.95 ? 1 : 0;
  return numeral(value.toFixed(digits).replace(/\.0$/, "")) + units[at];
}

/** -3 -> ⁻³ */
export function raised(text) {
  return Array.from(String(text).replace("−", "-").replace("+", ""), (sign) => RAISED[sign]).join("");
}

/** What rounds to zero has no sign. */
function unsigned(text) {
  return Number(text) === 0 ? text.replace("-", "") : text;
}

const minus = (text) => text.replace("-", "−");
const decimalsOf = (size) => (size >= 100 ? 0 : size >= 10 ? 1 : 2);

function power(value, digits) {
  const [head, exponent] = value.toExponential(digits - 1).split("e");
  return `${minus(numeral(head))}·10${raised(exponent)}`;
}

// Small helpers. Text only ever enters the page through textContent.

export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

export function shape(tag, attributes = {}) {
  const made = document.createElementNS(SVG, tag);
  setAttributes(made, attributes);
  return made;
}

/** Writes only what differs. */
export function setAttributes(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (target.getAttribute(name) !== String(value)) target.setAttribute(name, value);
  }
}

export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** Base64 to bytes. */
export function bytes(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

export const known = (values) => values.filter((value) => value !== null && value !== undefined);
export const last = (values) => values.findLast((value) => value !== null && value !== undefined) ?? null;

export function percent(share) {
  if (share === null) return "–";
  if (share > 0 && share < 0.005) return "< 1 %";
  return `${Math.round(share * 100)} %`;
}

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** Two digits, and a power of ten where the number is very small or very large: 0.031, 4.2·10⁻⁹. */
export function scientific(value) {
  if (value === null) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 0.001 && size < 10_000) {
    return value.toLocaleString("en", { maximumSignificantDigits: 2, useGrouping: false }).replace("-", "−");
  }
  const [digits, power] = value.toExponential(1).split("e");
  const raised = [...power.replace("+", "")].map((sign) => RAISED[sign]).join("");
  return `${digits.replace("-", "−")}·10${raised}`;
}

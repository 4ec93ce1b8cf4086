// Numbers as people type them, and what is drawn of a link. Pure; knows nothing of the page.

const MOST = 1e6; // the same in dlviz/training/weights.py

/** 1.5, 1,5, 3/2, with a true minus too; null for what is no number that a weight can have. */
export function parse(text) {
  const parts = text.replace(/[−–]/g, "-").replace(/\s/g, "").split("/");
  if (parts.length > 2) return null;
  const [above, below = 1] = parts.map(one);
  const value = above / below;
  return Number.isFinite(value) && Math.abs(value) <= MOST ? value : null;
}

function one(text) {
  const plain = /^[+-]?\d{1,3}(,\d{3})+\.\d+$/.test(text) ? text.replaceAll(",", "") : text.replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}

/** The places of the drawn links in the flat table (units, inputs) of a layer. */
export function placesOf({ places, units, inputs }) {
  return places ?? Array.from({ length: units * inputs }, (_, at) => at);
}

/** How far each drawn weight has moved since `before`, a Map of place to value; NaN where it was not drawn then. */
export function changes(places, weights, before) {
  return Float32Array.from(places, (place, at) => (before?.has(place) ? weights[at] - before.get(place) : NaN));
}

/** The largest size among the finite ones, 1 where there is none. */
export function largest(values) {
  let most = 0;
  for (const value of values) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return most || 1;
}

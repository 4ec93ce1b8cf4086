// Small helpers to make elements. Text only ever enters the page through textContent: names are the user's
// own. Knows nothing of layers or of Streamlit.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  undo: "M6.5 3.5 3 7l3.5 3.5 M3 7h6.2a3.8 3.8 0 0 1 0 7.5H6.5",
  redo: "M9.5 3.5 13 7l-3.5 3.5 M13 7H6.8a3.8 3.8 0 0 0 0 7.5h2.7",
  copy: "M6 6h7.5v7.5H6z M10.2 6V2.5H2.5v7.7H6",
  trash: "M3 4.5h10 M6.2 4.5V2.8h3.6v1.7 M4.3 4.5l.6 9h6.2l.6-9 M6.7 7v4 M9.3 7v4",
  pencil: "M3 13l.6-3L10.8 2.8l2.4 2.4L6 12.4z",
  chevron: "M6 4l4 4-4 4",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z M10.3 10.3 13.5 13.5",
  wire: "M3 2.5v5a3 3 0 0 0 3 3h7 M10.5 8l2.5 2.5-2.5 2.5",
  grip: "M6 3.5v.01 M10 3.5v.01 M6 8v.01 M10 8v.01 M6 12.5v.01 M10 12.5v.01",
};

// h("button", { class: "item", "aria-label": "Add", text: "Conv2d", onclick: f }, child, ...)
export function h(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(options)) {
    if (key === "text") element.textContent = value;
    else if (key.startsWith("on")) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

export function svg(tag, attributes = {}) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

export function icon(name) {
  const drawing = svg("svg", { viewBox: "0 0 16 16", class: `icon icon-${name}`, "aria-hidden": "true" });
  drawing.append(svg("path", { d: ICONS[name] }));
  return drawing;
}

export function iconButton(name, label, onclick) {
  const options = { type: "button", class: "icon-button", "aria-label": label, title: label, onclick };
  return h("button", options, icon(name));
}

// Writes only what differs: sixty cards are compared at every change, hardly any is touched.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

// 980 -> "980", 1234 -> "1.2k", 109386 -> "109k", 1234567 -> "1.2M"
export function short(number) {
  const units = ["", "k", "M", "G"];
  let value = number, at = 0;
  while (Math.round(value) >= 1000 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  const digits = at && value < 9.95 ? 1 : 0;
  return value.toFixed(digits).replace(/\.0$/, "") + units[at];
}

export function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

// The buttons and the icons of the cards, and how their elements are written down.

const { shape } = await import("../shared/dom.js" + new URL(import.meta.url).search);

const ICONS = {
  undo: "M6.5 3.5 3 7l3.5 3.5 M3 7h6.2a3.8 3.8 0 0 1 0 7.5H6.5",
  redo: "M9.5 3.5 13 7l-3.5 3.5 M13 7H6.8a3.8 3.8 0 0 0 0 7.5h2.7",
  copy: "M6 6h7.5v7.5H6z M10.2 6V2.5H2.5v7.7H6",
  trash: "M3 4.5h10 M6.2 4.5V2.8h3.6v1.7 M4.3 4.5l.6 9h6.2l.6-9 M6.7 7v4 M9.3 7v4",
  pencil: "M3 13l.6-3L10.8 2.8l2.4 2.4L6 12.4z",
  chevron: "M6 4l4 4-4 4",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z M10.3 10.3 13.5 13.5",
  wire: "M3 2.5v5a3 3 0 0 0 3 3h7 M10.5 8l2.5 2.5-2.5 2.5",
  lock: "M4 7.5h8v6H4z M5.5 7.5V5.3a2.5 2.5 0 0 1 5 0v2.2",
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

export function icon(name) {
  const drawing = shape("svg", { viewBox: "0 0 16 16", class: `icon icon-${name}`, "aria-hidden": "true" });
  drawing.append(shape("path", { d: ICONS[name] }));
  return drawing;
}

export function iconButton(name, label, onclick) {
  const options = { type: "button", class: "icon-button", "aria-label": label, title: label, onclick };
  return h("button", options, icon(name));
}

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

export function setAttributes(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (target.getAttribute(name) !== String(value)) target.setAttribute(name, value);
  }
}

/** Writes only what differs. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** As many children of `parent` as wanted, the old ones kept; returns them. */
export function fit(parent, count, make) {
  while (parent.children.length > count) parent.lastElementChild.remove();
  while (parent.children.length < count) parent.append(make());
  return [...parent.children];
}

/** A row of buttons of which one is pressed: `{root, value}`; `act(value)` is called when another is. */
export function choice(label, options, act, value = options[0][0]) {
  const made = { root: element("div", "choice"), value };
  made.root.setAttribute("role", "group");
  made.root.setAttribute("aria-label", label);
  made.set = (chosen) => {
    made.value = chosen;
    for (const button of made.root.children) button.setAttribute("aria-pressed", String(button.value === chosen));
  };
  for (const [key, text] of options) {
    const button = element("button", "", text);
    Object.assign(button, { type: "button", value: key });
    button.onclick = () => {
      if (made.value === key) return;
      made.set(key);
      act(key);
    };
    made.root.append(button);
  }
  made.set(value);
  return made;
}

// A row of buttons of which one is pressed.
const { element } = await import("../shared/dom.js" + new URL(import.meta.url).search);

/** `{root, value, set}`; `act(value)` is called when another one is pressed. */
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

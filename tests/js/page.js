// The little of a browser that the files under test ask for when they are loaded: a canvas that reads colours.

/** A colour as a canvas returns it: #rrggbb. Knows hexadecimal colours and rgb(). */
function normalized(color) {
  if (/^#[0-9a-f]{6}$/i.test(color)) return color.toLowerCase();
  if (/^#[0-9a-f]{3}$/i.test(color)) return `#${[...color.slice(1)].map((digit) => digit + digit).join("")}`.toLowerCase();
  const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(color);
  if (!parts) throw new Error(`this page cannot read the colour ${color}`);
  return `#${parts.slice(1).map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
}

class Pen {
  #fill = "#000000";

  get fillStyle() {
    return this.#fill;
  }

  set fillStyle(color) {
    this.#fill = normalized(color);
  }
}

globalThis.document = { createElement: () => ({ getContext: () => new Pen() }) };

/** An element whose theme has these values of Streamlit's variables, by name without --st-. */
export function themed(variables) {
  globalThis.getComputedStyle = () => ({ getPropertyValue: (name) => variables[name.slice("--st-".length)] ?? "" });
  return {};
}

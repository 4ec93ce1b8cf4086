// What a canvas cannot take from CSS by itself: the theme's colours and font, read once a change.

const pen = document.createElement("canvas").getContext("2d");

/** [red, green, blue], 0 to 255, of any CSS colour without transparency. */
function channels(color) {
  pen.fillStyle = "#000";
  pen.fillStyle = color;
  return [1, 3, 5].map((at) => parseInt(String(pen.fillStyle).slice(at, at + 2), 16));
}

export function faded(color, alpha) {
  return `rgba(${channels(color).join(", ")}, ${alpha})`;
}

/** Colours and font for the charts below `host`, as plain strings: two themes can be compared as JSON. */
export function readTheme(host) {
  const style = getComputedStyle(host);
  const variable = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const text = variable("text-color");
  const background = variable("background-color");
  const [red, green, blue] = channels(background);
  return {
    background,
    text,
    muted: faded(text, 0.68),
    grid: faded(text, 0.09),
    axis: faded(text, 0.22),
    mark: faded(text, 0.42),
    font: variable("font") || "sans-serif",
    dark: 0.299 * red + 0.587 * green + 0.114 * blue < 128,
  };
}

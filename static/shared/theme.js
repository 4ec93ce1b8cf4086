// The page's theme as a canvas or a figure needs it: what neither can take from CSS by itself.
const { channels, faded, isDarkColour } = await import("./colours.js" + new URL(import.meta.url).search);

/** How much of the text's colour is in each of the weaker ones, here, in Plotly's figures and in dlviz/figures. */
export const OPACITIES = { muted: 0.68, mark: 0.42, axis: 0.22, line: 0.16, grid: 0.09 };

const variables = (host) => {
  const style = getComputedStyle(host);
  return (name) => style.getPropertyValue(`--st-${name}`).trim();
};

/** Streamlit tells its colours, not whether they are dark. `host` is on the page. */
export function isDark(host) {
  return isDarkColour(variables(host)("background-color"));
}

/** Colours and font for what is drawn below `host`, as plain strings: two themes can be compared as JSON. */
export function readTheme(host) {
  const variable = variables(host);
  const text = variable("text-color"), background = variable("background-color"), dark = isDarkColour(background);
  const weaker = Object.fromEntries(Object.entries(OPACITIES).map(([name, opacity]) => [name, faded(text, opacity)]));
  return {
    ...weaker, text, background, dark,
    veil: faded(background, 0.62),
    accent: variable("primary-color"),
    warm: variable("orange-text-color") || variable("orange-color"),
    font: variable("font") || "sans-serif",
  };
}

/** The weaker colours mixed over the background, for what must not be transparent. */
export function mixed(host) {
  const variable = variables(host);
  const text = channels(variable("text-color")), background = channels(variable("background-color"));
  const over = (opacity) => text.map((value, at) => Math.round(value * opacity + background[at] * (1 - opacity)));
  return Object.fromEntries(Object.entries(OPACITIES).map(([name, opacity]) => [name, `rgb(${over(opacity).join(", ")})`]));
}

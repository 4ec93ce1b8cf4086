// The page's theme as canvases and Plotly's figures get it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { themed } from "./page.js";

const { channels, isDarkColour } = await import("../../static/shared/colours.js");
const { isDark, readTheme } = await import("../../static/shared/theme.js");
const { readPalette, resolve } = await import("../../static/plot/tokens.js");
const PALETTES = { light: { warm: "#aa0000" }, dark: { warm: "#ffbbaa" } };

test("a colour is read into three channels", () => {
  assert.deepEqual(channels("#0080ff"), [0, 128, 255]);
  assert.deepEqual(channels("#08f"), [0, 136, 255]);
  assert.deepEqual(channels("rgb(1, 2, 3)"), [1, 2, 3]);
});

test("a theme is dark where its background is", () => {
  assert.equal(isDarkColour("#0e1117"), true);
  assert.equal(isDarkColour("#ffffff"), false);
  assert.equal(isDark(themed({ "background-color": "#0e1117" })), true);
});

test("a canvas gets plain colours, fainter ones as see-through text", () => {
  const theme = readTheme(themed({ "text-color": "#102030", "background-color": "#ffffff" }));
  assert.deepEqual([theme.text, theme.muted, theme.dark, theme.font], ["#102030", "rgba(16, 32, 48, 0.68)", false, "sans-serif"]);
});

test("faded colours lie between text and background", () => {
  const palette = readPalette(themed({ "text-color": "#000000", "background-color": "#ffffff", font: "serif" }), PALETTES);
  assert.equal(palette.muted, "rgb(82, 82, 82)"); // 255 · (1 − 0.68), rounded
  assert.equal(palette.warm, "#aa0000");
  assert.equal(palette.font, "serif");
  const dark = readPalette(themed({ "text-color": "#ffffff", "background-color": "#000000" }), PALETTES);
  assert.equal(dark.muted, "rgb(173, 173, 173)");
  assert.equal(dark.warm, "#ffbbaa");
});

test("names become colours wherever they stand, data stays the same object", () => {
  const data = [1, 2, 3], typed = new Float32Array([1, 2]);
  const figure = { x: data, line: { color: "var(--dlviz-warm)" }, scale: [[0, "var(--dlviz-warm-at-25)"], [1, "#fff"]] };
  const resolved = resolve(figure, { warm: "#aa0000" });
  assert.equal(resolved.x, data);
  assert.equal(resolved.line.color, "#aa0000");
  assert.deepEqual(resolved.scale, [[0, "rgba(170, 0, 0, 0.25)"], [1, "#fff"]]);
  assert.equal(figure.line.color, "var(--dlviz-warm)");
  assert.equal(resolve({ y: typed }, {}).y, typed);
});

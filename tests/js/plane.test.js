// The plane's pictures: bytes become colours.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./page.js";

const { blended, colourOf, signed } = await import("../../static/plane/paint.js");
const { channels, packed, palette } = await import("../../static/shared/colours.js");

const PAPER = "#FFFFFF";

test("a sure class has its colour over the background, and two that are as likely are mixed", () => {
  const pixels = blended(Uint8Array.from([255, 0, 128, 127, 0, 255, 127, 128, 0, 0, 0, 0]), 3, 2, false, PAPER);
  const [a, b] = [0, 1].map((label) => channels(colourOf(label, false)));
  const over = (colour) => packed(colour.map((value) => Math.round(255 + (value - 255) * 0.55)));
  assert.equal(pixels[0], over(a));
  assert.equal(pixels[1], over(b));
  const half = a.map((value, channel) => (128 * value + 127 * b[channel]) / 255);
  assert.equal(pixels[2], over(half));
});

test("signed bytes: zero in the middle of the scale, and what is no number is the background", () => {
  const [low, zero, high, none] = signed(Uint8Array.from([1, 128, 255, 0]), false, "#101010");
  const scale = palette("signed", false).packed;
  assert.deepEqual([low, zero, high], [scale[0], scale[128], scale[255]]);
  assert.equal(none, packed([16, 16, 16]));
});

test("classes have different colours in both themes", () => {
  for (const dark of [false, true]) {
    assert.equal(new Set(Array.from({ length: 10 }, (_, label) => colourOf(label, dark))).size, 10);
  }
});

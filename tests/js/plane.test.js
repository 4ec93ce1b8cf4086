// The plane's pictures: bytes become colours.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./page.js";

const { blended, colourOf, signed } = await import("../../static/plane/paint.js");
const { Glide, between } = await import("../../static/plane/glide.js");
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

test("between two pictures each byte is on its way, but for those that are no number", () => {
  assert.deepEqual([...between([0, 100, 255], [100, 200, 55], 0.5, false)], [50, 150, 155]);
  assert.deepEqual([...between([0, 100, 255], [100, 0, 55], 0.5, true)], [100, 0, 155]);
});

test("the next picture takes as long as it was awaited, and is shown at once after a pause, where motion is unwelcome or for another one", () => {
  let now = 1000, calm = false, drawn = 0, work = null;
  const glide = new Glide(() => { drawn += 1; }, { now: () => now, frame: (next) => { work = next; return 1; }, drop: () => { work = null; }, calm: () => calm });
  glide.next(Uint8Array.from([0, 0]), false);
  assert.deepEqual([...glide.levels()], [0, 0]);
  now += 250;
  glide.next(Uint8Array.from([100, 200]), false);
  now += 125;
  assert.deepEqual([...glide.levels()], [50, 100]);
  work();
  assert.ok(drawn === 1 && work);
  now += 125;
  work();
  assert.deepEqual([...glide.levels()], [100, 200]);
  assert.equal(drawn, 2);
  now += 2000;
  glide.next(Uint8Array.from([0, 0]), false);
  assert.deepEqual([...glide.levels()], [0, 0]);
  now += 250;
  glide.next(Uint8Array.from([9, 9, 9]), false);
  assert.deepEqual([...glide.levels()], [9, 9, 9]);
  calm = true;
  now += 250;
  glide.next(Uint8Array.from([0, 0, 0]), false);
  assert.deepEqual([...glide.levels()], [0, 0, 0]);
});

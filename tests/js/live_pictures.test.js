// Who hears of which live picture, and which names a feed is told.
import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";

const { clear, listen, onSight, paint, put, setInSight } = await import("../../static/shared/live_pictures.js");
const frame = (name, ...bytes) => ({ name, width: bytes.length, height: 1, bytes: Uint8Array.from(bytes) });

test("a listener hears of its own name, what is there already at once, and the end", () => {
  const received = [];
  put([frame("conv1", 1), frame("relu1", 2)]);
  const end = listen("conv1", (picture) => received.push(picture && picture.bytes[0]));
  put([frame("relu1", 3)]);
  put([frame("conv1", 4)]);
  clear();
  end();
  put([frame("conv1", 5)]);
  assert.deepEqual(received, [1, 4, null]);
  clear();
});

test("a feed is told which names are in sight, at once and when they change", () => {
  const visible = [];
  setInSight(["b", "a"]);
  onSight((names) => visible.push(names));
  setInSight(["a", "b"]);
  setInSight(["a"]);
  onSight(null);
  setInSight([]);
  assert.deepEqual(visible, [["a", "b"], ["a"]]);
});

test("zero is the middle of the colours and nothing is transparent", () => {
  let drawn;
  globalThis.ImageData = class {
    constructor(width, height) {
      this.data = new Uint8ClampedArray(4 * width * height);
    }
  };
  const canvas = { width: 0, height: 0, getContext: () => ({ putImageData: (image) => { drawn = image.data; } }) };
  paint(canvas, frame("conv1", 0, 255, 1), false);
  assert.deepEqual([canvas.width, canvas.height], [3, 1]);
  assert.deepEqual([...drawn.slice(0, 4)], [0, 0, 0, 0]);
  assert.deepEqual([...drawn.slice(4, 8)], [0xa6, 0x2a, 0x1e, 255]);
  assert.ok(drawn[10] > drawn[8], "what is negative is blue");
});

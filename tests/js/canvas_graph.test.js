// The canvas' graph: circles, ports, folded blocks, clipboard. References are worked out by trying all paths.
import assert from "node:assert/strict";
import { test } from "node:test";

import { readClip, written } from "../../web/canvas/src/clipboard.ts";
import { blockId, folded, outputsOf } from "../../web/canvas/src/folding.ts";
import { closesCircle, freeSlot, portCount, reachable } from "../../web/canvas/src/graph.ts";
import { found } from "../../web/canvas/src/kinds.ts";

const wire = (source, target, slot = 0) => ({ source, target, slot, shape: null, problem: null, explicit: true });

function random(seed) {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

/** Whether there is a way, by trying all of at most as many steps as there are names. */
const way = (wires, from, to, left = 9) => from === to || (left > 0 && wires.some((one) => one.source === from && way(wires, one.target, to, left - 1)));

test("a wire closes a circle exactly where there is a way back", () => {
  const draw = random(5), names = [..."abcdefg"];
  let circles = 0;
  for (let round = 0; round < 40; round += 1) {
    const wires = names.flatMap((source, at) => names.slice(at + 1).filter(() => draw() < 0.3).map((target) => wire(source, target)));
    for (const source of names) for (const target of names) {
      assert.equal(closesCircle(wires, source, target), way(wires, target, source));
      circles += way(wires, target, source);
      assert.equal(reachable(wires, source).has(target), way(wires, source, target));
    }
  }
  assert.ok(circles > 500);
});

test("a free port is the first that no wire has; a layer shows one more where more may come", () => {
  const wires = [wire("a", "sum", 0), wire("b", "sum", 2)];
  assert.equal(freeSlot(wires, "sum", null), 1);
  assert.equal(freeSlot(wires, "sum", 1), null);
  assert.equal(portCount(wires, "sum", { least: 2, most: 8 }), 4);
  assert.equal(portCount(wires, "sum", { least: 2, most: 3 }), 3);
  assert.equal(portCount([], "one", { least: 1, most: 1 }), 1);
  assert.equal(portCount([], "many", { least: 2, most: null }), 2);
});

test("a folded block has the wires that cross its border, each once, and none of those inside", () => {
  const wires = [wire("in", "a"), wire("a", "b"), wire("b", "sum", 0), wire("a", "sum", 1), wire("in", "b", 1), wire("x", "b", 2)];
  const block = { title: "Res", layers: ["a", "b"], folded: true };
  const { wires: shown, standsFor } = folded({ blocks: [block], wires });
  assert.deepEqual(shown.map(({ source, target, slot, of }) => [source, target, slot, of.length]), [
    ["in", blockId("Res"), 0, 2], [blockId("Res"), "sum", 0, 1], [blockId("Res"), "sum", 1, 1], ["x", blockId("Res"), 1, 1]]);
  assert.equal(standsFor.get("a"), blockId("Res"));
  assert.deepEqual(outputsOf(block, wires), ["a", "b"]);
});

test("an open block leaves every wire as it is", () => {
  const wires = [wire("in", "a"), wire("a", "b")];
  const { wires: shown, standsFor } = folded({ blocks: [{ title: "Res", layers: ["a", "b"], folded: false }], wires });
  assert.deepEqual(shown.map(({ source, target }) => [source, target]), [["in", "a"], ["a", "b"]]);
  assert.equal(standsFor.size, 0);
});

test("what is copied comes back with its wires written out and its places to each other", () => {
  const specs = new Map(["a", "b"].map((name) => [name, { name, kind: "K", fields: { size: 3 }, inputs: null }]));
  const text = written(["a", "b"], specs, [wire("in", "a"), wire("in", "b", 1), wire("a", "b", 0)], new Map([["a", [100, 50]], ["b", [90, 200]]]));
  assert.deepEqual(readClip(text), { layers: [{ name: "a", kind: "K", fields: { size: 3 }, inputs: ["in"] }, { name: "b", kind: "K", fields: { size: 3 }, inputs: ["a", "in"] }],
    places: [[10, 0], [0, 150]] });
});

test("what is no copy of layers is none", () => {
  const layer = { name: "a", kind: "K" };
  for (const value of ["hello", "{", "null", "[]", "{}", JSON.stringify({ dlviz: "layers", layers: [] }), JSON.stringify({ dlviz: "layers", layers: [{ name: 1, kind: "K" }] }),
    JSON.stringify({ dlviz: "layers", layers: [layer, 7] }), JSON.stringify({ dlviz: "layers", layers: [{ ...layer, inputs: [3] }] }),
    `{"dlviz": "layers", "layers": [{"name": "a", "kind": "K", "note": "${"x".repeat(200_000)}"}]}`]) assert.equal(readClip(value), null, value.slice(0, 60));
  assert.deepEqual(readClip(JSON.stringify({ dlviz: "layers", layers: [layer], places: ["x"] })), { layers: [layer], places: [null] });
});

test("kinds are found by how they begin, then by what they hold, then by their sentence", () => {
  const palette = [{ family: "f", title: "Images", layers: [{ kind: "AvgPool", sentence: "A mean." }, { kind: "Conv", sentence: "Slides filters before a pool." }, { kind: "PoolMax", sentence: "" }] }];
  assert.deepEqual(found(palette, " pool ").map((one) => one.kind), ["PoolMax", "AvgPool", "Conv"]);
  assert.equal(found(palette, "images").length, 3);
  assert.deepEqual(found(palette, "zebra"), []);
});

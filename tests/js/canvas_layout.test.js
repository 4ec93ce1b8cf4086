// The canvas' layout and routes: nothing overlaps and no wire runs through a node, on networks of several shapes. Where npm's
// packages are not installed dagre is missing, and nothing of this can be tested.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";

const skip = existsSync("web/node_modules/@dagrejs/dagre") ? false : "dagre is not installed";
const { layOut, makeRoom, overlaps, placed, rects } = skip ? {} : await import("../../web/canvas/src/layout.ts");
const { sceneOf } = skip ? {} : await import("../../web/canvas/src/scene.ts");
const { GUTTER } = skip ? {} : await import("../../web/canvas/src/columns.ts");
const { clear, drawn, passagesAround } = await import("../../web/canvas/src/route.ts");

const layer = (name) => ({ name, kind: "K", family: "f", summary: "", out_shape: "8", parameters: 3, picture: null, problem: null, x: null, y: null, block: null,
  ports: { least: 1, most: null }, trainable: true, spec: { name, kind: "K" } });

function designOf(pairs, blocks = []) {
  const slots = new Map(), names = new Set();
  const wires = pairs.map(([source, target]) => {
    for (const name of [source, target]) if (name !== "in") names.add(name);
    slots.set(target, (slots.get(target) ?? -1) + 1);
    return { source, target, slot: slots.get(target), shape: "8", problem: null, explicit: true };
  });
  return { inputs: [{ name: "in", title: "", shape: "8", picture: null, x: null, y: null }], nodes: [...names].map(layer), wires, blocks,
    output: [...names].at(-1), targets: "10" };
}

const resnet = (count) => designOf(Array.from({ length: count }, (_, at) => {
  const from = at ? `s${at - 1}` : "in";
  return [[from, `a${at}`], [`a${at}`, `b${at}`], [`b${at}`, `c${at}`], [`c${at}`, `s${at}`], [from, `s${at}`]];
}).flat());
const inception = designOf([["in", "stem"], ...[1, 2, 3, 4].flatMap((width) => Array.from({ length: width }, (_, at) => [at ? `w${width}${at - 1}` : "stem", `w${width}${at}`])),
  ...[1, 2, 3, 4].map((width) => [`w${width}${width - 1}`, "join"]), ["join", "out"]]);
const unet = designOf([["in", "e0"], ["e0", "e1"], ["e1", "e2"], ["e2", "mid"], ["mid", "d2"], ["e2", "d2"], ["d2", "d1"], ["e1", "d1"], ["d1", "d0"], ["e0", "d0"], ["d0", "out"]]);
const DESIGNS = { "ResNet of 60 layers": resnet(15), inception, "U-Net": unet };

for (const [name, design] of Object.entries(DESIGNS)) {
  test(`${name}: no nodes overlap, no wire runs through a node, sources stand above`, { skip }, () => {
    const { items, lines } = sceneOf(design);
    const boxes = rects(items, new Map(items.map((item) => [item.id, item.at])));
    boxes.forEach((box, at) => boxes.slice(at + 1).forEach((other) => assert.ok(!overlaps(box, other), `${box.id} on ${other.id}`)));
    assert.equal(lines.length, design.wires.length + 1);
    const by = new Map(boxes.map((box) => [box.id, box]));
    for (const { source, target, from, to, passages } of lines) {
      assert.ok(by.get(source).y + by.get(source).height < by.get(target).y, `${source} above ${target}`);
      assert.ok(clear(from, to, passages, boxes.filter((box) => box.id !== source && box.id !== target)), `${source} to ${target}`);
    }
  });
}

test("a place that somebody gave stays, the others stand beside, on top of nobody", { skip }, () => {
  const nodes = [..."abc"].map((id) => ({ id, width: 100, height: 50 }));
  const links = [{ key: "1", source: "a", target: "b" }, { key: "2", source: "a", target: "c" }];
  const fresh = layOut(nodes, links);
  const found = placed(nodes, links, new Map([["a", [500, 300]], ["b", fresh.places.get("c")]]), fresh);
  assert.deepEqual(found.get("a"), [500, 300]);
  const boxes = rects(nodes, found);
  assert.ok(!overlaps(boxes[0], boxes[2]) && !overlaps(boxes[1], boxes[2]));
  assert.ok(found.get("c")[1] > 350, "who takes stands lower");
});

test("who comes later moves down by as much as is missing, and nobody where there is room", { skip }, () => {
  const nodes = [..."abc"].map((id) => ({ id, width: 100, height: 50 }));
  const places = new Map([["a", [0, 0]], ["b", [0, 100]], ["c", [0, 700]]]);
  const room = { x: 0, y: 80, width: 100, height: 60 };
  const moved = makeRoom(new Set(["b", "c"]), nodes, places, room);
  assert.deepEqual([...moved], [["b", [0, 186]], ["c", [0, 786]]]);
  assert.equal(makeRoom(new Set(["c"]), nodes, places, room).size, 0);
});

test("a wire past a node takes a lane beside it, two wires two lanes, and upwards it goes around", () => {
  const box = { x: -50, y: 100, width: 100, height: 100 };
  assert.deepEqual(passagesAround([0, 0], [0, 60], [box]), []);
  const [first] = passagesAround([0, 0], [0, 300], [box]);
  assert.ok(first.x < -50 || first.x > 50);
  const [second] = passagesAround([0, 0], [0, 300], [box], [first]);
  assert.notEqual(first.x, second.x);
  assert.ok(clear([0, 0], [0, 300], [first], [box]) && clear([0, 0], [0, 300], [second], [box]) && !clear([0, 0], [0, 300], [], [box]));
  const up = passagesAround([0, 300], [0, 50], [box]);
  assert.ok(Math.abs(up[0].x) > 50 && up[0].from > up[0].to);
  assert.match(drawn([0, 300], [0, 50], up).path, /^M0 300C/);
});

const boundsOf = (boxes) => ({ width: Math.max(...boxes.map((box) => box.x + box.width)) - Math.min(...boxes.map((box) => box.x)),
  height: Math.max(...boxes.map((box) => box.y + box.height)) - Math.min(...boxes.map((box) => box.y)) });
const boxesOf = ({ items }) => rects(items, new Map(items.map((item) => [item.id, item.at])));
const chain = (count) => designOf(Array.from({ length: count }, (_, at) => [at ? `n${at - 1}` : "in", `n${at}`]));
const WIDE = { width: 590, height: 330 };

test("a long chain stands in columns where the view is wide: nothing overlaps, wires run free, all is shown larger", { skip }, () => {
  for (const count of [7, 20, 61]) {
    const [tall, wide] = [sceneOf(chain(count)), sceneOf(chain(count), new Map(), WIDE)];
    const boxes = boxesOf(wide);
    boxes.forEach((box, at) => boxes.slice(at + 1).forEach((other) => assert.ok(!overlaps(box, other), `${box.id} on ${other.id}`)));
    for (const { source, target, from, to, passages } of wide.lines) {
      assert.ok(clear(from, to, passages, boxes.filter((box) => box.id !== source && box.id !== target)), `${source} to ${target}`);
    }
    const zoom = ({ width, height }) => Math.min(1, WIDE.width / width, WIDE.height / height);
    assert.ok(zoom(boundsOf(boxes)) > 1.8 * zoom(boundsOf(boxesOf(tall))), `${count} layers`);
  }
});

test("a column ends where one node's output alone goes on, and its wires lead up beside the next column", { skip }, () => {
  const { items, lines } = sceneOf(resnet(15), new Map(), WIDE);
  const at = new Map(items.map((item) => [item.id, item.at]));
  const up = lines.filter(({ passages: [first] }) => first && first.to < first.from);
  assert.ok(up.length >= 6 && up.length % 2 === 0, "the branch and the wire beside it");
  for (const { target, passages: [{ x }] } of up) {
    assert.ok([...at.values()].every(([left]) => x <= left - GUTTER / 2 + 1 || x >= left + 258), `${target}: beside all nodes`);
  }
  const boxes = boxesOf({ items });
  for (const { source, target, from, to, passages } of lines) {
    assert.ok(clear(from, to, passages, boxes.filter((box) => box.id !== source && box.id !== target)), `${source} to ${target}`);
  }
});

test("what cannot be cut stays whole, an open block too, and so does what somebody placed", { skip }, () => {
  const held = sceneOf(unet, new Map(), WIDE).lines.filter(({ source }) => ["e1", "e2", "mid", "d2"].includes(source));
  assert.ok(held.length === 6 && held.every(({ from, to }) => from[1] < to[1]), "its skips hold a U-Net together");
  const open = { ...chain(12), blocks: [{ title: "B", layers: Array.from({ length: 12 }, (_, at) => `n${at}`), folded: false }] };
  const across = new Set(sceneOf(open, new Map(), WIDE).items.filter((item) => /^n/.test(item.id)).map((item) => item.at[0]));
  assert.equal(across.size, 1);
  const placedBy = chain(12);
  placedBy.nodes[0] = { ...placedBy.nodes[0], x: 10, y: 150 };
  assert.deepEqual(sceneOf(placedBy, new Map(), WIDE).items.map((item) => item.at), sceneOf(placedBy).items.map((item) => item.at));
});

test("columns whose places were taken over keep their wires between them", { skip }, () => {
  const design = chain(40), { items } = sceneOf(design, new Map(), WIDE);
  const given = new Map(items.map((item) => [item.id, item.at]));
  given.set("n0", [given.get("n0")[0] + 12, given.get("n0")[1]]);
  const { lines } = sceneOf(design, given, WIDE);
  const up = lines.filter(({ from, to }) => to[1] < from[1]);
  assert.ok(up.length > 2);
  for (const { source, from, to, passages: [{ x }] } of up) assert.ok(x > from[0] + 129 && x < to[0] - 129, `${source}: ${x}`);
});

test("a tall view has one column", { skip }, () => {
  assert.deepEqual(sceneOf(chain(7), new Map(), { width: 300, height: 2000 }).items.map((item) => item.at), sceneOf(chain(7)).items.map((item) => item.at));
});

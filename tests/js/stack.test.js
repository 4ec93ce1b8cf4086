// The cards of Build: edits that Python has not answered yet, and the queue that carries them.
import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { aliases, arcs, idOf, joined, lanes, replay, start } from "../../static/stack/model.js";
import { Queue } from "../../static/stack/queue.js";

const card = (name, more = {}) => ({ name, kind: "Linear", family: "dense", summary: "", inputs: null, inputs_explicit: false, ...more });
const BASE = { cards: ["a", "b", "c"].map((name) => card(name)), selected: "b" };
const names = (state) => state.cards.map(({ name }) => name);
const edits = (...list) => list.map((edit, at) => ({ rev: at + 1, edit, like: { kind: "ReLU", family: "activation" } }));

test("edits are played in their order on Python's cards", () => {
  const state = replay(BASE, edits({ type: "move", name: "a", to: 2 }, { type: "add", at: 1 }, { type: "delete", name: "c" },
    { type: "rename", name: "a", to: "last" }));
  assert.deepEqual(names(state), ["b", "ReLU", "last"]);
  assert.deepEqual(names(start(BASE)), ["a", "b", "c"], "Python's own cards stay as they are");
});

test("the choice goes to the next card when the chosen one is deleted", () => {
  assert.equal(replay(BASE, edits({ type: "delete", name: "b" })).cursor, idOf("c"));
  assert.equal(replay(BASE, edits({ type: "delete", name: "a" })).cursor, idOf("b"));
});

test("an edit of a card that is gone, or of an unknown type, changes nothing", () => {
  assert.deepEqual(replay(BASE, edits({ type: "delete", name: "none" }, { type: "other" })), start(BASE));
});

test("a placeholder gets the name that Python gave it", () => {
  const answered = edits({ type: "add", at: 3 });
  const id = replay(BASE, answered).cards[3].id;
  const now = { cards: [...BASE.cards, card("relu1")], selected: "relu1" };
  assert.deepEqual([...aliases(BASE, answered, now)], [[id, idOf("relu1")]]);
  assert.equal(aliases(BASE, answered, BASE).size, 0, "Python refused it");
});

test("wires that overlap lie in lanes of their own", () => {
  const inputs = [{ name: "x" }];
  const cards = [card("a"), card("b", { inputs: ["x"] }), card("c", { inputs: ["a", "b"] }), card("d", { inputs: ["a"] })];
  const wires = lanes(arcs(inputs, cards));
  assert.deepEqual(wires.map(({ from, to }) => [from, to]), [[0, 2], [1, 3], [1, 4]]);
  for (const one of wires) {
    for (const other of wires) {
      const apart = one === other || one.lane !== other.lane || one.to <= other.from || other.to <= one.from;
      assert.ok(apart, JSON.stringify([one, other]));
    }
  }
  assert.equal(joined(inputs, cards, 0), true);
  assert.equal(joined(inputs, cards, 1), false);
});

test("each message carries all that is unanswered; what is answered is not sent again", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const queue = new Queue(), sent = [];
  queue.send = ({ edits: list }) => sent.push(list.map(({ rev }) => rev));
  queue.accept({ channel: "c", epoch: 1, ack: 0 });
  queue.push({ type: "add", at: 0 });
  mock.timers.tick(200);
  queue.push({ type: "delete", name: "a" });
  mock.timers.tick(200);
  assert.deepEqual(sent, [[1], [1, 2]]);
  assert.deepEqual(queue.accept({ channel: "c", epoch: 1, ack: 1 }).map(({ rev }) => rev), [1]);
  queue.push({ type: "delete", name: "b" });
  mock.timers.tick(200);
  assert.deepEqual(sent.at(-1), [2, 3]);
  queue.close();
  mock.timers.reset();
});

test("what is not answered is sent again, ever more seldom, until it is", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const queue = new Queue(), sent = [];
  queue.send = ({ edits: list }) => sent.push(list.map(({ rev }) => rev));
  queue.accept({ channel: "c", epoch: 1, ack: 0 });
  queue.push({ type: "undo" });
  for (let at = 0; at < 20; at += 1) mock.timers.tick(1_000);
  assert.ok(sent.length >= 3 && sent.length <= 5, `${sent.length} times`);
  queue.accept({ channel: "c", epoch: 1, ack: 1 });
  sent.length = 0;
  mock.timers.tick(60_000);
  assert.deepEqual(sent, []);
  mock.timers.reset();
});

test("of several choices in a row only the last is sent", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const queue = new Queue(), sent = [];
  queue.send = (message) => sent.push(message.edits);
  queue.accept({ channel: "c", epoch: 1, ack: 0 });
  for (const name of ["a", "b", "c"]) queue.push({ type: "select", name });
  mock.timers.tick(200);
  assert.deepEqual(sent.map((list) => list.map(({ edit }) => edit.name)), [["c"]]);
  assert.equal(queue.busy, false);
  mock.timers.reset();
});

test("edits of another design are dropped", () => {
  const queue = new Queue();
  queue.accept({ channel: "c", epoch: 1, ack: 0 });
  queue.push({ type: "add", at: 0 });
  assert.equal(queue.accept({ channel: "c", epoch: 2, ack: 0 }), null);
  assert.equal(queue.entries.length, 0);
  queue.close();
});

// The canvas without Streamlit: mounts static/canvas in a shadow root and stands for Python. It applies the edits to a list
// of layers in memory, answers after a while, and keeps every message in window.harness for the tests to read.
// ?scene=chain|resnet|inception|broken|empty|large, ?dark, ?delay=ms
import { apply, begin } from "./fake.js";
import { designOf, PALETTE, SCENES } from "./scenes.js";

const asked = new URLSearchParams(location.search);
document.body.classList.toggle("dark", asked.has("dark"));
const root = document.getElementById("host").attachShadow({ mode: "open" });
const host = root.appendChild(document.createElement("div"));
const program = await import("/static/canvas/main.js?v=test");
await Promise.all(["shared/base.css", "canvas/main.css"].map((file) => new Promise((done, fail) => {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `/static/${file}`, onload: done, onerror: fail });
  root.insertBefore(link, host);
})));

const state = begin(SCENES[asked.get("scene") ?? "chain"]());
const harness = { messages: [], visible: null, state, have: null, turn: 0, ack: 0, delay: Number(asked.get("delay") ?? 40), refused: [], root, applied: [] };
window.harness = harness;

function hear({ have, turn }) {
  if (turn < harness.turn) return;
  Object.assign(harness, { have, turn });
}

function take(message) {
  hear(message);
  for (const { rev, edit } of message.edits) {
    if (rev <= harness.ack) continue;
    harness.ack = rev;
    harness.applied.push(edit);
    const sentence = apply(state, edit);
    if (sentence) harness.refused.push({ rev, sentence });
  }
}

function set(name, value) {
  const plain = JSON.parse(JSON.stringify(value));
  if (name === "visible") {
    harness.visible = plain;
    setTimeout(() => hear(plain.design), harness.delay);
  }
  if (name !== "edits") return;
  harness.messages.push(plain);
  setTimeout(() => {
    take(plain);
    show();
  }, harness.delay);
}

const versions = new Map();

const KEYS = { inputs: (one) => one.name, nodes: (one) => one.name, wires: (one) => `${one.source}>${one.target}>${one.slot}`, blocks: (one) => one.title };

/** What is new since the version that the canvas has, as Python says it; an order always, as here all is small. */
function news(base, design) {
  return { ...design, ...Object.fromEntries(Object.entries(KEYS).map(([part, keyOf]) => [part, patch(base[part], design[part], keyOf)])) };
}

function patch(before, now, keyOf) {
  const old = new Map(before.map((one) => [keyOf(one), JSON.stringify(one)]));
  if (JSON.stringify(before) === JSON.stringify(now)) return null;
  return { set: now.filter((one) => old.get(keyOf(one)) !== JSON.stringify(one)), gone: [], after: [], order: now.map(keyOf) };
}

function designNow() {
  if (harness.have === state.version) return { design: null };
  const design = structuredClone(designOf(state)), base = versions.get(harness.have); // a copy: the state's own change on
  versions.set(state.version, design);
  return base ? { base: harness.have, design: news(base, design) } : { design };
}

function show() {
  const data = { role: "canvas", channel: "one", ack: harness.ack, version: state.version, ...designNow(),
    refused: harness.refused, palette: harness.have > 0 ? null : PALETTE, groups: state.groups ?? [], selected: state.selected, can_undo: state.undos.length > 0, can_redo: state.redos.length > 0, height: Number(asked.get("height") ?? 700) };
  program.default({ parentElement: host, data: JSON.parse(JSON.stringify(data)), setStateValue: set });
}

/** A tick of the feed: random pictures of these names; of an untrained design, where it is said of which. */
harness.feed = (names, gradients = {}, of = null, present = []) => {
  const [width, height] = [32, 16];
  const bytes = Uint8Array.from({ length: names.length * width * height }, () => Math.random() * 255);
  const pictures = names.map((name, at) => ({ name, width, height, offset: at * width * height, kind: "fraction" }));
  const table = { getChildAt: () => ({ data: [{ values: bytes }] }) };
  program.default({ parentElement: feedHost, data: { role: "feed", json: { pictures, gradients, step: 1, live: !of, of, present }, pictures: table }, setStateValue: set });
};
const feedHost = document.body.appendChild(document.createElement("div"));
harness.feedEnds = () => program.default({ parentElement: feedHost, data: { role: "feed", json: { pictures: [], live: false } }, setStateValue: set });
/** Another tab changes the design. */
harness.elsewhere = (name, kind) => {
  apply(state, { type: "replace", name, kind });
  show();
};
harness.show = show;
show();
harness.feedEnds();

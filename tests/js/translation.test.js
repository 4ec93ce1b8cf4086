import assert from "node:assert/strict";
import { test } from "node:test";

const { _, _n, fill, install, translatable } = await import("../../static/shared/translation.js");

const texts = translatable({ PAUSE: _("Pause"), LAYERS: _n("{count} layer", "{count} layers"),
  KEYS: { undo: _("undo") }, NAMED: _("{name} is now called {other}.") });

test("without a catalogue a text is its source", () => {
  install();
  assert.equal(texts.PAUSE, "Pause");
  assert.equal(texts.KEYS.undo, "undo");
  assert.equal(texts.LAYERS(1), "1 layer");
  assert.equal(texts.LAYERS(1200), "1,200 layers");
});

test("a catalogue counts as soon as it is there, and what it lacks stays English", () => {
  install({ "Pause": "Pausa", "{count} layer": ["{count} lager", "{count} lager"] });
  assert.equal(texts.PAUSE, "Pausa");
  assert.equal(texts.LAYERS(3), "3 lager");
  assert.equal(texts.KEYS.undo, "undo");
  install();
  assert.equal(texts.PAUSE, "Pause");
});

test("a language has as many forms as it needs", () => {
  install({ "{count} layer": ["{count} warstwa", "{count} warstwy", "{count} warstw"] },
    (count) => (count === 1 ? 0 : count % 10 > 1 && count % 10 < 5 ? 1 : 2));
  assert.deepEqual([1, 2, 5].map((count) => texts.LAYERS(count)), ["1 warstwa", "2 warstwy", "5 warstw"]);
  install();
});

test("places are filled in, in any order, and what a name holds is no place", () => {
  assert.equal(fill(texts.NAMED, { name: "{other}", other: "b" }), "{other} is now called b.");
});

// The interface's texts of the stack of cards, by file.

const { _, _n, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // card.js
  RENAME: _("Rename (F2)"),
  DUPLICATE: _("Duplicate (Ctrl+D)"),
  DELETE: _("Delete (Del)"),
  FROM: _("from {inputs}"),
  GIVES: _("gives {shape}"),
  FROZEN: _("frozen"),
  FROZEN_WHY: _("Frozen: training leaves the weights of this layer as they are."),
  WARNING_SAYS: _("warning: {sentence}"),
  PROBLEM_SAYS: _("problem: {sentence}"),
  PARAMETERS: _n("{count} parameter", "{count} parameters"),
  PARAMETERS_UNIT: _("parameters"),
  PARAMETER_UNIT: _("parameter"),
  MULTIPLY_ADDS: _n("{count} multiply-add", "{count} multiply-adds"),
  MULTIPLY_ADDS_UNIT: _("multiply-adds"),
  MULTIPLY_ADD_UNIT: _("multiply-add"),

  // column.js
  INPUTS: _("What the network takes"),
  LAYERS_IN_ORDER: _("Layers, first to last"),
  EMPTY: _("Drag a layer here, or click one"),
  EMPTY_WHY: _("Everything flows downwards: each layer passes its output to the one below."),
  INPUT: _("input"),
  INPUT_NAMED: _("input {name}"),

  // drag.js
  DRAGGING: _("Dragging {label}. Let go where it shall stand; Escape cancels."),
  STAYS: _("{label} stays where it was."),

  // editor.js
  ADDED: _("Added {kind} at place {place}."),
  MOVED: _("Moved {name} to place {place} of {count}."),
  DUPLICATED: _("Duplicated {name}."),
  DELETED: _("Deleted {name}. Ctrl+Z brings it back."),
  NAME_TAKEN: _("Another one is already called {name}."),
  RENAMED: _("{name} is now called {other}."),
  REPAIRED: _("{label}: done."),
  UNDONE: _("Undone."),
  REDONE: _("Done again."),
  NEW_WARNING: _("Warning at {name}: {sentence}"),
  NEW_PROBLEM: _("Problem at {name}: {sentence}"),

  // keys.js: keys, and what each does
  KEYS: {
    choose: "↑ ↓", move: _("Alt ↑ ↓"), rename: "F2", duplicate: _("Ctrl D"), remove: _("Delete"), undo: _("Ctrl Z"),
    redo: _("Ctrl Shift Z"), find: "/",
  },
  ACTIONS: {
    choose: _("choose a card"), move: _("move it"), rename: _("rename it"), duplicate: _("duplicate it"),
    remove: _("delete it"), undo: _("undo"), redo: _("redo"), find: _("find a layer, Enter adds it"),
  },

  // naming.js
  NEW_NAME: _("New name of {name}"),

  // palette.js
  HINT: _("Click a layer to add it, or drag it to its place."),
  FIND: _("Find a layer"),
  NONE_FOUND: _("No layer has this word."),
  PRESS_TO_SEARCH: _("Press / to search"),
  PALETTE: _("Layers to add"),
  ADD: _("Add {kind}. {sentence}"),

  // toolbar.js
  UNDO: _("Undo (Ctrl+Z)"),
  REDO: _("Redo (Ctrl+Shift+Z)"),
  SHORTCUTS: _("Keys"),
  SHORTCUTS_LONG: _("Keyboard shortcuts"),
  NETWORK: _("Network"),
  SIZE: _("{layers} · {parameters} parameters"),
  LAYERS: _n("{count} layer", "{count} layers"),
  NO_LAYERS: _("No layers yet"),
});

// The interface's texts of the canvas, by file.
import { _, _n, translatable } from "./shared.ts";

export const texts = translatable({
  // actions.ts
  ADDED: _("Added {kind}."),
  ADDED_INTO: _("Added {kind} between {source} and {target}."),
  CONNECTED: _("{target} takes {source}."),
  DISCONNECTED: _("{target} no longer takes {source}."),
  DELETED: _n("Deleted {count} layer. Ctrl+Z brings it back.", "Deleted {count} layers. Ctrl+Z brings them back."),
  DUPLICATED: _n("Duplicated {count} layer.", "Duplicated {count} layers."),
  COPIED: _n("Copied {count} layer. It is pasted in any other network too.", "Copied {count} layers. They are pasted in any other network too."),
  PASTED: _n("Pasted {count} layer.", "Pasted {count} layers."),
  ALIGNED: _("Aligned."),
  TIDIED: _("Laid out anew."),
  GROUPED: _("{title}: a block of {layers}."),
  LAYERS: _n("{count} layer", "{count} layers"),
  OPENED: _("{name} is now the layers that it was made of. Ctrl+Z puts them together again."),
  UNDONE: _("Undone."),
  REDONE: _("Done again."),
  RENAMED: _("{name} is now called {other}."),
  REPLACED: _("{name} is now a {kind}."),
  REPAIRED: _("{label}: done."),
  NAME_TAKEN: _("Another one is already called {name}."),
  BLOCK_TITLE: _("Block {number}"),
  SAVED: _("{title} is one of your groups now: the palette has it for any network."),
  REMOVED: _("{title} is no longer one of your groups."),

  // session.ts
  NEW_PROBLEM: _("Problem at {name}: {sentence}"),

  // why.ts
  CIRCLE: _("{source} comes after {target}: a wire back would close a circle, and nothing could be computed first."),
  ITSELF: _("A layer cannot take its own output."),
  INTO_INPUT: _("{target} is what flows in: it takes no wire."),
  INTO_BLOCK: _("Open the block to choose which of its layers takes this wire."),

  // nodes.tsx
  PARAMETERS: _n("{count} parameter", "{count} parameters"),
  PARAMETERS_UNIT: _("parameters"),
  PARAMETER_UNIT: _("parameter"),
  FROZEN: _("frozen"),
  INPUT: _("input"),
  WANTED: _("output, {shape} wanted"),
  NODE_SAYS: _("{name}, {kind}"),
  GIVES: _("gives {shape}"),
  PROBLEM_SAYS: _("problem: {sentence}"),
  WARNING_SAYS: _("warning: {sentence}"),
  NEW_NAME: _("New name of {name}"),
  OPEN_BLOCK: _("Open {title}"),
  OPEN_LAYER: _("Open {name} into the layers that it is made of"),
  FOLD_BLOCK: _("Fold {title}"),
  UNGROUP: _("Dissolve the block {title}"),
  SAVE_GROUP: _("Save {title} to your groups"),
  PROBLEMS: _n("{count} problem inside", "{count} problems inside"),

  // wire.tsx
  GRADIENT: _("Gradient of the sample's loss that flows back here: {size}. The thicker the wire, the larger."),

  // palette.tsx, kinds.tsx
  FIND: _("Find a layer"),
  NONE_FOUND: _("No layer has this word."),
  PALETTE: _("Layers to add"),
  YOUR_GROUPS: _("Your groups"),
  REMOVE_GROUP: _("Remove {title} from your groups"),
  HINT: _("Click a layer to add it, drag it to its place, or drop it on a wire."),
  ADD: _("Add {kind}. {sentence}"),
  WHAT_FOLLOWS: _("What follows {name}?"),
  REPLACE_BY: _("Replace {name} by"),
  PRESS_TO_SEARCH: _("Press A to search"),

  // toolbar.tsx
  NETWORK: _("Network"),
  UNDO: _("Undo (Ctrl+Z)"),
  REDO: _("Redo (Ctrl+Shift+Z)"),
  ZOOM_IN: _("Zoom in"),
  ZOOM_OUT: _("Zoom out"),
  FIT: _("Show the whole network (F)"),
  TIDY: _("Tidy: lay the network out anew (T)"),
  MINIMAP: _("Overview of the network"),
  ALIGN_COLUMN: _("Align in a column"),
  ALIGN_ROW: _("Align in a row"),
  GROUP: _("Make a block of them (G)"),
  DUPLICATE: _("Duplicate (Ctrl+D)"),
  DELETE: _("Delete (Del)"),
  CHOSEN: _n("{count} layer chosen", "{count} layers chosen"),
  SIZE: _("{layers} · {parameters} parameters"),
  NO_LAYERS: _("No layers yet"),
  SHORTCUTS: _("Keys"),
  SHORTCUTS_LONG: _("Keyboard shortcuts"),

  // keyboard.ts
  WIRING: _("Wire from {source}: arrows choose a target, Enter connects, Escape leaves."),
  TARGET: _("{target}: Enter connects."),
  TARGET_WIRED: _("{target} takes it already: Enter takes the wire away."),
  TARGET_REFUSED: _("{target}: {sentence}"),
  NO_WIRE: _("No wire was made."),
  KEYS: { walk: "↑ ↓ ← →", move: _("Alt + arrows"), wire: "C", find: "A", rename: "F2", replace: "R", remove: _("Delete"), copy: _("Ctrl C, V, D"),
    undo: _("Ctrl Z, Y"), group: "G", fit: "F", tidy: "T", box: _("Shift + drag") },
  ACTIONS: { walk: _("walk along the wires"), move: _("move the layer"), wire: _("wire it to another"), find: _("find a layer, Enter adds it"),
    rename: _("rename"), replace: _("replace by another kind"), remove: _("delete"), copy: _("copy, paste, duplicate"), undo: _("undo, redo"),
    group: _("make a block"), fit: _("show all"), tidy: _("lay out anew"), box: _("choose several") },

  // Flow.tsx
  CANVAS: _("The network as a graph"),
  EMPTY: _("Drag a layer here, or click one"),
  EMPTY_WHY: _("Everything flows downwards: a wire carries what a layer gives to the layers that take it."),

  // outline.tsx
  OUTLINE: _("The network in words"),
  LINE: _("{place}. {name}, {kind}, gives {shape}, from {sources}; to {targets}"),
  LINE_INPUT: _("{name}, input, gives {shape}; to {targets}"),
  NOBODY: _("nobody"),
  UNKNOWN: _("an unknown shape"),
});

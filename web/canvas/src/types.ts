// What Python and the canvas say to each other, as pages/ui/build/canvas.py writes and reads it. Types only.

export type Point = readonly [number, number];
export interface Rect { x: number; y: number; width: number; height: number }

export interface Problem { sentence: string; repair: { label: string } | null; warning: boolean }
export interface LayerSpec { name: string; kind: string; inputs?: readonly string[] | null; [field: string]: unknown }

export interface InputNode {
  name: string; title: string; shape: string; picture: string | null; x: number | null; y: number | null;
}

export interface LayerNode {
  name: string; kind: string; family: string; summary: string; out_shape: string | null; parameters: number | null;
  picture: boolean; problem: Problem | null; x: number | null; y: number | null; block: string | null;
  ports: { least: number; most: number | null }; opens?: boolean; trainable: boolean; spec: LayerSpec;
}

export interface Ends { source: string; target: string; slot: number }
export interface WireData extends Ends { shape: string | null; problem: Problem | string | null; explicit: boolean }
export interface Block { title: string; layers: readonly string[]; folded: boolean }

export interface Design {
  inputs: readonly InputNode[]; nodes: readonly LayerNode[]; wires: readonly WireData[]; blocks: readonly Block[];
  output: string | null; targets: string | null; verdicts?: Record<string, Record<string, string>>;
}

/** What turns a list into another: see `canvas.news` in Python. An input's picture that is "=" is as it was. */
export interface Patch<One> { set: readonly One[]; gone: readonly string[]; after: readonly (readonly [string, string])[]; order: readonly string[] | null }

/** As it is sent, whole or with what is new of each list since the version before; null for one that is as it was. */
export type SentDesign = Omit<Design, "inputs" | "nodes" | "wires" | "blocks"> & {
  inputs: readonly InputNode[] | Patch<InputNode> | null; nodes: readonly LayerNode[] | Patch<LayerNode> | null;
  wires: readonly WireData[] | Patch<WireData> | null; blocks: readonly Block[] | Patch<Block> | null;
};

export interface PaletteLayer { kind: string; sentence: string }
export interface Family {
  family: string; title: string; color_light: string; color_dark: string; layers: readonly PaletteLayer[];
}

/** Layers that the user keeps, to be put into any network. */
export interface SavedGroup { title: string; sentence: string }

export interface CanvasData {
  role: "canvas"; channel: string; ack: number; version: number; base?: number | null; design: SentDesign | null;
  refused: readonly { rev: number; sentence: string }[]; palette: readonly Family[] | null; groups?: readonly SavedGroup[]; selected: readonly string[];
  can_undo: boolean; can_redo: boolean; height: number;
}

export type Positions = Record<string, Point>;

export type Edit =
  | { type: "add"; kind: string; x?: number; y?: number; onto?: Ends; after?: string; from?: string; positions?: Positions }
  | { type: "connect"; source: string; target: string; slot?: number }
  | { type: "disconnect"; source: string; target: string; slot: number }
  | { type: "reconnect"; from: Ends; to: { source: string; target: string; slot?: number } }
  | { type: "delete"; names: string[] }
  | { type: "move" | "tidy"; positions: Positions }
  | { type: "select"; names: string[] }
  | { type: "rename"; name: string; to: string }
  | { type: "duplicate"; names: string[]; dx?: number; dy?: number }
  | { type: "replace"; name: string; kind: string }
  | { type: "paste"; layers: LayerSpec[]; x: number; y: number; places?: (Point | null)[] }
  | { type: "group"; title: string; layers: string[] }
  | { type: "ungroup" | "save_group" | "remove_group"; title: string }
  | { type: "add_group"; title: string; x?: number; y?: number; onto?: Ends; after?: string }
  | { type: "fold"; title: string; folded: boolean; positions?: Positions }
  | { type: "open" | "repair"; name: string }
  | { type: "undo" | "redo" };

export interface Entry { rev: number; edit: Edit }
export interface HeldDesign { channel: string; mount: string; have: number; delta: 3; turn: number }
export interface Message extends HeldDesign { edits: Entry[] }

export interface Frame { name: string; width: number; height: number; offset: number; kind?: string }
/** `of`: the design whose layers they show before any training, where they do not live; `present`: those of it that Python
 * takes to be here already. */
export interface FeedJson {
  pictures: readonly Frame[]; gradients?: Record<string, number>; step?: number; live?: boolean; of?: string; present?: readonly string[];
}
/** What is in sight, and how many numbers a picture may have to be drawn as sharply as it is seen. */
export interface Sight { names: string[]; room: number }
/** What is here of the pictures of an untrained design. */
export interface Held { of: string | null; held: string[] }

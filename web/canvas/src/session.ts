// One canvas on the page: Python's last word, the edits on their way, what is chosen, and the nodes and wires that React
// Flow draws of it. Python owns the design; what is here besides is only on its way, or only looks.
import { applyNodeChanges, Position, type Edge, type Node, type NodeChange } from "@xyflow/react";

import type { Room } from "./columns.ts";
import { completed } from "./delta.ts";
import { Edits } from "./edits.ts";
import { blockId } from "./folding.ts";
import { groupsOf } from "./groups.ts";
import { portShare, sceneOf, type Body, type Item, type Line, type Scene } from "./scene.ts";
import { fill } from "./shared.ts";
import { texts } from "./texts.ts";
import type { CanvasData, Design, Edit, Family, Message, Point } from "./types.ts";

export type CanvasNode = Node<{ body: Body; tabbable: boolean; family: Family | null; slots: number }>;
export type CanvasEdge = Edge<{ line: Line }>;
const GLIDE = 300; // ms; the transition in main.css is a little shorter
const SAME_ROOM = 0.15; // by how much the view may grow or shrink before all is laid out for it anew
const HANDLE = 24; // px, square: what a finger hits. The same in main.css

export class Session {
  data: CanvasData | null = null;
  design: Design | null = null;
  scene: Scene | null = null;
  nodes: CanvasNode[] = [];
  edges: CanvasEdge[] = [];
  selection: ReadonlySet<string> = new Set();
  wire: string | null = null;
  cursor: string | null = null;
  renaming: string | null = null;
  palette: readonly Family[] = [];
  groups: readonly Family[] = []; // those of the user, as one family of the palette, or none
  status = "";
  gliding = false;
  newcomer: string | null = null; // a chosen node that the design before did not have
  stamp = 0;
  room: Room | null = null;
  readonly edits: Edits;
  readonly moved = new Map<string, Point>();
  private readonly holds = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private readonly drawn = new Map<string, { text: string; node: CanvasNode }>();
  private readonly lines = new Map<string, { text: string; edge: CanvasEdge }>();
  private families = new Map<string, Family>();
  private late: { version: number; design: Design } | null = null;
  private refusedUpTo = 0;
  private glideTimer = 0;

  readonly root: ShadowRoot | Document;

  constructor(root: ShadowRoot | Document, send: (message: Message) => void, tell: () => void) {
    this.root = root;
    const mount = Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    const later = (work: () => void, pause: number) => window.setTimeout(work, pause);
    this.edits = new Edits(mount, send, tell,
      { now: () => performance.now(), date: () => Date.now(), later, cancel: (timer) => window.clearTimeout(timer) });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): number => this.stamp;

  emit(): void {
    this.stamp += 1;
    for (const listener of this.listeners) listener();
  }

  update(data: CanvasData): void {
    if (!this.edits.accept(data.channel, data.ack)) this.forget();
    this.data = data;
    if (data.palette) this.palette = data.palette;
    const groups = groupsOf(data.groups ?? []);
    if (JSON.stringify(groups) !== JSON.stringify(this.groups)) this.groups = groups;
    this.families = new Map(this.palette.map((family) => [family.family, family]));
    this.receive(data);
    this.sayRefused(data);
    this.settle();
    this.emit();
  }

  /** Keeps what came until it may be shown; asks for the whole where it cannot be put together. */
  private receive({ design: sent, version, base }: CanvasData): void {
    if (version === this.edits.have || version === this.late?.version) return;
    const known = base === undefined || base === null || base === this.edits.have;
    const design = sent && known ? completed(sent, this.design) : null;
    if (design) this.late = { version, design };
    else this.edits.adopt(-1);
  }

  private forget(): void {
    this.design = this.late = null;
    this.moved.clear();
    this.refusedUpTo = 0;
  }

  private sayRefused({ refused }: CanvasData): void {
    for (const { rev, sentence } of refused) {
      if (rev > this.refusedUpTo) this.say(sentence);
      this.refusedUpTo = Math.max(this.refusedUpTo, rev);
    }
  }

  /** While something is dragged or an edit waits, no other design takes the place of the one that is shown. */
  settle(): void {
    if (this.edits.waiting || this.holds.size) return;
    if (this.late) {
      const known = this.design;
      this.design = this.late.design;
      this.edits.adopt(this.late.version);
      this.late = null;
      if (known) this.sayNewProblem(known, this.design);
    }
    if (!this.design) return;
    this.moved.clear();
    this.rebuild(new Set(this.data?.selected ?? []));
  }

  private sayNewProblem(before: Design, now: Design): void {
    const known = new Set(before.nodes.map((node) => node.problem?.sentence));
    const fresh = now.nodes.find((node) => node.problem && !known.has(node.problem.sentence));
    if (fresh?.problem) this.say(fill(texts.NEW_PROBLEM, { name: fresh.name, sentence: fresh.problem.sentence }));
  }

  /** What the layout has to fit into. Whether nodes stand elsewhere for it. */
  setRoom({ width, height }: Room): boolean {
    const { room, scene } = this;
    const like = (a: number, b: number) => Math.abs(a - b) < SAME_ROOM * b;
    if (!width || !height || (room && like(width, room.width) && like(height, room.height))) return false;
    this.room = { width, height };
    if (this.edits.waiting || this.holds.size) return false;
    this.rebuild();
    this.emit();
    return scene?.fresh !== this.scene?.fresh;
  }

  hold(why: string, on: boolean): void {
    if (on) this.holds.add(why);
    else this.holds.delete(why);
    if (!on) this.settle();
    this.emit();
  }

  /** Draws the design anew; `chosen` are names of layers. Nodes and wires that look as before stay the same objects. */
  rebuild(chosen?: ReadonlySet<string>): void {
    if (!this.design) return;
    this.scene = sceneOf(this.design, this.moved, this.room);
    const { standsFor, items } = this.scene;
    if (chosen) this.selection = new Set([...chosen].map((name) => standsFor.get(name) ?? name));
    const walked = items.filter((item) => item.body.type !== "frame" && item.body.type !== "answer");
    if (chosen && this.selection.size === 1) this.cursor = [...this.selection][0] ?? null;
    if (!walked.some((item) => item.id === this.cursor)) this.cursor = walked[0]?.id ?? null;
    const known = new Set(this.nodes.map((node) => node.id));
    if (chosen && known.size) this.newcomer = [...this.selection].find((id) => !known.has(id)) ?? null;
    this.nodes = items.map((item) => this.nodeOf(item));
    this.edges = this.scene.lines.map((line) => this.edgeOf(line));
    if (!this.edges.some((edge) => edge.id === this.wire)) this.wire = null;
  }

  private nodeOf(item: Item): CanvasNode {
    const { body, at, width, height, id } = item;
    const slots = body.type === "layer" || body.type === "block" ? body.ports : body.type === "answer" ? 1 : 0;
    const family = body.type === "layer" ? this.families.get(body.layer.family) ?? null : null;
    const data = { body, family, slots, tabbable: id === this.cursor };
    const selected = this.selection.has(id);
    const text = JSON.stringify([data, at, width, height, selected]);
    const before = this.drawn.get(id);
    if (before?.text === text && this.nodes.includes(before.node)) return before.node;
    const node: CanvasNode = { id, type: body.type, position: { x: at[0], y: at[1] }, width, height, data, selected,
      handles: handlesOf(body, slots, width, height), deletable: false, draggable: body.type !== "answer",
      selectable: body.type !== "answer" && body.type !== "frame", zIndex: body.type === "frame" ? 0 : 1,
      ...(body.type === "frame" ? { dragHandle: ".frame-head" } : {}) };
    this.drawn.set(id, { text, node });
    return node;
  }

  private edgeOf(line: Line): CanvasEdge {
    const selected = line.key === this.wire;
    const text = JSON.stringify([line, selected]);
    const before = this.lines.get(line.key);
    if (before?.text === text) return before.edge;
    const loose = line.of.length === 1 && line.of[0]?.target === line.target;
    const edge: CanvasEdge = { id: line.key, type: "wire", source: line.source, target: line.target, sourceHandle: "out", selected,
      targetHandle: `in${line.slot}`, data: { line }, deletable: false, selectable: loose, reconnectable: loose && !this.scene?.standsFor.size };
    this.lines.set(line.key, { text, edge });
    return edge;
  }

  push(edit: Edit): void {
    this.edits.push(edit);
    this.emit();
  }

  say(text: string): void {
    this.status = text === this.status ? `${text}\u00a0` : text;
  }

  /** For a moment nodes glide to where they stand from now on. */
  glide(): void {
    this.gliding = true;
    window.clearTimeout(this.glideTimer);
    this.glideTimer = window.setTimeout(() => {
      this.gliding = false;
      this.emit();
    }, GLIDE);
  }

  /** The names of layers that shown nodes stand for. */
  names(ids: Iterable<string>): string[] {
    const blocks = new Map((this.design?.blocks ?? []).map((block) => [blockId(block.title), block.layers]));
    return [...ids].flatMap((id) => blocks.get(id) ?? [id]);
  }

  select(ids: Iterable<string>, cursor?: string | null): void {
    const next = new Set(ids);
    const same = next.size === this.selection.size && [...next].every((id) => this.selection.has(id));
    this.selection = next;
    if (cursor !== undefined) this.cursor = cursor;
    else if (next.size === 1) this.cursor = [...next][0] ?? null;
    if (next.size) this.wire = null;
    if (!same) this.edits.push({ type: "select", names: this.names(next) });
    this.mark();
  }

  selectWire(key: string | null): void {
    this.wire = key;
    this.mark();
  }

  /** Only what is chosen has changed: places stay, also those of nodes that are being dragged. */
  mark(): void {
    this.nodes = this.nodes.map((node) => {
      const [selected, tabbable] = [this.selection.has(node.id), node.id === this.cursor];
      return node.selected === selected && node.data.tabbable === tabbable ? node : { ...node, selected, data: { ...node.data, tabbable } };
    });
    this.edges = this.edges.map((edge) => (edge.selected === (edge.id === this.wire) ? edge : { ...edge, selected: edge.id === this.wire }));
    this.lines.clear();
    this.drawn.clear();
    this.emit();
  }

  /** React Flow's word on its nodes: places while they are dragged, and what was chosen by mouse. */
  readonly changed = (changes: NodeChange<CanvasNode>[]): void => {
    const chosen = changes.filter((change) => change.type === "select");
    const others = changes.filter((change) => change.type !== "select" && change.type !== "remove");
    if (others.length) {
      this.nodes = applyNodeChanges([...others, ...this.carried(others)], this.nodes);
      this.emit();
    }
    if (!chosen.length) return;
    const next = new Set(this.selection);
    for (const { id, selected } of chosen) {
      if (selected) next.add(id);
      else next.delete(id);
    }
    this.select(next);
  };

  /** An open block's frame takes its nodes along. */
  private carried(changes: NodeChange<CanvasNode>[]): NodeChange<CanvasNode>[] {
    return changes.flatMap((change) => {
      if (change.type !== "position" || !change.position) return [];
      const frame = this.nodes.find((node) => node.id === change.id);
      if (frame?.data.body.type !== "frame") return [];
      const [dx, dy] = [change.position.x - frame.position.x, change.position.y - frame.position.y];
      const inside = new Set(frame.data.body.block.layers);
      return this.nodes.filter((node) => inside.has(node.id)).map((node): NodeChange<CanvasNode> => ({ type: "position", id: node.id,
        position: { x: node.position.x + dx, y: node.position.y + dy }, dragging: change.dragging ?? false }));
    });
  }

  place(id: string): Point | null {
    const node = this.nodes.find((one) => one.id === id);
    return node ? [Math.round(node.position.x), Math.round(node.position.y)] : null;
  }

  close(): void {
    this.edits.close();
  }
}

function handlesOf(body: Body, slots: number, width: number, height: number): NonNullable<CanvasNode["handles"]> {
  const box = { width: HANDLE, height: HANDLE };
  const ins = Array.from({ length: slots }, (_, slot) => ({ ...box, id: `in${slot}`, type: "target" as const, position: Position.Top,
    x: width * portShare(slot, slots) - HANDLE / 2, y: -HANDLE / 2 }));
  if (body.type === "answer" || body.type === "frame") return ins;
  return [...ins, { ...box, id: "out", type: "source" as const, position: Position.Bottom, x: width / 2 - HANDLE / 2, y: height - HANDLE / 2 }];
}

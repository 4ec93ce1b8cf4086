// The canvas by keyboard: one stop for Tab, arrows walk along the wires, C draws one. Says what each key does to the
// session; knows no element but through `doors`, which lead elsewhere on the canvas.
import * as act from "./actions.ts";
import { freeSlot, predecessors, successors } from "./graph.ts";
import type { Session } from "./session.ts";
import { fill } from "./shared.ts";
import { texts } from "./texts.ts";
import type { Point } from "./types.ts";
import { objections } from "./why.ts";

export interface Doors { find(): void; fit(): void; focus(id: string): void; replace(id: string): void }
export interface Wiring { source: string; targets: string[]; at: number }
interface Pressed { key: string; ctrlKey: boolean; metaKey: boolean; shiftKey: boolean; altKey: boolean }

const ARROWS: Record<string, Point> = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] };
const STEP = 20, FINE = 4; // px of one press
const GATHER = 300; // ms within which presses are one move

export class Keys {
  wiring: Wiring | null = null;
  private readonly nudged = new Map<string, Point>();
  private timer = 0;

  private readonly session: Session;
  private readonly doors: Doors;

  constructor(session: Session, doors: Doors) {
    this.session = session;
    this.doors = doors;
  }

  /** Whether the key was taken. */
  press(event: Pressed): boolean {
    if (this.wiring) return this.whileWiring(event);
    if ((event.ctrlKey || event.metaKey) && !event.altKey) return this.command(event);
    const way = ARROWS[event.key];
    if (way && event.altKey) return this.nudge(way, event.shiftKey ? FINE : STEP);
    if (way) return this.walk(way, event.shiftKey);
    return event.altKey ? false : this.plain(event);
  }

  private command({ key, shiftKey }: Pressed): boolean {
    switch (key.toLowerCase()) {
      case "z": act.history(this.session, shiftKey ? "redo" : "undo"); return true;
      case "y": act.history(this.session, "redo"); return true;
      case "d": act.duplicate(this.session); return true;
      case "a": this.session.select(act.allNodes(this.session)); return true;
      default: return false; // copy and paste come as events of their own
    }
  }

  private plain({ key }: Pressed): boolean {
    const { session, doors } = this;
    const deeds: Record<string, () => void> = {
      delete: () => this.remove(), backspace: () => this.remove(), f2: () => this.rename(), a: () => doors.find(), "/": () => doors.find(),
      f: () => doors.fit(), t: () => act.tidy(session), g: () => act.group(session), c: () => this.startWire(),
      escape: () => this.leave(), enter: () => this.enter(), " ": () => this.enter(),
      r: () => { if (session.cursor) doors.replace(session.cursor); },
      home: () => this.go(session.nodes.find((node) => node.data.tabbable !== undefined && node.type !== "frame")?.id, false),
    };
    const deed = deeds[key.toLowerCase()];
    deed?.();
    return deed !== undefined;
  }

  private rename(): void {
    const { session } = this;
    session.renaming = session.design?.nodes.some((node) => node.name === session.cursor) ? session.cursor : null;
    session.emit();
  }

  private leave(): void {
    this.session.wire = null;
    this.session.select([]);
  }

  private enter(): void {
    const { cursor } = this.session;
    if (cursor && !act.openAt(this.session, cursor)) this.session.select([cursor]);
  }

  /** Before it goes the cursor goes on to who came after it, so that the next key works from there. */
  private remove(): void {
    const { session } = this;
    const next = session.cursor ? this.lines(session.cursor, 1)[0] ?? this.lines(session.cursor, -1)[0] : undefined;
    const wire = session.wire;
    act.remove(session);
    if (!wire && next && session.selection.has(session.cursor ?? "")) this.go(next, false);
  }

  /** Neighbours along the wires: 1 who takes, -1 who is taken, from left to right. */
  private lines(id: string, way: number): string[] {
    const wires = this.session.scene?.lines ?? [];
    const found = way > 0 ? successors(wires, id) : predecessors(wires, id);
    return found.filter((one) => !one.startsWith("answer:")).sort((a, b) => (this.session.place(a)?.[0] ?? 0) - (this.session.place(b)?.[0] ?? 0));
  }

  private walk([dx, dy]: Point, more: boolean): boolean {
    const { cursor } = this.session;
    if (!cursor) return false;
    const along = dy ? this.lines(cursor, dy)[0] : this.beside(cursor, dx);
    this.go(along ?? cursor, more);
    return true;
  }

  /** Who stands next at this side: of those at about the same height the nearest. */
  private beside(id: string, way: number): string | undefined {
    const here = this.session.place(id) ?? [0, 0];
    const others = this.session.nodes.filter((node) => node.id !== id && node.type !== "frame" && node.type !== "answer")
      .map((node) => ({ id: node.id, dx: (node.position.x - here[0]) * way, dy: Math.abs(node.position.y - here[1]) }))
      .filter((other) => other.dx > 1);
    return others.sort((a, b) => a.dx + 3 * a.dy - (b.dx + 3 * b.dy))[0]?.id;
  }

  go(id: string | undefined, more: boolean): void {
    if (id === undefined) return;
    this.session.select(more ? [...this.session.selection, id] : [id], id);
    this.doors.focus(id);
  }

  private nudge([dx, dy]: Point, step: number): boolean {
    const { session } = this;
    const chosen = session.selection.size ? [...session.selection] : session.cursor ? [session.cursor] : [];
    const places = chosen.flatMap((id): [string, Point][] => {
      const at = session.place(id);
      return at ? [[id, [at[0] + dx * step, at[1] + dy * step]]] : [];
    });
    for (const [id, at] of places) this.nudged.set(id, at);
    session.changed(places.map(([id, [x, y]]) => ({ type: "position", id, position: { x, y }, dragging: false })));
    window.clearTimeout(this.timer);
    session.hold("nudge", true);
    this.timer = window.setTimeout(() => this.nudgeDone(), GATHER);
    return true;
  }

  private nudgeDone(): void {
    act.moveTo(this.session, new Map(this.nudged));
    this.nudged.clear();
    this.session.hold("nudge", false);
  }

  private startWire(): void {
    const { session } = this;
    const source = session.cursor;
    if (!source || !session.design || act.isBlock(session, source)) return;
    const targets = session.nodes.filter((node) => node.type === "layer" && node.id !== source).map((node) => node.id);
    const object = objections(session.design, source);
    const after = targets.filter((id) => object(id) === null);
    this.wiring = { source, targets: [...after, ...targets.filter((id) => object(id) !== null)], at: -1 };
    act.tell(session, fill(texts.WIRING, { source }));
  }

  private whileWiring({ key }: Pressed): boolean {
    const { wiring, session } = this;
    if (!wiring) return false;
    const step = key === "ArrowDown" || key === "ArrowRight" ? 1 : key === "ArrowUp" || key === "ArrowLeft" ? -1 : 0;
    if (step) this.aim(step);
    else if (key === "Enter") this.endWire();
    else if (key === "Escape" || key === "Tab") {
      this.wiring = null;
      act.tell(session, texts.NO_WIRE);
      if (key === "Tab") return false;
      this.doors.focus(wiring.source);
    }
    return true;
  }

  private aim(step: number): void {
    const { wiring, session } = this;
    if (!wiring?.targets.length || !session.design) return;
    const { source, targets } = wiring;
    wiring.at = wiring.at < 0 ? (step > 0 ? 0 : targets.length - 1) : (wiring.at + step + targets.length) % targets.length;
    const target = targets[wiring.at] as string;
    const sentence = objections(session.design, source)(target);
    this.doors.focus(target);
    const text = sentence ? fill(texts.TARGET_REFUSED, { target, sentence })
      : fill(this.wired(source, target) ? texts.TARGET_WIRED : texts.TARGET, { target });
    act.tell(session, text);
  }

  private wired(source: string, target: string) {
    return this.session.design?.wires.find((wire) => wire.source === source && wire.target === target);
  }

  private endWire(): void {
    const { wiring, session } = this;
    const target = wiring?.targets[wiring.at];
    this.wiring = null;
    if (!wiring || !target || !session.design) return act.tell(session, texts.NO_WIRE);
    const wire = this.wired(wiring.source, target);
    const sentence = objections(session.design, wiring.source)(target);
    if (wire) act.disconnect(session, wire);
    else if (sentence) act.tell(session, fill(texts.TARGET_REFUSED, { target, sentence }));
    else act.connect(session, wiring.source, target, slotFor(session, target));
    this.doors.focus(wiring.source);
  }
}

/** The port that a wire dropped on the body of `target` takes: the first free one; null leaves it to Python. */
export function slotFor({ design }: Session, target: string): number | null {
  const ports = design?.nodes.find((node) => node.name === target)?.ports;
  return design && ports && ports.most !== 1 ? freeSlot(design.wires, target, ports.most) : null;
}

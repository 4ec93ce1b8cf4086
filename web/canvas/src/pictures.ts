// The pictures of what is in sight, kept outside React: the feed puts a tick's bytes here, and each node's own canvas draws
// its part. They live while a run trains, else they show the untrained design. Also how large each wire's gradient is.
// Knows nothing of nodes but their names.
import { palette } from "./shared.ts";
import type { FeedJson, Frame, Held } from "./types.ts";

export interface Shown extends Frame { bytes: Uint8Array; live: boolean }
type Listener<Value> = (value: Value | null) => void;

class Board<Value> {
  private readonly now = new Map<string, Value>();
  private readonly listeners = new Map<string, Set<Listener<Value>>>();

  put(name: string, value: Value): void {
    this.now.set(name, value);
    for (const listener of this.listeners.get(name) ?? []) listener(value);
  }

  names = (): string[] => [...this.now.keys()];
  has = (name: string): boolean => this.now.has(name);

  /** As if nothing had ever come, but of these. */
  clear(but: ReadonlySet<string> = new Set()): void {
    const names = [...this.now.keys()].filter((name) => !but.has(name));
    for (const name of names) this.now.delete(name);
    for (const name of names) for (const listener of this.listeners.get(name) ?? []) listener(null);
  }

  /** Calls with what is there and with all that comes; returns how to end it. */
  listen(name: string, listener: Listener<Value>): () => void {
    const all = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, all.add(listener));
    const now = this.now.get(name);
    if (now !== undefined) listener(now);
    return () => {
      all.delete(listener);
      if (!all.size) this.listeners.delete(name);
    };
  }
}

export const pictures = new Board<Shown>();
/** By "target>slot": how large the gradient is that flows back over a wire, and where it stands among all, 0 to 1. */
export const gradients = new Board<{ size: number; fraction: number }>();
const DECADES = 4; // below the largest gradient: what is smaller than that is drawn as none

interface Column { data: readonly { values: Uint8Array }[] }
interface Table { getChildAt(at: number): Column | null }
interface FeedData { json: FeedJson | string; pictures?: Table }

let stillOf: string | null = null; // the design whose pictures are here, where they do not live

export const held = (): Held => ({ of: stillOf, held: stillOf === null ? [] : pictures.names() });

/** A tick of the feed: one column of bytes, of which each picture has its part. Whether all that should be present is. */
export function takeFeed(data: FeedData): boolean {
  const json = (typeof data.json === "string" ? JSON.parse(data.json) : data.json) as FeedJson;
  const live = json.live !== false, of = live ? null : json.of ?? null;
  if (!live && (of === null || of !== stillOf)) {
    pictures.clear(new Set(json.pictures.map((frame) => frame.name)));
    gradients.clear();
  }
  stillOf = of;
  const bytes = data.pictures?.getChildAt(0)?.data[0]?.values ?? new Uint8Array();
  for (const frame of json.pictures) {
    const part = bytes.subarray(frame.offset, frame.offset + frame.width * frame.height);
    if (part.length === frame.width * frame.height) pictures.put(frame.name, { ...frame, live, bytes: part.slice() });
  }
  const most = Math.max(0, ...Object.values(json.gradients ?? {}));
  for (const [wire, size] of Object.entries(json.gradients ?? {})) gradients.put(wire, { size, fraction: fractionOf(size, most) });
  return (json.present ?? []).every((name) => pictures.has(name));
}

/** Even steps for even ratios, as gradients of neighbouring layers differ by factors. */
export function fractionOf(size: number, most: number): number {
  return size > 0 ? Math.max(0, 1 + Math.log10(size / most) / DECADES) : 0;
}

/** The feed has gone: nothing is shown. */
export function clearFeed(): void {
  stillOf = null;
  pictures.clear();
  gradients.clear();
}

const NOTHING = 0; // of ImageData: not drawn at all, as byte 0 says

/** Grey bytes as coloured pixels: from nothing to much, or with zero in the middle where they are signed. */
export function paint(target: HTMLCanvasElement, { width, height, bytes, kind }: Shown, dark: boolean): void {
  if (target.width !== width) target.width = width;
  if (target.height !== height) target.height = height;
  const colours = palette(kind === "signed" || kind === "diverging" ? "signed" : "fraction", dark).packed;
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = bytes[at] ? colours[bytes[at] ?? 0] ?? 0 : NOTHING;
  target.getContext("2d")?.putImageData(image, 0, 0);
}

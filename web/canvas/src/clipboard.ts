// Copying and pasting as text: layers with their wires written out, so that they can go into another network or tab.
// What comes from the clipboard can be anything: it is read strictly. Pure.
import type { Ends, LayerSpec, Point } from "./types.ts";

const MOST = 200; // layers of one paste
const LONGEST = 200_000; // characters

export interface Clip { layers: LayerSpec[]; places: (Point | null)[] }

/** The text of these layers: each with its inputs by name, in the order of its ports, and where it stood to the first. */
export function written(names: readonly string[], specs: ReadonlyMap<string, LayerSpec>, wires: readonly Ends[],
  places: ReadonlyMap<string, Point>): string {
  const layers = names.flatMap((name) => {
    const spec = specs.get(name);
    if (!spec) return [];
    const taken = wires.filter((wire) => wire.target === name).sort((a, b) => a.slot - b.slot).map((wire) => wire.source);
    return [{ ...spec, inputs: taken }];
  });
  const known = [...places.values()];
  const corner = [Math.min(...known.map(([x]) => x)), Math.min(...known.map(([, y]) => y))] as const;
  const apart = layers.map(({ name }) => {
    const at = places.get(name);
    return at ? [at[0] - corner[0], at[1] - corner[1]] : null;
  });
  return JSON.stringify({ dlviz: "layers", layers, places: apart }, null, 1);
}

/** The layers that a text holds, or null where it is none of ours. */
export function readClip(text: string): Clip | null {
  if (text.length > LONGEST) return null;
  const value = parsed(text);
  if (!isRecord(value) || value["dlviz"] !== "layers" || !Array.isArray(value["layers"])) return null;
  const layers = value["layers"].slice(0, MOST).filter(isSpec);
  if (!layers.length || layers.length < Math.min(MOST, value["layers"].length)) return null;
  const places: unknown[] = Array.isArray(value["places"]) ? value["places"] : [];
  return { layers, places: layers.map((_, at) => pointOf(places[at])) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null; // any other text may be in the clipboard
    throw error;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function isSpec(value: unknown): value is LayerSpec {
  if (!isRecord(value) || typeof value["name"] !== "string" || typeof value["kind"] !== "string") return false;
  const inputs = value["inputs"];
  return inputs === null || inputs === undefined || (Array.isArray(inputs) && inputs.every((name) => typeof name === "string"));
}

function pointOf(value: unknown): Point | null {
  return Array.isArray(value) && value.length === 2 && value.every((part) => Number.isFinite(part)) ? [value[0], value[1]] : null;
}

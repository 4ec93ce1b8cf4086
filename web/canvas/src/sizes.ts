// How large each node is drawn, in px: the layout knows it before the page has drawn anything. main.css follows these
// numbers through --w and --h, which the nodes set.
import type { LayerNode } from "./types.ts";

export const WIDTH = 258;
const PAD = 9, TITLE = 21, LINE = 18, PICTURE = 66, STRIP = 26, SENTENCE = 54, BUTTON = 32;

export function layerHeight(layer: Pick<LayerNode, "summary" | "out_shape" | "parameters" | "picture" | "problem">): number {
  const picture = layer.picture ? PICTURE : layer.out_shape || layer.parameters ? LINE : 0;
  const problem = layer.problem ? SENTENCE + (layer.problem.repair ? BUTTON : 0) : 0;
  return 2 * PAD + TITLE + (layer.summary ? LINE : 0) + picture + problem;
}

export const inputHeight = (picture: string | null): number => 2 * PAD + TITLE + LINE + (picture ? PICTURE : 0);
export const BLOCK_HEIGHT = 2 * PAD + TITLE + 2 * LINE;
export const ANSWER_HEIGHT = 2 * PAD + STRIP;

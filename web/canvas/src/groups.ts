// The user's own groups as a family of the palette beside those of layers.
import { texts } from "./texts.ts";
import type { Family, SavedGroup } from "./types.ts";

const GROUPS = "groups:"; // no family of layers is called so

/** No family where there are none. */
export function groupsOf(groups: readonly SavedGroup[]): Family[] {
  const layers = groups.map(({ title, sentence }) => ({ kind: title, sentence }));
  return layers.length ? [{ family: GROUPS, title: texts.YOUR_GROUPS, color_light: "#5A6472", color_dark: "#A9B2C0", layers }] : [];
}

export const isGroup = (family: Family): boolean => family.family === GROUPS;

// What all components share is not built into the bundle: it is loaded from static/shared, the same modules that the other
// components of the page have, so that one catalogue of translations and one table of colours serve all.

interface Palette { packed: Uint32Array }
interface Translation {
  _: (source: string) => string;
  _n: (one: string, many: string) => (count: number) => string;
  fill: (text: string, values: Record<string, string | number>) => string;
  translatable: <Texts extends object>(texts: Texts) => Readonly<Texts>;
}
interface Colours { palette: (name: "fraction" | "signed", dark: boolean) => Palette }
interface Theme { isDark: (host: Element) => boolean }
interface Numbers { compact: (count: number) => string }

const version = new URL(import.meta.url).search;
const load = async (file: string): Promise<unknown> => import(/* @vite-ignore */ `../shared/${file}${version}`);

const modules = await Promise.all(["translation.js", "colours.js", "theme.js", "numbers.js"].map(load));
const [translation, colours, theme, numbers] = modules as [Translation, Colours, Theme, Numbers];

export const { _, _n, fill, translatable } = translation;
export const { palette } = colours;
export const { isDark } = theme;
export const { compact } = numbers;

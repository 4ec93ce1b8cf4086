// Interface texts that can be translated: English source strings, looked up in a catalogue whenever they are read.
// A component's texts stand in its texts.js, each marked by _() or by _n(), so that xgettext finds them. Knows no component.

/** @type {Record<string, any>} source -> its translation, or its plural forms */
let messages = {};
let formOf = (count) => (count === 1 ? 0 : 1);

/** From now on texts come from this catalogue; what it lacks stays English. `form` says which plural a count takes. */
export function install(catalogue = {}, form = (count) => (count === 1 ? 0 : 1)) {
  messages = catalogue;
  formOf = form;
}

/** Marks a text for translation. What stands in braces is filled in by `fill`. */
export const _ = (source) => source;

/** Marks a text that counts, in its two English forms, for translation. `{count}` is the number, with its commas. */
export const _n = (one, many) => [one, many];

/**
 * Texts by name, each translated when it is read: a text is a string, one that counts a function of the count, and what
 * is a table of texts stays one.
 */
export function translatable(sources) {
  const texts = {};
  for (const [name, source] of Object.entries(sources)) {
    Object.defineProperty(texts, name, { enumerable: true, get: () => translated(source) });
  }
  return Object.freeze(texts);
}

function translated(source) {
  if (typeof source === "string") return messages[source] ?? source;
  return Array.isArray(source) ? (count) => counted(source, count) : translatable(source);
}

function counted(source, count) {
  const forms = messages[source[0]] ?? source;
  return fill(forms[formOf(count)] ?? forms.at(-1), { count: count.toLocaleString("en") });
}

/** The text with its places filled in: fill("{name} is now called {other}.", { name, other }). */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}

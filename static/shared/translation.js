// Interface texts that can be translated: English source strings, looked up in a catalogue whenever they are read.
// A component's texts stand in its texts.js, each marked by _() or by _n(), so that xgettext finds them. Knows no component.

/** @type {Record<string, any>} source -> its translation, or its plural forms */
let messages = {};
let language = "en";
let forms = "";
let point = ".";
let largeNouns = false;
/** @type {Promise<void> | undefined} */
let loading;

/**
 * From now on texts come from this catalogue; what it lacks stays English. `plurals` has a digit for each count up to its
 * length, from 0: which of a text's forms it takes; English's two where there is none.
 */
export function install(catalogue = {}, code = "en", plurals = "", large = false) {
  messages = catalogue;
  language = code;
  forms = plurals;
  largeNouns = large;
  point = new Intl.NumberFormat(code).formatToParts(0.5).find(({ type }) => type === "decimal")?.value ?? ".";
  if (globalThis.document) document.documentElement.lang = code;
}

/** Fetches a language's texts and installs them, once for all components of the page. */
export function speak(address) {
  loading ??= fetch(address).then((answer) => answer.json())
    .then((found) => install(found.texts, found.language, found.forms, found.largeNouns));
  return loading;
}

/** What numbers are written for, as `toLocaleString` takes it. */
export const locale = () => language;

/** A number as scripts write it, "0.31", with the decimal sign of the language: "0,31". */
export const numeral = (text) => text.replace(".", point);

/** A heading in the middle of a line: in small letters, but where the language writes nouns large. */
export const within = (heading) => (largeNouns ? heading : heading.toLowerCase());

/** Which form a count takes: beyond the table the last three digits say it, as gettext's rules do. */
function formOf(count) {
  if (!forms || !Number.isInteger(count)) return count === 1 ? 0 : 1;
  return Number(forms[count < forms.length ? count : (count % 100) + 100]);
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
  const written = messages[source[0]] ?? source;
  return fill(written[formOf(count)] ?? written.at(-1), { count: count.toLocaleString(language) });
}

/** The text with its places filled in: fill("{name} is now called {other}.", { name, other }). */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}

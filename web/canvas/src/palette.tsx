// The palette: every kind of layer by family, found by a word. A click or Enter adds, a press that becomes a drag carries
// the kind onto the canvas. Knows nothing of the network.
import { memo, useRef, useState, type CSSProperties, type KeyboardEvent, type PointerEvent, type RefObject } from "react";

import { isGroup } from "./groups.ts";
import { Icon, IconButton } from "./icons.tsx";
import { found, type Found } from "./kinds.ts";
import { fill } from "./shared.ts";
import { texts } from "./texts.ts";
import type { Family, PaletteLayer } from "./types.ts";

interface Deeds { choose: (kind: string, family: Family) => void; press: (event: PointerEvent, kind: string, family: Family) => void; leave: () => void; discard: (title: string) => void }

const colours = (family: Family) => ({ "--light": family.color_light, "--dark": family.color_dark }) as CSSProperties;

function ItemView({ layer, family, first, deeds, tell }: { layer: PaletteLayer; family: Family; first: boolean; deeds: Deeds; tell: (text: string) => void }) {
  const explain = () => tell(layer.sentence), hint = () => tell(texts.HINT);
  const named = isGroup(family) ? { "data-group": layer.kind } : { "data-kind": layer.kind };
  const item = <button type="button" className={`item ${first ? "first" : ""}`} style={colours(family)} tabIndex={-1} {...named}
    aria-label={fill(texts.ADD, layer as { kind: string; sentence: string })} onClick={() => deeds.choose(layer.kind, family)}
    onPointerDown={(event) => deeds.press(event, layer.kind, family)} onPointerEnter={explain} onPointerLeave={hint} onFocus={explain} onBlur={hint}>
    <span className="dot" /><span className="kind">{layer.kind}</span>
  </button>;
  if (!isGroup(family)) return item;
  return <div className="own">{item}<IconButton name="trash" label={fill(texts.REMOVE_GROUP, { title: layer.kind })} onClick={() => deeds.discard(layer.kind)} /></div>;
}

function Group({ family, closed, toggle, children }: { family: Family; closed: boolean; toggle: () => void; children: React.ReactNode }) {
  return <section className="group" style={colours(family)}>
    <button type="button" className="head" aria-expanded={!closed} onClick={toggle}><Icon name="chevron" /><span>{family.title}</span></button>
    {!closed && <div className="items" role="group" aria-label={family.title}>{children}</div>}
  </section>;
}

export const PaletteView = memo(function PaletteView({ palette, deeds, field }: { palette: readonly Family[]; deeds: Deeds; field: RefObject<HTMLInputElement | null> }) {
  const [query, setQuery] = useState("");
  const [hint, tell] = useState<string | null>(null);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const home = useRef<HTMLElement>(null);
  const list = found(palette, query);
  const toggle = (name: string) => setClosed((all) => (all.has(name) ? new Set([...all].filter((one) => one !== name)) : new Set([...all, name])));
  const key = (event: KeyboardEvent) => { if (paletteKey(event, home.current, { query, setQuery, first: list[0], deeds })) event.preventDefault(); };
  const item = (layer: PaletteLayer, family: Family, first = false) =>
    <ItemView key={`${family.family} ${layer.kind}`} layer={layer} family={family} first={first} deeds={deeds} tell={tell} />;
  return <aside className="palette" aria-label={texts.PALETTE} ref={home} onKeyDown={key}>
    <label className="search"><Icon name="search" /><input ref={field} type="text" value={query} placeholder={texts.FIND} aria-label={texts.FIND} maxLength={40}
      autoComplete="off" spellCheck={false} onChange={(event) => setQuery(event.target.value)} /><kbd title={texts.PRESS_TO_SEARCH}>A</kbd></label>
    <div className="groups">
      {query.trim() ? list.map((layer, at) => item(layer, layer.family, at === 0)) : palette.map((family) =>
        <Group key={family.family} family={family} closed={closed.has(family.family)} toggle={() => toggle(family.family)}>{family.layers.map((layer) => item(layer, family))}</Group>)}
      {!list.length && <p className="none">{texts.NONE_FOUND}</p>}
    </div>
    <p className="hint" aria-hidden="true">{hint ?? texts.HINT}</p>
  </aside>;
});

interface Search { query: string; setQuery: (text: string) => void; first: Found | undefined; deeds: Deeds }

/** Enter takes the first that was found, arrows walk over what is shown, Escape goes back to the canvas. */
function paletteKey(event: KeyboardEvent, home: HTMLElement | null, { query, setQuery, first, deeds }: Search): boolean {
  const field = (event.target as HTMLElement).matches("input");
  if (!field && (event.ctrlKey || event.metaKey)) return false;
  event.stopPropagation();
  if (event.key === "Enter" && field && query.trim() && first) {
    deeds.choose(first.kind, first.family);
    setQuery("");
    deeds.leave();
    return true;
  }
  if (event.key === "Escape") {
    setQuery("");
    deeds.leave();
    return true;
  }
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  return step !== 0 && walk(home, event.target as HTMLElement, step);
}

export function walk(home: HTMLElement | null, from: HTMLElement, step: number): boolean {
  const stops = [...(home?.querySelectorAll<HTMLElement>("input, button") ?? [])];
  stops[stops.indexOf(from) + step]?.focus();
  return true;
}

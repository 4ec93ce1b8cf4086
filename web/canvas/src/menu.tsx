// The searchable list of kinds that opens where a wire was let go, or over a layer that is to be another one.
import { useEffect, useRef, useState, type CSSProperties, type KeyboardEvent } from "react";

import { usePlace, type Menu } from "./context.ts";
import { found } from "./kinds.ts";
import { walk } from "./palette.tsx";
import { texts } from "./texts.ts";
import type { Family } from "./types.ts";

const WIDE = 236, TALL = 320; // px. The same in main.css

export function MenuView({ menu, palette, room }: { menu: Menu; palette: readonly Family[]; room: { width: number; height: number } }) {
  const place = usePlace();
  const [query, setQuery] = useState("");
  const home = useRef<HTMLDivElement>(null);
  const list = found(palette, query);
  useEffect(() => home.current?.querySelector("input")?.focus(), []);
  const leave = () => {
    home.current?.closest<HTMLElement>(".pane")?.focus({ preventScroll: true }); // or the keys would reach nobody
    place.menu(null);
  };
  const take = (kind: string) => {
    leave();
    menu.choose(kind);
  };
  const key = (event: KeyboardEvent) => {
    event.stopPropagation();
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") leave();
    else if (event.key === "Enter" && (event.target as HTMLElement).matches("input") && list[0]) take(list[0].kind);
    else if (!step || !walk(home.current, event.target as HTMLElement, step)) return;
    event.preventDefault();
  };
  const left = Math.max(8, Math.min(menu.x, room.width - WIDE - 8)), top = Math.max(8, Math.min(menu.y, room.height - TALL - 8));
  return <div className="menu" ref={home} style={{ left, top }} role="dialog" aria-label={menu.title} onKeyDown={key}
    onBlur={(event) => { if (!home.current?.contains(event.relatedTarget)) place.menu(null); }}>
    <p className="menu-title">{menu.title}</p>
    <input type="text" value={query} placeholder={texts.FIND} aria-label={texts.FIND} maxLength={40} autoComplete="off" spellCheck={false}
      onChange={(event) => setQuery(event.target.value)} />
    <div className="menu-list">{list.map((layer, at) => <button type="button" key={layer.kind} className={`item ${at === 0 && query ? "first" : ""}`} title={layer.sentence}
      style={{ "--light": layer.family.color_light, "--dark": layer.family.color_dark } as CSSProperties} data-kind={layer.kind} onClick={() => take(layer.kind)}>
      <span className="dot" /><span className="kind">{layer.kind}</span></button>)}
    {!list.length && <p className="none">{texts.NONE_FOUND}</p>}</div>
  </div>;
}

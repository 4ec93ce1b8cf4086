// The canvas as a whole: React Flow over the session's nodes and wires, with palette, bar, menus, keyboard and clipboard
// around it.
import { Background, MiniMap, ReactFlow, ReactFlowProvider, SelectionMode, useReactFlow, useStore, type Connection, type FinalConnectionState, type Edge, type ReactFlowState } from "@xyflow/react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent as ReactMouseEvent } from "react";

import * as act from "./actions.ts";
import { Placed, type Menu, useSession, usePlace } from "./context.ts";
import { carryFrom } from "./drag.ts";
import { isGroup } from "./groups.ts";
import { Keys, slotFor, type Doors } from "./keyboard.ts";
import { MenuView } from "./menu.tsx";
import { NODE_TYPES } from "./nodes.tsx";
import { Outline } from "./outline.tsx";
import { PaletteView } from "./palette.tsx";
import { why } from "./pulling.ts";
import type { CanvasEdge, CanvasNode, Session } from "./session.ts";
import { fill } from "./shared.ts";
import { forwardReleases, listenToClipboard } from "./shadow.ts";
import { texts } from "./texts.ts";
import { Chosen, Toolbar } from "./toolbar.tsx";
import type { Family, Point, Sight } from "./types.ts";
import { useVisible } from "./visible.ts";
import { EDGE_TYPES, Pulled } from "./wire.tsx";

const DRAWN = 60; // ms until React Flow has drawn a new node
const READABLE = 0.27, BEGINNING = 0.75; // zoom below which nothing can be read; that at which the beginning is shown then
const FAR = 0.7, FARTHER = 0.4; // zooms below which cards show less, and that larger
const MARGIN = 0.06; // of the view's width and height, free on each side
const LEAST_ZOOM = 0.03; // a hundred layers in a row are seen at once

export function Canvas({ session, dark, tellVisible }: { session: Session; dark: boolean; tellVisible: (sight: Sight) => void }) {
  const [menu, setMenu] = useState<Menu | null>(null);
  const place = useMemo(() => ({ session, dark, menu: setMenu }), [session, dark]);
  return <Placed value={place}><ReactFlowProvider><Bench menu={menu} tellVisible={tellVisible} /></ReactFlowProvider></Placed>;
}

function Bench({ menu, tellVisible }: { menu: Menu | null; tellVisible: (sight: Sight) => void }) {
  const session = useSession();
  const { dark, menu: setMenu } = usePlace();
  const pane = useRef<HTMLDivElement>(null), field = useRef<HTMLInputElement>(null), ghost = useRef<HTMLDivElement>(null);
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const pointer = useRef<Point | null>(null);
  const fit = useCallback(() => fitInto(pane.current, session, flow, calm() ? 0 : 200), [session, flow]);
  const focus = useCallback((id: string) => reveal(id, pane.current, flow), [flow]);
  const replaceAt = useCallback((id: string, x: number, y: number) => {
    if (!session.design?.nodes.some((node) => node.name === id)) return;
    setMenu({ title: fill(texts.REPLACE_BY, { name: id }), x, y, choose: (kind) => act.replace(session, id, kind) });
  }, [session, setMenu]);
  const doors = useMemo<Doors>(() => ({ find: () => { field.current?.focus(); field.current?.select(); }, fit, focus, replace: (id) => {
    const [box, home] = [nodeElement(id, pane.current)?.getBoundingClientRect(), pane.current?.getBoundingClientRect()];
    if (box && home) replaceAt(id, box.right - home.left + 8, box.top - home.top);
  } }), [fit, focus, replaceAt]);
  const keys = useMemo(() => new Keys(session, doors), [session, doors]);
  const middle = useCallback((): Point => {
    const box = pane.current?.getBoundingClientRect();
    const [x, y] = pointer.current ?? [box ? box.left + box.width / 2 : 0, box ? box.top + box.height / 3 : 0];
    const at = flow.screenToFlowPosition({ x, y });
    return [at.x, at.y];
  }, [flow]);
  const press = useCallback((event: globalThis.KeyboardEvent) => keys.press(event), [keys]);
  const within = useFocusWithin(session, pane, press);
  useEffect(() => forwardReleases(session.root), [session]);
  useEffect(() => pane.current ? listenToClipboard(session.root, pane.current, { copy: () => act.copied(session), paste: (text) => act.pasted(session, text, middle()),
    cut: () => { const text = act.copied(session); if (text) act.remove(session); return text; } }) : undefined, [session, middle]);
  const deeds = useMemo(() => ({
    choose: (kind: string, family: Family) => (isGroup(family) ? act.addGroup(session, kind) : act.add(session, kind)),
    discard: (title: string) => act.removeGroup(session, title), leave: () => { if (session.cursor) focus(session.cursor); },
    press: (event: React.PointerEvent, kind: string, family: Family) => { if (event.button === 0) carry(event, kind, family, session, ghost.current, flow, pane.current); },
  }), [session, focus, flow]);
  const key = (event: KeyboardEvent) => {
    const command = event.ctrlKey || event.metaKey; // undo, say, also right after a click on a button
    if ((event.target as HTMLElement).matches(command ? "input" : "input, summary, button") && event.key !== "Escape") return;
    if (!keys.press(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const height = session.data?.height ?? 600;
  const families = useMemo(() => [...session.groups, ...session.palette], [session.groups, session.palette]);
  return <div className="canvas-frame" data-theme={dark ? "dark" : "light"}><div className={session.gliding ? "canvas settling" : "canvas"} style={{ height: `var(--stack-height, ${height}px)` }} onKeyDown={key} {...within}>
    <Toolbar fit={fit} />
    <div className="body">
      <PaletteView palette={families} deeds={deeds} field={field} />
      <div className="pane" ref={pane} tabIndex={-1} role="application" aria-label={texts.CANVAS}
        onPointerMove={(event) => { pointer.current = [event.clientX, event.clientY]; }} onPointerLeave={() => { pointer.current = null; }}>
        <Graph replaceAt={replaceAt} tellVisible={tellVisible} pane={pane} />
        <Chosen />
        {session.design && !session.design.nodes.length && <div className="empty"><b>{texts.EMPTY}</b><span>{texts.EMPTY_WHY}</span></div>}
        {menu && <MenuView key={`${menu.x} ${menu.y} ${menu.title}`} menu={menu} palette={session.palette}
          room={{ width: pane.current?.clientWidth ?? 0, height: pane.current?.clientHeight ?? 0 }} />}
      </div>
    </div>
    <Outline />
  </div><div className="ghost" ref={ghost} hidden /></div>;
}

/** What had the focus may go (undone, renamed, deleted in another tab): keys still find the canvas, and soon the focus. */
function useFocusWithin(session: Session, pane: React.RefObject<HTMLElement | null>, press: (event: globalThis.KeyboardEvent) => boolean): { onFocus: () => void; onBlur: () => void } {
  const within = useRef(false);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      if (within.current && lost()) (nodeElement(session.cursor ?? "", pane.current) ?? pane.current)?.focus({ preventScroll: true });
    }, DRAWN); // React Flow takes nodes away a little later than they are gone here
    return () => window.clearTimeout(timer);
  });
  useEffect(() => {
    const key = (event: globalThis.KeyboardEvent) => { if (within.current && lost() && press(event)) event.preventDefault(); };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, [press]);
  return useMemo(() => ({ onFocus: () => { within.current = true; }, onBlur: () => { within.current = false; } }), []);
}

const lost = () => document.activeElement === document.body;
const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const nodeElement = (id: string, home: Element | null) => home?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`) ?? null;

/** Shows the whole network, at most as large as it is. React Flow's own way waits for nodes that change. */
function fitInto(home: HTMLElement | null, session: Session, flow: ReturnType<typeof useReactFlow<CanvasNode, CanvasEdge>>, duration: number): void {
  const room = home?.getBoundingClientRect();
  if (!room || !session.nodes.length) return;
  const { x, y, width, height } = flow.getNodesBounds(session.nodes);
  const scale = Math.min((1 - 2 * MARGIN) * room.width / width, (1 - 2 * MARGIN) * room.height / height);
  const zoom = Math.max(LEAST_ZOOM, Math.min(1, scale));
  void flow.setViewport({ zoom, x: room.width / 2 - (x + width / 2) * zoom, y: room.height / 2 - (y + height / 2) * zoom }, { duration });
}

/** Brings the focus to a node, and the node into sight where it is not. */
function reveal(id: string, home: HTMLElement | null, flow: ReturnType<typeof useReactFlow<CanvasNode, CanvasEdge>>): void {
  nodeElement(id, home)?.focus({ preventScroll: true });
  show(id, home, flow);
}

/** Moves the view to a node that is not wholly in sight. */
function show(id: string, home: HTMLElement | null, flow: ReturnType<typeof useReactFlow<CanvasNode, CanvasEdge>>): void {
  const box = nodeElement(id, home)?.getBoundingClientRect(), room = home?.getBoundingClientRect();
  if (!box || !room) return;
  if (box.left >= room.left && box.right <= room.right && box.top >= room.top && box.bottom <= room.bottom) return;
  const node = flow.getNode(id);
  if (node) void flow.setCenter(node.position.x + (node.width ?? 0) / 2, node.position.y + (node.height ?? 0) / 2, { zoom: Math.max(flow.getZoom(), 0.6), duration: calm() ? 0 : 150 });
}

function Graph({ replaceAt, tellVisible, pane }: { replaceAt: (id: string, x: number, y: number) => void; tellVisible: (sight: Sight) => void; pane: React.RefObject<HTMLDivElement | null> }) {
  const session = useSession();
  const { menu } = usePlace();
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const reconnecting = useRef(false);
  const tellWhenResting = useVisible(session, pane, tellVisible);
  const distance = useStore(distanceOf), inSight = useStore(useCallback((store: ReactFlowState) => allSeen(session.nodes, store), [session.nodes]));
  const local = useCallback((event: MouseEvent | TouchEvent): Point => {
    const home = pane.current?.getBoundingClientRect();
    const at = "changedTouches" in event ? event.changedTouches[0] : event;
    return [(at?.clientX ?? 0) - (home?.left ?? 0), (at?.clientY ?? 0) - (home?.top ?? 0)];
  }, [pane]);
  useRoom(session, flow, pane);
  const { newcomer } = session;
  useEffect(() => {
    if (newcomer) window.setTimeout(() => show(newcomer, pane.current, flow), DRAWN);
  }, [newcomer, flow, pane]);
  const valid = useCallback(({ source, target }: Connection | Edge) => why(session, source, target) === null, [session]);
  const connected = useCallback(({ source, target, targetHandle }: Connection) =>
    act.connect(session, source, target, slotOf(targetHandle)), [session]);
  const ended = useCallback((event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
    session.hold("wire", false);
    if (!reconnecting.current) letGo(event, state, session, flow, menu, local(event));
  }, [session, flow, menu, local]);
  const stopped = useCallback((_: unknown, __: unknown, nodes: CanvasNode[]) => {
    act.moveTo(session, draggedPlaces(session, nodes));
    session.hold("drag", false);
  }, [session]);
  return <ReactFlow className={distance} nodes={session.nodes} edges={session.edges} nodeTypes={NODE_TYPES} edgeTypes={EDGE_TYPES} onNodesChange={session.changed}
    isValidConnection={valid} onConnect={connected} connectionLineComponent={Pulled} connectionRadius={26} autoPanSpeed={6} autoPanOnNodeFocus={false}
    onConnectStart={() => session.hold("wire", true)} onConnectEnd={ended} onReconnectStart={() => { reconnecting.current = true; }} reconnectRadius={12}
    onReconnect={(edge, to) => reconnect(session, edge as CanvasEdge, to)} onReconnectEnd={(_, edge, __, state) => {
      reconnecting.current = false;
      const wire = (edge as CanvasEdge).data?.line.of[0];
      if (!state.toNode && wire) act.disconnect(session, wire);
    }} onNodeDragStart={() => session.hold("drag", true)} onNodeDragStop={stopped} onSelectionDragStart={() => session.hold("drag", true)}
    onSelectionDragStop={(event, nodes) => stopped(event, null, nodes)} onEdgeClick={(_, edge) => { session.select([]); session.selectWire(edge.id); pane.current?.focus({ preventScroll: true }); }}
    onPaneClick={() => { session.selectWire(null); menu(null); pane.current?.focus({ preventScroll: true }); }} onNodeContextMenu={(event: ReactMouseEvent, node) => { event.preventDefault(); const [x, y] = local(event.nativeEvent); replaceAt(node.id, x, y); }}
    onMoveStart={() => menu(null)} onMoveEnd={tellWhenResting} deleteKeyCode={null} selectionKeyCode="Shift" multiSelectionKeyCode={["Control", "Meta"]} panActivationKeyCode={null}
    zoomActivationKeyCode={null} disableKeyboardA11y nodesFocusable={false} edgesFocusable={false} selectionMode={SelectionMode.Partial} elevateNodesOnSelect={false}
    minZoom={LEAST_ZOOM} maxZoom={2.5} zoomOnDoubleClick={false} nodeDragThreshold={3} attributionPosition="bottom-left">
    <Background gap={22} size={1.2} />
    {!inSight && <MiniMap style={MINI} pannable zoomable ariaLabel={texts.MINIMAP} nodeClassName={(node) => `mini-${node.type}`} nodeColor={miniColour} maskColor="var(--veil)" />}
  </ReactFlow>;
}

/** From afar a card's name is written larger, in place of what nobody could read. */
const distanceOf = ({ transform: [, , zoom] }: ReactFlowState) => (zoom < FARTHER ? "far farther" : zoom < FAR ? "far" : "");

function allSeen(nodes: readonly CanvasNode[], { transform: [x, y, zoom], width, height }: ReactFlowState): boolean {
  return nodes.every(({ position, width: w = 0, height: h = 0 }) => position.x * zoom + x >= 0 && position.y * zoom + y >= 0
    && (position.x + w) * zoom + x <= width && (position.y + h) * zoom + y <= height);
}

const miniColour = (node: CanvasNode) => (node.type === "frame" ? "transparent" : "var(--mini)");
const MINI = { width: 116, height: 92 }; // px
const slotOf = (handle: string | null): number | null => (handle ? Number(handle.slice(2)) : null);

/** The layout fits the view, and when the first design has come the whole network is shown, or where that would be too small to read, its beginning. */
function useRoom(session: Session, flow: ReturnType<typeof useReactFlow<CanvasNode, CanvasEdge>>, pane: React.RefObject<HTMLElement | null>): void {
  const [fitted, setFitted] = useState(false);
  useLayoutEffect(() => {
    const home = pane.current;
    if (!home) return;
    const measured = () => session.setRoom({ width: home.clientWidth, height: home.clientHeight });
    measured();
    const observer = new ResizeObserver(() => { if (measured()) requestAnimationFrame(() => begin(home, session, flow)); });
    observer.observe(home);
    return () => observer.disconnect();
  }, [session, flow, pane]);
  useLayoutEffect(() => {
    if (fitted || !session.nodes.length) return;
    setFitted(true);
    requestAnimationFrame(() => { if (pane.current) begin(pane.current, session, flow); });
  });
}

function begin(home: HTMLElement, session: Session, flow: ReturnType<typeof useReactFlow<CanvasNode, CanvasEdge>>): void {
  const { x, y, width, height } = flow.getNodesBounds(session.nodes);
  const room = home.getBoundingClientRect();
  if (Math.min(room.width / width, room.height / height) > READABLE) return fitInto(home, session, flow, 0);
  const left = Math.max(24, (room.width - width * BEGINNING) / 2);
  void flow.setViewport({ zoom: BEGINNING, x: left - x * BEGINNING, y: 24 - y * BEGINNING });
}

function reconnect(session: Session, edge: CanvasEdge, { source, target, targetHandle }: Connection): void {
  const wire = edge.data?.line.of[0], slot = slotOf(targetHandle);
  if (wire) act.reconnect(session, wire, { source, target, ...(slot === null ? {} : { slot }) });
}

/** Where dragged nodes stand now, those of a dragged frame too. */
function draggedPlaces(session: Session, nodes: readonly CanvasNode[]): Map<string, Point> {
  const ids = nodes.flatMap((node) => (node.data.body.type === "frame" ? node.data.body.block.layers : [node.id]));
  return new Map(ids.flatMap((id): [string, Point][] => {
    const at = session.place(id);
    return at ? [[id, at]] : [];
  }));
}

/** A wire that was let go: on a node's body it takes a free port, in empty space it asks what shall follow. */
function letGo(event: MouseEvent | TouchEvent, { fromNode, fromHandle, toNode, isValid }: FinalConnectionState, session: Session,
  flow: { screenToFlowPosition: (at: { x: number; y: number }) => { x: number; y: number } }, menu: (menu: Menu | null) => void, [x, y]: Point): void {
  if (!fromNode || !fromHandle || isValid) return;
  const body = toNode?.id ?? bodyAt(session.root, event);
  if (body) {
    const [source, target] = fromHandle.type === "source" ? [fromNode.id, body] : [body, fromNode.id];
    const sentence = why(session, source, target);
    if (sentence) return act.tell(session, sentence);
    return act.connect(session, source, target, fromHandle.type === "source" ? slotFor(session, target) : slotOf(fromHandle.id ?? null));
  }
  const at = "changedTouches" in event ? event.changedTouches[0] : event;
  if (!at || fromHandle.type !== "source" || act.isBlock(session, fromNode.id)) return;
  const to = flow.screenToFlowPosition({ x: at.clientX, y: at.clientY });
  menu({ title: fill(texts.WHAT_FOLLOWS, { name: fromNode.id }), x, y, choose: (kind) => act.addBehind(session, kind, fromNode.id, [to.x, to.y]) });
}

function bodyAt(root: ShadowRoot | Document, event: MouseEvent | TouchEvent): string | null {
  const at = "changedTouches" in event ? event.changedTouches[0] : event;
  if (!at) return null;
  const found = root.elementsFromPoint(at.clientX, at.clientY).map((element) => element.closest<HTMLElement>("[data-node]")).find(Boolean);
  return found?.dataset["node"] ?? null;
}

/** A kind on its way from the palette: a ghost follows the pointer, the wire under it is lit. */
function carry(event: React.PointerEvent, kind: string, family: Family, session: Session, ghost: HTMLElement | null,
  flow: { screenToFlowPosition: (at: { x: number; y: number }) => { x: number; y: number } }, pane: HTMLElement | null): void {
  let lit: Element | null = null;
  const light = (wire: string | null) => {
    lit?.classList.remove("lit");
    lit = wire ? pane?.querySelector(`[data-wire="${CSS.escape(wire)}"]`) ?? null : null;
    lit?.classList.add("lit");
  };
  carryFrom(event, session.root, {
    start: () => { if (ghost) Object.assign(ghost, { textContent: kind, hidden: false }); ghost?.style.setProperty("--light", family.color_light); ghost?.style.setProperty("--dark", family.color_dark); },
    over: (x, y, wire) => { if (ghost) ghost.style.transform = `translate(${x + 12}px, ${y + 10}px)`; light(wire); },
    drop: (x, y, wire) => {
      const box = pane?.getBoundingClientRect();
      if (!box || x < box.left || x > box.right || y < box.top || y > box.bottom) return;
      const at = flow.screenToFlowPosition({ x, y });
      const line = session.edges.find((edge) => edge.id === wire)?.data?.line;
      const onto = line && line.of.length === 1 ? line.of[0] : undefined;
      const ends = onto ? { source: onto.source, target: onto.target, slot: onto.slot } : null;
      if (isGroup(family)) act.addGroup(session, kind, ends, [at.x, at.y]);
      else act.drop(session, kind, [at.x, at.y], ends);
    },
    end: () => { light(null); if (ghost) ghost.hidden = true; },
  });
}

// Entry of the canvas, as Streamlit calls it at mount and at every change of data or theme: the canvas itself, or the feed
// that brings its pictures. Both load this same module, so the pictures of the one reach the nodes of the other.
import { createRoot, type Root } from "react-dom/client";

import "@xyflow/react/dist/base.css";
import "./main.css";
import { Canvas } from "./Flow.tsx";
import { clearFeed, held, takeFeed } from "./pictures.ts";
import { Session } from "./session.ts";
import { isDark } from "./shared.ts";
import type { CanvasData, Sight } from "./types.ts";

interface Component { parentElement: ShadowRoot | HTMLElement; data: unknown; setStateValue: (name: string, value: unknown) => void }
interface Mounted { session: Session; root: Root; host: HTMLElement; say: (name: string, value: unknown) => void; visible: (sight: Sight) => void }

const mounts = new WeakMap<object, Mounted>();
const NARROW = 560; // px of own width below which Python shows the stack
/** The feed tells Python which nodes are in sight, and which version of the design: only its part of the page runs then.
 * Without one nobody asks. */
const watch: { sight: Sight | null; session: Session | null; feed: ((sight: Sight) => void) | null; home: object | null } =
  { sight: null, session: null, feed: null, home: null };

function mount(parent: ShadowRoot | HTMLElement): Mounted {
  const host = document.createElement("div");
  host.className = "canvas-host";
  parent.append(host);
  const mounted: Mounted = { host, root: createRoot(host), say: () => {}, visible: (sight) => {
    watch.sight = sight;
    watch.feed?.(sight);
  },
    session: new Session(parent.getRootNode() as ShadowRoot | Document, (message) => mounted.say("edits", message),
      () => { if (watch.sight) watch.feed?.(watch.sight); }) };
  mounts.set(parent, mounted);
  new ResizeObserver(([entry], observer) => {
    const width = entry?.contentRect.width ?? 0;
    if (!width) return;
    observer.disconnect();
    if (width < NARROW) mounted.say("narrow", true);
  }).observe(host);
  return mounted;
}

const roleOf = (data: unknown): unknown => (typeof data === "object" && data !== null ? (data as { role?: unknown }).role : null);

export default function draw({ parentElement: parent, data, setStateValue }: Component): () => void {
  if (roleOf(data) === "feed") return feed(parent, data as Parameters<typeof takeFeed>[0], setStateValue);
  const mounted = mounts.get(parent) ?? mount(parent);
  mounted.say = setStateValue;
  watch.session = mounted.session;
  mounted.session.update(data as CanvasData);
  mounted.root.render(<Canvas session={mounted.session} dark={isDark(mounted.host)} tellVisible={mounted.visible} />);
  return () => setTimeout(() => leave(parent, mounted));
}

const feeds = new WeakSet<object>();

function feed(parent: ShadowRoot | HTMLElement, data: Parameters<typeof takeFeed>[0], say: Component["setStateValue"]): () => void {
  watch.home = parent;
  watch.feed = (sight) => say("visible", { ...sight, ...held(), design: watch.session?.edits.held() });
  const complete = takeFeed(data);
  if (watch.sight && (!feeds.has(parent) || !complete)) watch.feed(watch.sight);
  feeds.add(parent);
  return () => setTimeout(() => {
    if (parent.isConnected || watch.home !== parent) return; // another one may have taken its place already
    watch.feed = watch.home = null;
    clearFeed();
  });
}

/** A call that a newer one overtook is cleaned up too, the canvas still on the page: so look. */
function leave(parent: ShadowRoot | HTMLElement, mounted: Mounted): void {
  if (mounted.host.isConnected && parent.isConnected) return;
  mounted.session.close();
  mounted.root.unmount();
  mounted.host.remove();
  mounts.delete(parent);
}

// Entry of the canvas, as Streamlit calls it at mount and at every change of data or theme: the canvas itself, or the feed
// that brings its pictures. Both load this same module, so the pictures of the one reach the nodes of the other.
import { createRoot, type Root } from "react-dom/client";

import "@xyflow/react/dist/base.css";
import "./main.css";
import { Canvas } from "./Flow.tsx";
import { takeFeed } from "./pictures.ts";
import { Session } from "./session.ts";
import { isDark } from "./shared.ts";
import type { CanvasData } from "./types.ts";

interface Component { parentElement: ShadowRoot | HTMLElement; data: unknown; setStateValue: (name: string, value: unknown) => void }
interface Mounted { session: Session; root: Root; host: HTMLElement; say: (name: string, value: unknown) => void; visible: (names: string[]) => void }

const mounts = new WeakMap<object, Mounted>();

function mount(parent: ShadowRoot | HTMLElement): Mounted {
  const host = document.createElement("div");
  host.className = "canvas-host";
  parent.append(host);
  const mounted: Mounted = { host, root: createRoot(host), say: () => {}, visible: (names) => mounted.say("visible", names),
    session: new Session(parent.getRootNode() as ShadowRoot | Document, (message) => mounted.say("edits", message)) };
  mounts.set(parent, mounted);
  return mounted;
}

const roleOf = (data: unknown): unknown => (typeof data === "object" && data !== null ? (data as { role?: unknown }).role : null);

export default function draw({ parentElement: parent, data, setStateValue }: Component): () => void {
  if (roleOf(data) === "feed") {
    takeFeed(data as Parameters<typeof takeFeed>[0]);
    return () => {};
  }
  const mounted = mounts.get(parent) ?? mount(parent);
  mounted.say = setStateValue;
  mounted.session.update(data as CanvasData);
  mounted.root.render(<Canvas session={mounted.session} dark={isDark(mounted.host)} tellVisible={mounted.visible} />);
  return () => setTimeout(() => leave(parent, mounted));
}

/** A call that a newer one overtook is cleaned up too, the canvas still on the page: so look. */
function leave(parent: ShadowRoot | HTMLElement, mounted: Mounted): void {
  if (mounted.host.isConnected && parent.isConnected) return;
  mounted.session.close();
  mounted.root.unmount();
  mounted.host.remove();
  mounts.delete(parent);
}

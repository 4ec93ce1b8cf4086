// A kind of layer carried by mouse, pen or finger from the palette onto the canvas. A mouse drags after 5 px. Moves no
// node itself: it says where the pointer is, over which wire, and where it was let go.

const FAR = 5; // px that a pointer may tremble within a click

export interface Carry {
  start: (x: number, y: number) => void; over: (x: number, y: number, wire: string | null) => void;
  drop: (x: number, y: number, wire: string | null) => void; end: () => void;
}

/** The key of the wire at this place of the page, if any. */
export function wireAt(root: ShadowRoot | Document, x: number, y: number): string | null {
  for (const element of root.elementsFromPoint(x, y)) {
    const wire = element.closest<SVGGElement>("[data-wire]");
    if (wire) return wire.dataset["wire"] ?? null;
  }
  return null;
}

/** Follows the pointer that was pressed until it is let go, or Escape. Returns nothing: `carry` is told. */
export function carryFrom(event: { pointerId: number; clientX: number; clientY: number }, root: ShadowRoot | Document, carry: Carry): void {
  const [x, y, id] = [event.clientX, event.clientY, event.pointerId];
  let active = false;
  const stop = () => {
    for (const [type, listener] of listeners) window.removeEventListener(type, listener as EventListener, true);
    if (active) carry.end();
  };
  const move = (now: PointerEvent) => {
    if (now.pointerId !== id) return;
    if (!active && Math.hypot(now.clientX - x, now.clientY - y) < FAR) return;
    if (!active) carry.start(x, y);
    active = true;
    carry.over(now.clientX, now.clientY, wireAt(root, now.clientX, now.clientY));
  };
  const up = (now: PointerEvent) => {
    if (now.pointerId !== id) return;
    if (active) {
      carry.drop(now.clientX, now.clientY, wireAt(root, now.clientX, now.clientY));
      window.addEventListener("click", swallow, { capture: true, once: true });
      window.setTimeout(() => window.removeEventListener("click", swallow, true));
    }
    stop();
  };
  const key = (now: KeyboardEvent) => {
    if (now.key !== "Escape" || !active) return;
    now.preventDefault();
    now.stopPropagation();
    stop();
  };
  const listeners = [["pointermove", move], ["pointerup", up], ["pointercancel", stop], ["keydown", key]] as const;
  for (const [type, listener] of listeners) window.addEventListener(type, listener as EventListener, true);
}

/** The click that a browser sends when a drag ends is no click on anything. */
function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

// The cures that React Flow needs in a shadow root. It listens for the end of a drag on the root, and Chromium sends copy
// and paste to where the selection is: both are heard on the window here and brought in.

/** Moves and releases outside the component reach React Flow too, so that nothing sticks to the pointer. */
export function forwardReleases(root: ShadowRoot | Document): () => void {
  const types = ["mousemove", "mouseup", "touchmove", "touchend"] as const;
  const forward = (event: Event) => {
    if (event.composedPath().includes(root) || !(root instanceof ShadowRoot)) return;
    root.dispatchEvent(copyOf(event));
  };
  for (const type of types) window.addEventListener(type, forward);
  return () => {
    for (const type of types) window.removeEventListener(type, forward);
  };
}

function copyOf(event: Event): Event {
  if (event instanceof MouseEvent) return new MouseEvent(event.type, event);
  if (typeof TouchEvent !== "undefined" && event instanceof TouchEvent) {
    return new TouchEvent(event.type, { touches: [...event.touches], changedTouches: [...event.changedTouches], targetTouches: [...event.targetTouches] });
  }
  return new Event(event.type);
}

const isField = (element: Element | null) => element !== null && element.matches("input, textarea, select, [contenteditable]");

/** Copy, cut and paste while the focus is within `home` and in no field. Each says whether it took the event. */
export function listenToClipboard(root: ShadowRoot | Document, home: Element,
  act: { copy: () => string | null; cut: () => string | null; paste: (text: string) => boolean }): () => void {
  const concerned = () => home.contains(root.activeElement) && !isField(root.activeElement);
  const out = (read: () => string | null) => (event: ClipboardEvent) => {
    const text = concerned() ? read() : null;
    if (text === null) return;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  const into = (event: ClipboardEvent) => {
    if (concerned() && act.paste(event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
  };
  const listeners = [["copy", out(act.copy)], ["cut", out(act.cut)], ["paste", into]] as const;
  for (const [type, listener] of listeners) document.addEventListener(type, listener);
  return () => {
    for (const [type, listener] of listeners) document.removeEventListener(type, listener);
  };
}

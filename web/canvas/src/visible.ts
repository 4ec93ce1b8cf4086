// Which nodes are in sight: only their pictures are captured and sent, and only as sharp as they are seen. Told a moment
// after the view has come to rest, and only when it is another list.
import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect, useRef, type RefObject } from "react";

import type { CanvasEdge, CanvasNode, Session } from "./session.ts";
import type { Sight } from "./types.ts";

const REST = 400; // ms
const MOST = 200;
const ROOMS = [[0.5, 2_000], [0.25, 500], [0, 125]] as const; // numbers of a picture, from this zoom on: about one a pixel

export function useVisible(session: Session, pane: RefObject<HTMLElement | null>, tell: (sight: Sight) => void): () => void {
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const store = useStoreApi();
  const timer = useRef(0), last = useRef("");
  const look = useCallback(() => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      const { width, height } = store.getState();
      const { x, y, zoom } = flow.getViewport();
      const names = session.nodes.filter((node) => node.type === "layer" || node.type === "given").filter(({ position, width: w = 0, height: h = 0 }) =>
        position.x * zoom + x < width && (position.x + w) * zoom + x > 0 && position.y * zoom + y < height && (position.y + h) * zoom + y > 0)
        .map((node) => node.id).slice(0, MOST);
      const sight = { names, room: ROOMS.find(([from]) => zoom >= from)?.[1] ?? 0 };
      if (last.current === JSON.stringify(sight)) return;
      last.current = JSON.stringify(sight);
      tell(sight);
    }, REST);
  }, [flow, store, session, tell]);
  useEffect(look, [look, session.scene, pane]);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return look;
}

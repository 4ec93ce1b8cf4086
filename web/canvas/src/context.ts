// What every part of the canvas can reach: the session it belongs to, and whether the page is dark.
import { createContext, useContext, useSyncExternalStore } from "react";

import type { Session } from "./session.ts";

export interface Place { session: Session; dark: boolean; menu: (menu: Menu | null) => void }
export interface Menu { title: string; x: number; y: number; choose: (kind: string) => void }

const Context = createContext<Place | null>(null);
export const Placed = Context.Provider;

export function usePlace(): Place {
  const place = useContext(Context);
  if (!place) throw new Error("This part stands outside the canvas.");
  return place;
}

/** Draws again whenever the session has changed. */
export function useSession(): Session {
  const { session } = usePlace();
  useSyncExternalStore(session.subscribe, session.snapshot);
  return session;
}

// The bar on top: undo, redo, how large the network is, what just happened, what can be done with the chosen layers, how
// the canvas is looked at.
import { useReactFlow } from "@xyflow/react";
import { type FocusEvent } from "react";

import * as act from "./actions.ts";
import { useSession } from "./context.ts";
import { IconButton } from "./icons.tsx";
import type { Session } from "./session.ts";
import { compact, fill } from "./shared.ts";
import { texts } from "./texts.ts";

function size({ design }: Session): string {
  const layers = design?.nodes ?? [];
  const count = layers.length ? texts.LAYERS(layers.length) : texts.NO_LAYERS;
  const parameters = layers.reduce((sum, layer) => sum + (layer.parameters ?? 0), 0);
  return parameters ? fill(texts.SIZE, { layers: count, parameters: compact(parameters) }) : count;
}

export function Toolbar({ fit }: { fit: () => void }) {
  const session = useSession();
  const { zoomIn, zoomOut } = useReactFlow();
  return <div className="bar" role="toolbar" aria-label={texts.NETWORK}>
    <IconButton name="undo" label={texts.UNDO} onClick={() => act.history(session, "undo")} disabled={!session.data?.can_undo && !session.edits.waiting} />
    <IconButton name="redo" label={texts.REDO} onClick={() => act.history(session, "redo")} disabled={!session.data?.can_redo} />
    <span className="count">{size(session)}</span>
    <span className="status" role="status" aria-live="polite">{session.status}</span>
    <IconButton name="minus" label={texts.ZOOM_OUT} onClick={() => void zoomOut()} />
    <IconButton name="plus" label={texts.ZOOM_IN} onClick={() => void zoomIn()} />
    <IconButton name="fit" label={texts.FIT} onClick={fit} />
    <IconButton name="tidy" label={texts.TIDY} onClick={() => act.tidy(session)} />
    <Help />
  </div>;
}

function Help() {
  const keys = texts.KEYS as Record<string, string>, actions = texts.ACTIONS as Record<string, string>;
  const leave = (event: FocusEvent<HTMLDetailsElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) event.currentTarget.open = false;
  };
  return <details className="keys" onBlur={leave}>
    <summary aria-label={texts.SHORTCUTS_LONG}>{texts.SHORTCUTS}</summary>
    <div className="key-table">{Object.keys(actions).map((name) => [<kbd key={name}>{keys[name]}</kbd>, <span key={`${name} does`}>{actions[name]}</span>])}</div>
  </details>;
}

/** What can be done with several layers, above the canvas while they are chosen. */
export function Chosen() {
  const session = useSession();
  const count = act.chosenLayers(session).length;
  if (session.selection.size < 2) return null;
  return <div className="chosen-bar" role="toolbar" aria-label={texts.CHOSEN(count)}>
    <span>{texts.CHOSEN(count)}</span>
    <IconButton name="column" label={texts.ALIGN_COLUMN} onClick={() => act.align(session, "column")} />
    <IconButton name="row" label={texts.ALIGN_ROW} onClick={() => act.align(session, "row")} />
    <IconButton name="group" label={texts.GROUP} onClick={() => act.group(session)} />
    <IconButton name="copy" label={texts.DUPLICATE} onClick={() => act.duplicate(session)} />
    <IconButton name="trash" label={texts.DELETE} onClick={() => act.remove(session)} />
  </div>;
}

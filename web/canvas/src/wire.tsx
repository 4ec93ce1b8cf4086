// The wires: along the layout's passages, with the shape that flows; and the one that is being pulled, with what speaks
// against it.
import { BaseEdge, EdgeLabelRenderer, useInternalNode, useStore, type ConnectionLineComponentProps, type EdgeProps } from "@xyflow/react";
import { memo, useEffect, useRef } from "react";

import * as act from "./actions.ts";
import { usePlace } from "./context.ts";
import { gradients } from "./pictures.ts";
import { drawn, type Route } from "./route.ts";
import type { CanvasEdge, CanvasNode } from "./session.ts";
import type { Line } from "./scene.ts";
import { why } from "./pulling.ts";
import { fill } from "./shared.ts";
import { texts } from "./texts.ts";
import type { Point, Problem } from "./types.ts";

const HALF = 12; // px from the middle of a port to the edge of what a finger hits

export const WireView = memo(function WireView({ id, data, sourceX, sourceY, targetX, targetY, selected }: EdgeProps<CanvasEdge>) {
  const group = useRef<SVGGElement>(null);
  const line = data?.line;
  const [wire] = line?.of ?? []; // of several that a folded block gathers the first stands for all
  const key = wire ? `${wire.target}>${wire.slot}` : "";
  useEffect(() => gradients.listen(key, (now) => {
    group.current?.style.setProperty("--gradient", (now?.fraction ?? 0).toFixed(3));
    const title = group.current?.querySelector("title");
    if (title) title.textContent = now ? fill(texts.GRADIENT, { size: String(now.size) }) : "";
  }), [key]);
  if (!line) return null;
  const route = routeOf(line, [sourceX, sourceY - HALF], [targetX, targetY + HALF]);
  const problem = problemOf(line);
  const state = problem ? (problem.warning ? "warned" : "wrong") : "";
  return <g ref={group} className={`wire ${state} ${selected ? "chosen" : ""}`} data-wire={id}>
    <title />
    <BaseEdge id={id} path={route.path} interactionWidth={18} />
    <Label line={line} route={route} problem={problem} />
  </g>;
});

/** As planned while both ends stand where it was planned; straight down while one is being dragged. */
function routeOf(line: Line, from: Point, to: Point): Route {
  const at = (a: Point, b: Point) => Math.abs(a[0] - b[0]) < 1.5 && Math.abs(a[1] - b[1]) < 1.5;
  return drawn(from, to, at(from, line.from) && at(to, line.to) ? line.passages : []);
}

function problemOf({ of }: Line): Problem | null {
  const problem = of.find((wire) => wire.problem)?.problem ?? null;
  return typeof problem === "string" ? { sentence: problem, repair: null, warning: false } : problem;
}

/** A sentence that stands on the layer already is not said again on its wire. */
function Label({ line, route, problem: found }: { line: Line; route: Route; problem: Problem | null }) {
  const { session } = usePlace();
  const layer = session.design?.nodes.find((node) => node.name === line.target);
  const problem = layer?.problem ? null : found;
  const shape = line.of[0]?.shape ?? null;
  if (!shape && !problem) return null;
  const [x, y] = route.label;
  return <EdgeLabelRenderer>
    <div className={`wire-label ${problem ? "wrong" : found ? "red" : ""}`} style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>
      {shape && <span className="shape">{shape}</span>}
      {problem && <span className="sentence" title={problem.sentence}>{problem.sentence}</span>}
      {problem?.repair && <button type="button" className="repair" onClick={() => act.repair(session, line.target, problem)}>{problem.repair.label}</button>}
    </div>
  </EdgeLabelRenderer>;
}

export function Pulled({ fromX, fromY, toX, toY, fromNode, fromHandle, toNode }: ConnectionLineComponentProps<CanvasNode>) {
  const { session } = usePlace();
  const over = useInternalNode(toNode?.id ?? "");
  const zoom = useStore((store) => store.transform[2]);
  const up = fromHandle.type === "target";
  const sentence = over ? (up ? why(session, over.id, fromNode.id) : why(session, fromNode.id, over.id)) : null;
  const ends: [Point, Point] = up ? [[toX, toY], [fromX, fromY]] : [[fromX, fromY], [toX, toY]];
  return <g className={`pulled ${sentence ? "wrong" : over ? "right" : ""}`}>
    <path d={drawn(ends[0], ends[1], []).path} />
    {sentence && <foreignObject x={0} y={0} width={280} height={120} transform={`translate(${toX + 14 / zoom} ${toY - 8 / zoom}) scale(${1 / zoom})`}><div className="objection">{sentence}</div></foreignObject>}
  </g>;
}

export const EDGE_TYPES = { wire: WireView };

// The nodes: a layer, an input, a folded block, an open block's frame, what the task wants. Each is drawn from its data
// alone and drawn again only when that changes; pictures that live are drawn past React.
import { Handle, Position, type NodeProps } from "@xyflow/react";
import { memo, useEffect, useRef, useState, type CSSProperties, type KeyboardEvent, type ReactNode } from "react";

import * as act from "./actions.ts";
import { useSession, usePlace } from "./context.ts";
import { Icon, IconButton } from "./icons.tsx";
import { paint, pictures } from "./pictures.ts";
import { portShare } from "./scene.ts";
import type { CanvasNode } from "./session.ts";
import { compact, fill } from "./shared.ts";
import { texts } from "./texts.ts";
import type { Block, Family, InputNode, LayerNode, Problem } from "./types.ts";

type Props = NodeProps<CanvasNode>;

function Ports({ slots, out = true }: { slots: number; out?: boolean }) {
  return <>
    {Array.from({ length: slots }, (_, slot) =>
      <Handle key={slot} id={`in${slot}`} type="target" position={Position.Top} style={{ left: `${portShare(slot, slots) * 100}%` }} />)}
    {out && <Handle id="out" type="source" position={Position.Bottom} />}
  </>;
}

const coloured = (family: Family | null) =>
  ({ "--light": family?.color_light ?? "currentColor", "--dark": family?.color_dark ?? "currentColor" }) as CSSProperties;

/** What the feed brings of a node: before any training, or as the network runs. `given`: what Python drew of an input. */
function Picture({ name, given = null }: { name: string; given?: string | null }) {
  const { dark } = usePlace();
  const [look, setLook] = useState<"still" | "live" | null>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => pictures.listen(name, (shown) => {
    setLook(shown && (shown.live ? "live" : "still"));
    if (shown && canvas.current) paint(canvas.current, shown, dark);
  }), [name, dark]);
  return <div className="picture-frame">
    <canvas ref={canvas} className={`picture ${look ?? "none"}`} hidden={!look} />
    {given && !look && <img className="picture" src={given} alt="" draggable={false} />}
  </div>;
}

function Cost({ parameters }: { parameters: number | null }) {
  if (!parameters) return null;
  return <div className="cost" title={texts.PARAMETERS(parameters)}><b>{compact(parameters)}</b> {parameters === 1 ? texts.PARAMETER_UNIT : texts.PARAMETERS_UNIT}</div>;
}

function Trouble({ name, problem }: { name: string; problem: Problem }) {
  const session = useSession();
  return <div className="problem">
    <span className="sentence" title={problem.sentence}>{problem.sentence}</span>
    {problem.repair && <button type="button" className="repair nodrag" onClick={() => act.repair(session, name, problem)}>{problem.repair.label}</button>}
  </div>;
}

function Name({ name }: { name: string }) {
  const session = useSession();
  if (session.renaming !== name) return <span className="name" onDoubleClick={() => { session.renaming = name; session.emit(); }}>{name}</span>;
  return <NameField name={name} />;
}

function NameField({ name }: { name: string }) {
  const session = useSession();
  const [why, setWhy] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.select();
    session.hold("name", true); // another tab may delete the layer: then the name is refused with a sentence, not lost
    return () => session.hold("name", false);
  }, [session]);
  const end = (take: boolean) => {
    const objection = take && session.renaming === name ? act.rename(session, name, field.current?.value ?? "") : null;
    if (objection) return setWhy(objection);
    session.renaming = null;
    session.emit();
  };
  const key = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing || !["Enter", "Escape"].includes(event.key)) return;
    end(event.key === "Enter");
  };
  return <input ref={field} className="rename nodrag" defaultValue={name} maxLength={40} aria-label={fill(texts.NEW_NAME, { name })} autoComplete="off"
    spellCheck={false} aria-invalid={why ? true : undefined} title={why} onKeyDown={key} onBlur={() => end(why === "")} autoFocus />;
}

function Card({ id, data, kind, children, says, className = "" }: { id: string; data: CanvasNode["data"]; kind: string; children: ReactNode; says: string; className?: string }) {
  return <div className={`node ${className}`} style={coloured(data.family)} data-node={id} tabIndex={data.tabbable ? 0 : -1} role="group"
    aria-roledescription={kind} aria-label={says}>{children}</div>;
}

function saysOf(layer: LayerNode): string {
  const { problem } = layer;
  const trouble = problem && fill(problem.warning ? texts.WARNING_SAYS : texts.PROBLEM_SAYS, { sentence: problem.sentence });
  return [fill(texts.NODE_SAYS, { name: layer.name, kind: layer.kind }), layer.summary, layer.out_shape && fill(texts.GIVES, { shape: layer.out_shape }),
    layer.parameters && texts.PARAMETERS(layer.parameters), trouble].filter(Boolean).join(", ");
}

function Opener({ name }: { name: string }) {
  const { session } = usePlace();
  const label = fill(texts.OPEN_LAYER, { name });
  return <button type="button" className="unfold nodrag" tabIndex={-1} aria-expanded={false} aria-label={label} title={label}
    onClick={() => act.open(session, name)}><Icon name="chevron" /></button>;
}

function LayerBody({ layer }: { layer: LayerNode }) {
  return <>
    <div className="title">{layer.opens && <Opener name={layer.name} />}<Name name={layer.name} /><span className="kind">{layer.kind}</span></div>
    {layer.summary && <div className="summary" title={layer.summary}>{layer.summary}</div>}
    {(layer.picture || layer.out_shape || layer.parameters) && <div className={layer.picture ? "facts pictured" : "facts"}>
      {layer.picture && <Picture name={layer.name} />}
      <div className="numbers"><div className="shape">{layer.out_shape}</div><Cost parameters={layer.parameters} />
        {!layer.trainable && <div className="frozen">{texts.FROZEN}</div>}</div>
    </div>}
    {layer.problem && <Trouble name={layer.name} problem={layer.problem} />}
  </>;
}

const LayerView = memo(function LayerView({ id, data }: Props) {
  if (data.body.type !== "layer") return null;
  const { layer } = data.body;
  const state = layer.problem ? (layer.problem.warning ? "warned" : "wrong") : "";
  return <>
    <Card id={id} data={data} kind={layer.kind} says={saysOf(layer)} className={state}><LayerBody layer={layer} /></Card>
    <Ports slots={data.slots} />
  </>;
});

function InputBody({ input }: { input: InputNode }) {
  return <>
    <div className="title"><span className="name">{input.name}</span><span className="kind">{texts.INPUT}</span></div>
    <div className="summary" title={input.title}>{input.title}</div>
    <div className={input.picture ? "facts pictured" : "facts"}>
      {input.picture && <Picture name={input.name} given={input.picture} />}<div className="numbers"><div className="shape">{input.shape}</div></div>
    </div>
  </>;
}

const InputView = memo(function InputView({ id, data }: Props) {
  if (data.body.type !== "given") return null;
  const { input } = data.body;
  const says = [fill(texts.NODE_SAYS, { name: input.name, kind: texts.INPUT }), fill(texts.GIVES, { shape: input.shape })].join(", ");
  return <><Card id={id} data={data} kind={texts.INPUT} says={says} className="input"><InputBody input={input} /></Card><Ports slots={0} /></>;
});

function Saver({ block }: { block: Block }) {
  const { session } = usePlace();
  return <span className="nodrag saver"><IconButton name="save" label={fill(texts.SAVE_GROUP, { title: block.title })} onClick={() => act.saveGroup(session, block)} /></span>;
}

const BlockView = memo(function BlockView({ id, data }: Props) {
  const { session } = usePlace();
  if (data.body.type !== "block") return null;
  const { block, parameters, shape, problems } = data.body;
  const layers = texts.LAYERS(block.layers.length);
  const says = [block.title, layers, shape && fill(texts.GIVES, { shape }), problems && texts.PROBLEMS(problems)].filter(Boolean).join(", ");
  return <>
    <Card id={id} data={data} kind={layers} says={says} className={problems ? "block wrong" : "block"}>
      <div className="title"><button type="button" className="unfold nodrag" tabIndex={-1} aria-expanded={false} aria-label={fill(texts.OPEN_BLOCK, { title: block.title })}
        title={fill(texts.OPEN_BLOCK, { title: block.title })} onClick={() => act.fold(session, block)}><Icon name="chevron" /></button>
        <span className="name">{block.title}</span><Saver block={block} /></div>
      <div className="summary">{problems ? texts.PROBLEMS(problems) : layers}</div>
      <div className="facts"><div className="numbers"><div className="shape">{shape}</div><Cost parameters={parameters} /></div></div>
    </Card>
    <Ports slots={data.slots} />
  </>;
});

function FrameHead({ block }: { block: Block }) {
  const { session } = usePlace();
  return <div className="frame-head">
    <button type="button" className="unfold nodrag" aria-expanded={true} aria-label={fill(texts.FOLD_BLOCK, { title: block.title })}
      title={fill(texts.FOLD_BLOCK, { title: block.title })} onClick={() => act.fold(session, block)}><Icon name="chevron" /></button>
    <span className="name">{block.title}</span>
    <Saver block={block} />
    <span className="nodrag"><IconButton name="ungroup" label={fill(texts.UNGROUP, { title: block.title })} onClick={() => act.ungroup(session, block)} /></span>
  </div>;
}

const FrameView = memo(function FrameView({ data }: Props) {
  return data.body.type === "frame" ? <div className="open-block"><FrameHead block={data.body.block} /></div> : null;
});

const AnswerView = memo(function AnswerView({ data }: Props) {
  if (data.body.type !== "answer") return null;
  return <><div className="node answer">{fill(texts.WANTED, { shape: data.body.shape })}</div><Ports slots={1} out={false} /></>;
});

export const NODE_TYPES = { layer: LayerView, given: InputView, block: BlockView, frame: FrameView, answer: AnswerView };

// What Python does with an edit, in short: enough for the canvas to be driven, and no shapes.

export function begin({ layers, inputs = ["image"], blocks = [], places = {}, problems = {} }) {
  return { layers, inputs, blocks, places, problems, version: 1, selected: [], undos: [], redos: [] };
}

const copyOf = ({ layers, blocks, places, problems }) => structuredClone({ layers, blocks, places, problems });

/** Changes the state; returns why not, where it cannot be. */
export function apply(state, edit) {
  if (edit.type === "select") {
    state.selected = edit.names;
    return null;
  }
  state.version += 1;
  if (edit.type === "undo" || edit.type === "redo") return travel(state, edit.type);
  const before = copyOf(state);
  const sentence = EDITS[edit.type](state, edit) ?? null;
  if (sentence) Object.assign(state, before);
  else {
    state.undos.push(before);
    state.redos = [];
  }
  return sentence;
}

function travel(state, type) {
  const [from, to] = type === "undo" ? [state.undos, state.redos] : [state.redos, state.undos];
  const found = from.pop();
  if (!found) return null;
  to.push(copyOf(state));
  Object.assign(state, found);
  return null;
}

const named = (state, name) => state.layers.find((layer) => layer.name === name);

function fresh(state, kind) {
  let number = 1;
  while (named(state, `${kind.toLowerCase()}${number}`)) number += 1;
  return `${kind.toLowerCase()}${number}`;
}

function sorted(state) {
  const done = new Set(state.inputs), order = [];
  let rest = state.layers;
  while (rest.length) {
    const next = rest.find((layer) => layer.inputs.every((name) => done.has(name) || !named(state, name)));
    if (!next) return "That would close a circle.";
    order.push(next);
    done.add(next.name);
    rest = rest.filter((layer) => layer !== next);
  }
  state.layers = order;
  return null;
}

function wire(state, { source, target, slot }) {
  const layer = named(state, target);
  if (!layer || !(named(state, source) || state.inputs.includes(source))) return `${source} or ${target} is gone.`;
  const at = slot ?? (layer.most === 1 ? 0 : layer.inputs.length);
  layer.inputs[Math.min(at, layer.inputs.length)] = source;
  return sorted(state);
}

function add(state, { kind, x, y, onto, after, from, positions = {} }) {
  const name = fresh(state, kind), joins = kind === "Add" || kind === "Concat";
  const source = onto?.source ?? after ?? from ?? state.layers.at(-1)?.name ?? state.inputs[0];
  const at = state.layers.findIndex((layer) => layer.name === source) + 1;
  if (after) for (const layer of state.layers) layer.inputs = layer.inputs.map((input) => (input === after ? name : input));
  if (onto) named(state, onto.target).inputs[onto.slot] = name;
  state.layers.splice(at, 0, { name, kind, inputs: [source], most: joins ? 8 : 1 });
  if (x !== undefined) state.places[name] = [x, y];
  Object.assign(state.places, positions);
  state.selected = [name];
}

function remove(state, names) {
  for (const name of names) {
    const gone = named(state, name);
    if (!gone) continue;
    state.layers = state.layers.filter((layer) => layer !== gone);
    for (const layer of state.layers) layer.inputs = layer.inputs.map((input) => (input === name ? gone.inputs[0] : input));
    for (const block of state.blocks) block.layers = block.layers.filter((one) => one !== name);
  }
  state.selected = [];
}

function paste(state, { layers, x, y, places = [] }) {
  const names = new Map();
  layers.forEach((spec, at) => {
    const name = fresh(state, spec.kind);
    names.set(spec.name, name);
    const inputs = (spec.inputs ?? []).map((input) => names.get(input) ?? input);
    state.layers.push({ name, kind: spec.kind, inputs, most: spec.kind === "Add" ? 8 : 1 });
    if (places[at]) state.places[name] = [x + places[at][0], y + places[at][1]];
  });
  state.selected = [...names.values()];
  return sorted(state);
}

const EDITS = {
  add, connect: wire, paste,
  disconnect(state, { source, target, slot }) {
    const layer = named(state, target);
    if (layer?.inputs[slot] !== source) return `${target} does not take ${source}.`;
    if (layer.inputs.length === 1) return `${target} takes one input: it cannot be without a wire.`;
    layer.inputs.splice(slot, 1);
    return null;
  },
  reconnect(state, { from, to }) {
    const layer = named(state, from.target);
    if (to.target === from.target) {
      layer.inputs[from.slot] = to.source;
      return sorted(state);
    }
    return wire(state, to);
  },
  delete: (state, { names }) => remove(state, names),
  move: (state, { positions }) => { Object.assign(state.places, positions); },
  tidy: (state, { positions }) => { Object.assign(state.places, positions); },
  rename(state, { name, to }) {
    named(state, name).name = to;
    for (const layer of state.layers) layer.inputs = layer.inputs.map((input) => (input === name ? to : input));
    state.selected = [to];
  },
  duplicate(state, { names, dx, dy }) {
    const layers = names.map((name) => named(state, name)).map((layer) => ({ ...layer, inputs: [...layer.inputs] }));
    const place = (name) => (dx === undefined || !state.places[name] ? null : [state.places[name][0] + dx, state.places[name][1] + dy]);
    return paste(state, { layers, x: 0, y: 0, places: names.map(place) });
  },
  replace: (state, { name, kind }) => { named(state, name).kind = kind; },
  group: (state, { title, layers }) => { state.blocks.push({ title, layers, folded: false }); },
  save_group: (state, { title }) => { state.groups = [...state.groups ?? [], { title, sentence: "Some layers." }]; },
  remove_group: (state, { title }) => { state.groups = state.groups.filter((group) => group.title !== title); },
  add_group: (state, { onto, after }) => add(state, { kind: "ReLU", ...(onto ? { onto } : {}), ...(after ? { after } : {}) }),
  ungroup: (state, { title }) => { state.blocks = state.blocks.filter((block) => block.title !== title); },
  fold(state, { title, folded, positions = {} }) {
    state.blocks.find((block) => block.title === title).folded = folded;
    Object.assign(state.places, positions);
  },
  repair: (state, { name }) => { delete state.problems[name]; },
};

// What the column shows: Python's cards with the edits that Python has not answered yet played on top.
// Pure functions over plain objects; knows nothing of the page or of Streamlit.
//
// A shown card is Python's card plus `id`, by which the page finds it again, and `pending`: true for a card
// that Python has yet to make and name. A state is { cards, cursor }, cursor the chosen card's id or null.

export const idOf = (name) => `n:${name}`;

export function start(base) {
  const cards = base.cards.map((card) => ({ ...card, id: idOf(card.name), pending: false }));
  const selected = cards.find((card) => card.name === base.selected);
  return { cards, cursor: selected ? selected.id : null };
}

export function replay(base, entries) {
  const play = (state, { rev, edit, like }) => (PLAY[edit.type] ?? same)(state, edit, rev, like);
  return entries.reduce(play, start(base));
}

const same = (state) => state;

const indexOf = (state, name) => state.cards.findIndex((card) => card.name === name && !card.pending);

const UNKNOWN = { out_shape: null, parameters: null, multiply_adds: null, picture: null, inputs: null,
  inputs_explicit: false, error: null };

function placeholder(rev, like) {
  return { name: like.kind, summary: "", ...like, ...UNKNOWN, id: `p:${rev}`, pending: true };
}

function insert(state, at, card) {
  const cards = [...state.cards];
  cards.splice(Math.min(at, cards.length), 0, card);
  return { cards, cursor: card.id };
}

// A card in a new place takes the one before it, unless the user wired it: an old name would be a wrong wire.
const unwired = (cards) => cards.map((card) => (card.inputs_explicit ? card : { ...card, inputs: null }));

const PLAY = {
  add: (state, edit, rev, like) => insert(state, edit.at, placeholder(rev, like)),

  duplicate(state, edit, rev) {
    const index = indexOf(state, edit.name);
    if (index < 0) return state;
    const { kind, family, summary } = state.cards[index];
    return insert(state, index + 1, placeholder(rev, { kind, family, summary }));
  },

  move(state, edit) {
    const index = indexOf(state, edit.name);
    if (index < 0) return state;
    const cards = unwired(state.cards);
    cards.splice(Math.min(edit.to, cards.length - 1), 0, ...cards.splice(index, 1));
    return { ...state, cards };
  },

  delete(state, edit) {
    const index = indexOf(state, edit.name);
    if (index < 0) return state;
    const cards = unwired(state.cards.filter((_, place) => place !== index));
    const next = state.cards[index + 1] ?? state.cards[index - 1] ?? null;
    const gone = state.cursor === state.cards[index].id;
    return { cards, cursor: gone ? next && next.id : state.cursor };
  },

  rename(state, edit) {
    const renamed = (card) => (card.name === edit.name && !card.pending ? { ...card, name: edit.to } : card);
    return { ...state, cards: state.cards.map(renamed) };
  },

  select(state, edit) {
    const index = edit.name === null ? -1 : indexOf(state, edit.name);
    return { ...state, cursor: index < 0 ? null : state.cards[index].id };
  },
};

// Which new id a card goes by, now that Python has answered `answered` to `oldBase` with `newBase`:
// renamed cards, and placeholders that got their name. Placeholders are matched by order; where Python has
// refused one, none is.
export function aliases(oldBase, answered, newBase) {
  const map = new Map();
  const now = new Set(newBase.cards.map((card) => card.name));
  const before = new Set(oldBase.cards.map((card) => card.name));
  const expected = replay(oldBase, answered).cards;
  for (const card of expected) {
    if (!card.pending && card.id !== idOf(card.name) && now.has(card.name)) map.set(card.id, idOf(card.name));
  }
  const renamed = new Set(map.values());
  const fresh = newBase.cards.filter((card) => !before.has(card.name) && !renamed.has(idOf(card.name)));
  const awaited = expected.filter((card) => card.pending);
  if (fresh.length === awaited.length) awaited.forEach((card, i) => map.set(card.id, idOf(fresh[i].name)));
  return map;
}

// The wires that are not simply "from the one above": { from, to } as places in inputs followed by cards.
export function arcs(inputs, cards) {
  const place = new Map([...inputs, ...cards].map((item, index) => [item.name, index]));
  return cards.flatMap((card, index) => {
    const to = inputs.length + index;
    return sources(card).map((name) => place.get(name))
      .filter((from) => from !== undefined && from < to - 1)
      .map((from) => ({ from, to }));
  });
}

const sources = (card) => card.inputs ?? [];

// Whether the card at `index` takes what stands right above it, so that a line joins the two.
export function joined(inputs, cards, index) {
  const above = index > 0 ? cards[index - 1] : inputs.at(-1);
  if (!above) return false;
  return cards[index].inputs === null || cards[index].inputs.includes(above.name);
}

// Gives every arc a lane, 0 next to the cards, so that arcs which overlap do not cross on one line.
export function lanes(list) {
  const ends = [];
  const byLength = [...list].sort((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from);
  return byLength.map((arc) => {
    const clear = (other) => arc.to <= other.from || arc.from >= other.to;
    let lane = ends.findIndex((taken) => taken.every(clear));
    if (lane < 0) lane = ends.push([]) - 1;
    ends[lane].push(arc);
    return { ...arc, lane };
  });
}

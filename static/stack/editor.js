// The editor as a whole: holds Python's last word and the edits on their way, turns clicks, keys and drags
// into edits. Python owns the design: shown are always its cards with the unanswered edits played on top.

const here = new URL(import.meta.url).search;
const files = ["icons", "model", "queue", "palette", "column", "drag", "toolbar", "keys", "texts"];
const [{ h }, model, { Queue }, { Palette }, { Column }, { Drag }, { Toolbar }, keys, { texts }] =
  await Promise.all(files.map((file) => import(`./${file}.js${here}`)));
const { isDark } = await import("../shared/theme.js" + here);
const { fill } = await import("../shared/translation.js" + here);

const COMPACT = 560; // px of own width below which the palette goes above the column; the same in main.css

export class Editor {
  constructor(parent) {
    this.queue = new Queue();
    this.waiting = []; // edits of cards that Python has yet to name: { id, make }
    this.families = new Map();
    this.kinds = new Map();
    this.bar = new Toolbar({ undo: () => this.history("undo"), redo: () => this.history("redo") });
    this.palette = new Palette({ choose: (kind) => this.add(kind, this.afterCursor()),
      press: (event, layer) => this.pressLayer(event, layer), leave: () => this.column.focus() });
    this.column = new Column(this.cardActions());
    this.root = h("div", { class: "stack", onkeydown: (event) => this.keydown(event) }, this.bar.element,
      h("div", { class: "body" }, this.palette.element, this.column.element));
    this.drag = new Drag({ surface: this.root, column: this.column, tell: (text) => this.bar.say(text),
      drop: (load, gap) => this.dropped(load, gap), gapFor: (load, gap) => this.gapFor(load, gap) });
    parent.append(this.root, this.drag.ghost);
    this.listen();
  }

  listen() {
    this.resize = new ResizeObserver(([entry]) => this.palette.setCompact(entry.contentRect.width < COMPACT));
    this.resize.observe(this.root);
    this.onPage = (event) => event.target === document.body && this.handle(event, keys.anywhere);
    document.addEventListener("keydown", this.onPage);
  }

  close() {
    this.resize.disconnect();
    document.removeEventListener("keydown", this.onPage);
    this.queue.close();
    this.drag.close();
    this.column.close();
  }

  // data: what stack.py sends; send: puts a message to it on its way.
  update(data, send) {
    this.queue.send = send;
    const old = this.base;
    const answered = this.queue.accept(data);
    if (answered === null) {
      this.waiting = [];
      this.bar.say(""); // what was said was said of another design
    }
    this.base = data;
    this.readPalette(data.palette);
    this.root.style.setProperty("--height", `${data.height}px`);
    this.root.dataset.theme = isDark(this.root) ? "dark" : "light";
    const renamed = old && answered?.length ? model.aliases(old, answered, data) : new Map();
    this.draw(renamed);
    this.sayNewProblem(old, data);
    this.release(renamed);
  }

  readPalette(palette) {
    this.palette.draw(palette);
    this.families = new Map(palette.map((family) => [family.family, family]));
    const pairs = ({ family, layers }) => layers.map((layer) => [layer.kind, family]);
    this.kinds = new Map(palette.flatMap(pairs));
  }

  draw(renamed = new Map()) {
    this.state = model.replay(this.base, this.queue.entries);
    this.column.draw(this.state, this.base.inputs, this.families, renamed);
    this.bar.draw({ cards: this.state.cards, canUndo: this.canUndo, canRedo: this.base.can_redo });
  }

  get canUndo() {
    return this.base.can_undo || this.queue.busy;
  }

  get cursor() {
    return this.find(this.state.cursor);
  }

  find(id) {
    return this.state.cards.find((card) => card.id === id) ?? null;
  }

  indexOf(card) {
    return this.state.cards.findIndex((other) => other.id === card.id);
  }

  afterCursor() {
    return this.cursor ? this.indexOf(this.cursor) + 1 : this.state.cards.length;
  }

  push(...edits) {
    for (const edit of edits) this.queue.push(edit, edit.type === "add" ? this.likeOf(edit.kind) : null);
    this.draw();
  }

  likeOf(kind) {
    return { kind, family: this.kinds.get(kind) ?? null };
  }

  // Does make(card) now, or, where Python has yet to name the card or an earlier edit waits so, in its turn.
  act(card, make) {
    if (this.waiting.length || card?.pending) this.waiting.push({ id: card?.id ?? null, make });
    else make(card);
  }

  release(renamed) {
    const list = this.waiting;
    this.waiting = [];
    for (const { id, make } of list) {
      const card = this.find(renamed.get(id) ?? id);
      if (card || id === null) this.act(card, make);
    }
  }

  add(kind, at) {
    this.act(null, () => {
      const place = Math.min(at, this.state.cards.length);
      this.push({ type: "add", kind, at: place });
      this.bar.say(fill(texts.ADDED, { kind, place: place + 1 }));
    });
  }

  move(card, to) {
    this.act(card, ({ id, name }) => {
      const place = Math.max(0, Math.min(to, this.state.cards.length - 1));
      if (place === this.indexOf({ id })) return;
      this.push({ type: "move", name, to: place });
      this.bar.say(fill(texts.MOVED, { name, place: place + 1, count: this.state.cards.length }));
    });
  }

  duplicate(card) {
    this.act(card, ({ name }) => {
      this.push({ type: "duplicate", name });
      this.bar.say(fill(texts.DUPLICATED, { name }));
    });
  }

  // The card below is chosen next, so that one more press goes on from there.
  remove(card) {
    this.act(card, (now) => {
      const index = this.indexOf(now);
      const next = this.state.cards[index + 1] ?? this.state.cards[index - 1];
      const follow = this.state.cursor === now.id && !next?.pending;
      const then = follow ? [{ type: "select", name: next?.name ?? null }] : [];
      this.push({ type: "delete", name: now.name }, ...then);
      this.bar.say(fill(texts.DELETED, { name: now.name }));
    });
  }

  rename(card) {
    this.act(card, ({ id }) => this.column.rename(id, (now, name) => this.commitName(now, name)));
  }

  commitName(card, name) {
    const taken = [...this.state.cards, ...this.base.inputs].some((other) => other.name === name);
    if (taken) return fill(texts.NAME_TAKEN, { name });
    this.push({ type: "rename", name: card.name, to: name });
    this.bar.say(fill(texts.RENAMED, { name: card.name, other: name }));
    return null;
  }

  select(card) {
    if (this.state.cursor === (card?.id ?? null)) return;
    this.act(card, (now) => this.push({ type: "select", name: now?.name ?? null }));
  }

  repair(card) {
    this.act(card, ({ name, error }) => {
      if (!error?.repair) return;
      this.push({ type: "repair", name });
      this.bar.say(fill(texts.REPAIRED, { label: error.repair.label }));
    });
  }

  history(type) {
    if (type === "undo" ? !this.canUndo : !this.base.can_redo) return;
    this.act(null, () => {
      this.push({ type });
      this.bar.say(type === "undo" ? texts.UNDONE : texts.REDONE);
    });
  }

  sayNewProblem(old, data) {
    const known = new Set((old?.cards ?? []).map((card) => card.error?.sentence));
    const fresh = old && data.cards.find((card) => card.error && !known.has(card.error.sentence));
    if (!fresh) return;
    const text = fresh.error.warning ? texts.NEW_WARNING : texts.NEW_PROBLEM;
    this.bar.say(fill(text, { name: fresh.name, sentence: fresh.error.sentence }));
  }

  cardActions() {
    return {
      rename: (slot) => this.rename(slot.card),
      duplicate: (slot) => this.duplicate(slot.card),
      remove: (slot) => this.remove(slot.card),
      repair: (slot) => this.repair(slot.card),
      choose: (slot) => this.select(slot.card),
      press: (event, slot) => this.pressCard(event, slot),
      deselect: () => this.select(null),
    };
  }

  pressLayer(event, layer) {
    this.drag.press(event, { ...layer, label: layer.kind, element: event.currentTarget, handle: false });
  }

  pressCard(event, slot) {
    if (slot.card.pending || event.target.closest("input, button")) return;
    const handle = event.target.closest(".grip") !== null;
    this.drag.press(event, { card: slot.card.id, label: slot.card.name, element: slot, handle });
  }

  gapFor(load, gap) {
    if (!load.card) return gap;
    const from = this.state.cards.findIndex((card) => card.id === load.card);
    return from < 0 || gap === from || gap === from + 1 ? null : gap;
  }

  dropped(load, gap) {
    if (!load.card) return this.add(load.kind, gap);
    const card = this.find(load.card);
    if (!card) return; // Python took it away meanwhile
    this.select(card);
    this.move(card, gap > this.indexOf(card) ? gap - 1 : gap);
  }

  keydown(event) {
    if (event.target.closest("input")) return; // what is typed there is nobody's shortcut
    const onCards = this.column.element.contains(event.target);
    if (!(onCards && this.handle(event, keys.onCards))) this.handle(event, keys.anywhere);
  }

  handle(event, read) {
    if (event.defaultPrevented || read(event, this.keyActions()) === false) return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  // Each does its work where it can and returns nothing: the key is taken either way.
  keyActions() {
    const onCursor = (work) => () => { if (this.cursor) work(this.cursor); };
    return {
      undo: () => this.history("undo"),
      redo: () => this.history("redo"),
      find: () => this.palette.focus(),
      step: (by) => this.step(by),
      move: (by) => onCursor((card) => this.move(card, this.indexOf(card) + by))(),
      remove: onCursor((card) => this.remove(card)),
      duplicate: onCursor((card) => this.duplicate(card)),
      rename: onCursor((card) => this.rename(card)),
      deselect: () => this.select(null),
    };
  }

  step(by) {
    const { cards } = this.state;
    if (cards.length === 0) return;
    const now = this.cursor ? this.indexOf(this.cursor) + by : by < 0 ? cards.length - 1 : 0;
    const card = cards[Math.max(0, Math.min(now, cards.length - 1))];
    if (!card.pending) this.select(card);
    this.column.focus();
  }
}

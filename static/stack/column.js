// The network as a column of cards. Shows a state (see model.js), says where a pointer is between the cards,
// and draws the line where a dragged layer would land. Knows nothing of Python or of how an edit is made.

const here = new URL(import.meta.url).search;
const { h } = await import("./icons.js" + here);
const { drawSlot, makeSlot } = await import("./card.js" + here);
const { arcs, joined } = await import("./model.js" + here);
const { drawPicture, makePicture, shownSize, unfollowPicture } = await import("./picture.js" + here);
const { Naming } = await import("./naming.js" + here);
const { texts } = await import("./texts.js" + here);
const { fill } = await import("../shared/translation.js" + here);
const { setInSight } = await import("../shared/live_pictures.js" + here);
const { Wires } = await import("./wires.js" + here);

export class Column {
  // tell: see makeSlot, and deselect() for a click beside the cards.
  constructor(tell) {
    this.tell = tell;
    this.slots = new Map(); // card id -> slot
    this.wires = new Wires();
    this.inputs = h("div", { class: "inputs", role: "group", "aria-label": texts.INPUTS });
    this.list = h("div", { class: "list", role: "list", "aria-label": texts.LAYERS_IN_ORDER });
    this.empty = h("div", { class: "empty" }, h("b", { text: texts.EMPTY }),
      h("span", { text: texts.EMPTY_WHY }));
    this.line = h("div", { class: "insertion", hidden: "" });
    const parts = [this.wires.element, this.inputs, this.list, this.empty, this.line];
    const clicked = (event) => this.clicked(event);
    this.track = h("div", { class: "track" }, ...parts);
    this.element = h("div", { class: "column", tabindex: "-1", onclick: clicked }, this.track);
    this.watch = new ResizeObserver(() => this.drawWires());
    this.watch.observe(this.track);
    this.sight = new IntersectionObserver((entries) => this.looked(entries));
  }

  close() {
    this.watch.disconnect();
    this.sight.disconnect();
    for (const slot of this.slots.values()) unfollowPicture(slot.parts.picture);
    setInSight([]);
  }

  // Which cards are in sight: only their live pictures are asked for.
  looked(entries) {
    for (const { target, isIntersecting } of entries) target.of.inSight = isIntersecting;
    this.tellSight();
  }

  tellSight() {
    setInSight([...this.slots.values()].filter((slot) => slot.inSight).map((slot) => slot.card.name));
  }

  makeSlot() {
    const slot = makeSlot(this.tell);
    slot.parts.card.of = slot;
    this.sight.observe(slot.parts.card);
    return slot;
  }

  // families: family -> its colours. renamed: old id -> new id, so that a card keeps its element and focus.
  draw(state, inputs, families, renamed) {
    const focused = this.list.contains(this.list.getRootNode().activeElement);
    for (const [from, to] of renamed) this.rekey(from, to);
    this.state = state;
    this.sources = inputs;
    this.drawInputs(inputs);
    this.drawCards(families);
    this.drawWires();
    if (focused) this.keepFocus();
    const problem = this.slots.get(state.cursor)?.card.error?.sentence ?? null; // comes after its card, below it
    if (state.cursor !== this.shownCursor || (problem && problem !== this.shownProblem)) this.reveal(state.cursor);
    this.shownCursor = state.cursor;
    this.shownProblem = problem;
  }

  rekey(from, to) {
    const slot = this.slots.get(from);
    if (!slot || this.slots.has(to)) return;
    this.slots.delete(from);
    this.slots.set(to, slot);
    if (this.shownCursor === from) this.shownCursor = to;
  }

  drawInputs(inputs) {
    const source = JSON.stringify(inputs);
    if (source === this.inputSource) return;
    this.inputSource = source;
    this.inputs.replaceChildren(...inputs.map(inputCard));
  }

  drawCards(families) {
    const { cards, cursor } = this.state;
    const tabbable = cursor ?? cards[0]?.id;
    const order = cards.map((card, index) => {
      const slot = this.slots.get(card.id) ?? this.makeSlot();
      this.slots.set(card.id, slot);
      drawSlot(slot, { card, family: families.get(card.family), selected: card.id === cursor,
        tabbable: card.id === tabbable, joined: joined(this.sources, cards, index),
        place: index + 1, count: cards.length });
      return slot;
    });
    this.arrange(order);
    this.tellSight();
    this.empty.hidden = cards.length > 0;
    const pictures = [...this.sources, ...cards].map((item) => item.picture).filter(Boolean);
    const widest = Math.max(0, ...pictures.map((url) => shownSize(url).width));
    this.track.style.setProperty("--picture", `${widest}px`);
    this.track.classList.toggle("pictured", widest > 0);
  }

  // Moves as few elements as it can: an element that is moved loses focus and hover.
  arrange(order) {
    const keep = new Set(order);
    for (const [id, slot] of this.slots) {
      if (keep.has(slot)) continue;
      slot.remove();
      this.sight.unobserve(slot.parts.card);
      unfollowPicture(slot.parts.picture);
      this.slots.delete(id);
    }
    order.forEach((slot, index) => {
      if (this.list.children[index] !== slot) this.list.insertBefore(slot, this.list.children[index] ?? null);
    });
  }

  drawWires() {
    if (!this.state || this.track.offsetWidth === 0) return;
    const { cards, cursor } = this.state;
    const found = arcs(this.sources, cards);
    const gutter = Wires.gutter(found);
    this.track.style.setProperty("--gutter", `${gutter}px`);
    const index = cards.findIndex((card) => card.id === cursor);
    const chosen = index < 0 ? -1 : this.sources.length + index;
    this.wires.draw(found, found.length ? this.boxes() : [], chosen, gutter);
  }

  // Where the inputs and the cards are within the track, whatever it is scrolled to.
  boxes() {
    const top = this.track.getBoundingClientRect().top;
    const cards = this.state.cards.map((card) => this.slots.get(card.id).parts.card);
    return [...this.inputs.children, ...cards].map((element) => {
      const box = element.getBoundingClientRect();
      return { top: box.top - top, height: box.height };
    });
  }

  keepFocus() {
    const active = this.list.getRootNode().activeElement;
    const onCard = active?.classList.contains("card");
    if (this.list.contains(active) && !onCard) return;
    this.focus();
  }

  focus() {
    const slot = this.slots.get(this.state.cursor) ?? this.list.firstChild;
    (slot ? slot.parts.card : this.element).focus({ preventScroll: true });
  }

  // Scrolls the column, never the page around it.
  reveal(id) {
    const slot = this.slots.get(id);
    if (!slot) return;
    const [top, bottom] = [slot.offsetTop - 24, slot.offsetTop + slot.offsetHeight + 24];
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (bottom > scrollTop + clientHeight) this.element.scrollTop = bottom - clientHeight;
  }

  clicked(event) {
    if (!event.target.closest(".slot")) this.tell.deselect();
  }

  // Asks for a new name in the place of the old one; commit(card, name) answers null or why not.
  rename(id, commit) {
    const slot = this.slots.get(id);
    Naming.start(slot, (name) => commit(slot.card, name), () => this.focus());
  }

  // Between which cards a pointer at height y is: 0 before the first, cards.length after the last.
  gapAt(y) {
    const boxes = this.state.cards.map((card) => this.slots.get(card.id).getBoundingClientRect());
    const below = boxes.findIndex((box) => y < box.top + box.height / 2);
    return below < 0 ? boxes.length : below;
  }

  holds(x, y) {
    const box = this.element.getBoundingClientRect();
    return x >= box.left - 8 && x <= box.right + 8 && y >= box.top - 40 && y <= box.bottom + 40;
  }

  showLine(gap) {
    this.line.hidden = gap === null;
    this.track.classList.toggle("receiving", gap !== null && this.state.cards.length === 0);
    if (gap === null) return;
    const { cards } = this.state;
    const [above, below] = [this.slots.get(cards[gap - 1]?.id), this.slots.get(cards[gap]?.id)];
    const last = above ? above.offsetTop + above.offsetHeight + 6 : 0;
    this.line.style.top = `${below ? below.offsetTop + 6 : last}px`;
  }
}

function inputCard(input) {
  const kind = input.title.toLowerCase() === input.name.toLowerCase() ? texts.INPUT
    : fill(texts.INPUT_NAMED, { name: input.name });
  const picture = makePicture();
  drawPicture(picture, input.picture);
  return h("div", { class: "input", "data-name": input.name },
    h("div", { class: "text" }, h("div", { class: "title" },
      h("span", { class: "name", text: input.title }), h("span", { class: "kind", text: kind }))),
    h("div", { class: "numbers" }, h("div", { class: "shape", text: input.shape })), picture);
}

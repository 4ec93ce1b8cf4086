// One card of the column: a line to the card above, the card itself, its buttons, its problem.
// Is handed what to show and whom to tell; knows nothing of the order of cards or of Streamlit.

const here = new URL(import.meta.url).search;
const { h, icon, iconButton } = await import("./icons.js" + here);
const { setAttributes, setText } = await import("../shared/dom.js" + here);
const { compact } = await import("../shared/numbers.js" + here);
const { fill } = await import("../shared/translation.js" + here);
const { drawPicture, followPicture, makePicture } = await import("./picture.js" + here);
const { texts } = await import("./texts.js" + here);

// tell: { choose, rename, duplicate, remove, repair, press }: each is called with this card's slot, press
// with the event before it.
export function makeSlot(tell) {
  const part = (name, tag = "div") => h(tag, { class: name });
  const slot = h("div", { class: "slot", role: "listitem" });
  const button = (name, label, act) => iconButton(name, label, () => act(slot));
  slot.parts = {
    name: part("name", "span"), kind: part("kind", "span"), summary: part("summary"), from: part("from"),
    shape: part("shape"), parameters: part("cost"), work: part("cost"), sentence: part("sentence", "span"),
    picture: makePicture(),
    repair: h("button", { type: "button", class: "repair", onclick: () => tell.repair(slot) }),
    tools: h("div", { class: "tools" }, button("pencil", texts.RENAME, tell.rename),
      button("copy", texts.DUPLICATE, tell.duplicate), button("trash", texts.DELETE, tell.remove)),
  };
  assemble(slot, tell);
  return slot;
}

function assemble(slot, tell) {
  const { parts } = slot;
  parts.lock = h("span", { class: "lock", title: texts.FROZEN_WHY }, icon("lock"));
  parts.fromNames = h("span");
  parts.from.append(icon("wire"), parts.fromNames);
  parts.title = h("div", { class: "title", ondblclick: () => tell.rename(slot) }, parts.name, parts.kind, parts.lock);
  parts.card = h("div", { class: "card", role: "button", onclick: () => tell.choose(slot),
    onpointerdown: (event) => tell.press(event, slot) },
    h("span", { class: "grip" }, icon("grip")),
    h("div", { class: "text" }, parts.title, parts.summary, parts.from),
    h("div", { class: "numbers" }, parts.shape, parts.parameters, parts.work), parts.picture);
  parts.problem = h("div", { class: "problem" }, parts.sentence, parts.repair);
  slot.append(h("div", { class: "line" }), parts.card, parts.tools, parts.problem);
}

// shown: { card, family: { color_light, color_dark }, selected, tabbable, joined, place, count }
export function drawSlot(slot, shown) {
  const { card } = shown;
  slot.card = card;
  slot.classList.toggle("pending", card.pending);
  slot.classList.toggle("selected", shown.selected);
  slot.classList.toggle("wrong", card.error !== null && !card.error.warning);
  slot.classList.toggle("warned", Boolean(card.error?.warning));
  slot.classList.toggle("apart", !shown.joined);
  slot.style.setProperty("--light", shown.family?.color_light ?? "currentColor");
  slot.style.setProperty("--dark", shown.family?.color_dark ?? "currentColor");
  drawText(slot.parts, card);
  drawNumbers(slot.parts, card);
  drawProblem(slot.parts, card.error);
  drawAccess(slot, shown);
}

function drawText(parts, card) {
  setText(parts.name, card.name);
  setText(parts.kind, card.pending ? "" : card.kind);
  parts.title.title = card.name;
  parts.lock.hidden = card.trainable !== false;
  setText(parts.summary, card.summary);
  const wired = card.inputs_explicit && card.inputs && card.inputs.length > 0;
  parts.from.hidden = !wired;
  setText(parts.fromNames, wired ? fill(texts.FROM, { inputs: card.inputs.join(", ") }) : "");
}

function drawNumbers(parts, card) {
  setText(parts.shape, card.out_shape ?? "");
  drawCost(parts.parameters, card.parameters, texts.PARAMETERS, texts.PARAMETERS_UNIT, texts.PARAMETER_UNIT);
  drawCost(parts.work, card.multiply_adds, texts.MULTIPLY_ADDS, texts.MULTIPLY_ADDS_UNIT, texts.MULTIPLY_ADD_UNIT);
  drawPicture(parts.picture, card.picture);
  followPicture(parts.picture, card.name);
}

// Short to look at; the whole number is in the tooltip.
function drawCost(element, count, full, many, one) {
  element.hidden = !count;
  if (!count || element.count === count) return;
  element.count = count;
  element.title = full(count);
  element.replaceChildren(h("b", { text: compact(count) }), h("span", { class: "unit", text: count === 1 ? one : many }));
}

function drawProblem(parts, error) {
  parts.problem.hidden = error === null;
  setText(parts.sentence, error?.sentence ?? "");
  parts.repair.hidden = !error?.repair;
  setText(parts.repair, error?.repair?.label ?? "");
}

function drawAccess(slot, { card, selected, tabbable, place, count }) {
  const { parts } = slot;
  const facts = [card.name, card.kind, card.summary, card.out_shape && fill(texts.GIVES, { shape: card.out_shape }),
    card.parameters && texts.PARAMETERS(card.parameters), card.trainable === false && texts.FROZEN, card.error && problemText(card.error)];
  setAttributes(parts.card, { "aria-label": facts.filter(Boolean).join(", ") });
  setAttributes(parts.card, { "aria-pressed": selected });
  setAttributes(slot, { "aria-posinset": place });
  setAttributes(slot, { "aria-setsize": count });
  parts.card.tabIndex = tabbable ? 0 : -1;
  for (const button of parts.tools.children) button.tabIndex = selected ? 0 : -1;
}

function problemText({ warning, sentence }) {
  return fill(warning ? texts.WARNING_SAYS : texts.PROBLEM_SAYS, { sentence });
}

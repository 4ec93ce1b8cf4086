// The network as a row of cards in their families' colours; numbers flow right, gradients back left.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { num } = await import("../shared/numbers.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);
const { fillThumb, thumb } = await import("./thumb.js" + version);

const ROOM = [84, 62]; // CSS pixels of a card's picture

export class Cards {
  constructor(onChoose) {
    this.onChoose = onChoose;
    this.root = element("div", "cards");
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", texts.LAYERS);
  }

  update(data, frame, step) {
    const { dark } = readTheme(this.root), { layers } = data;
    this.root.dataset.step = step;
    fit(this.root, layers.length, makeCard).forEach((card, index) => {
      const layer = layers[index], shown = state(step, index, frame.layer, layer);
      card.style.setProperty("--family", dark ? layer.dark : layer.light);
      card.className = `card ${shown.reached ? "" : "waiting"} ${shown.back ? "back" : ""}`;
      card.setAttribute("aria-pressed", index === frame.layer);
      card.onclick = () => this.onChoose(index);
      fillCard(card, layer, shown, step, dark);
    });
    const active = this.root.children[frame.layer];
    if (active && this.last !== `${step} ${frame.layer}`) reveal(this.root, active);
    this.last = `${step} ${frame.layer}`;
  }

  destroy() {}
}

/** What a card shows in this frame: whether the flow has come here, and whether it is the gradient's. */
function state(step, index, active, layer) {
  if (step === "forward") return { reached: index <= active, back: false };
  if (step === "gradients") return { reached: true, back: index >= active && layer.back !== 0 };
  return { reached: true, back: step !== "loss" };
}

function makeCard() {
  const made = element("button", "card", element("span", "name"), element("span", "kind"),
                       element("span", "frame", thumb()), element("span", "shape"),
                         element("span", "figure"));
  made.type = "button";
  return made;
}

function fillCard(card, layer, { reached, back }, step, dark) {
  const [name, kind, frame, shape, figure] = card.children;
  setText(name, layer.name);
  setText(kind, layer.kind === "input" ? texts.INPUT : layer.kind);
  setText(shape, layer.shape);
  card.title = fill(texts.LAYER_KIND, { name: layer.name, kind: layer.kind });
  const picture = back ? layer.slopes : layer.picture;
  frame.style.visibility = reached ? "" : "hidden";
  fillThumb(frame.firstChild, picture, ROOM, dark);
  setText(figure, reached ? figureOf(layer, back, step) : "");
}

function figureOf(layer, back, step) {
  if (step === "update") return layer.weights ? fill(texts.MOVED, { size: num(layer.moved) }) : texts.NO_WEIGHTS;
  if (step === "clip") return layer.weights ? `‖g‖ ${num(layer.slope)}` : texts.NO_WEIGHTS;
  if (back) return `‖δ‖ ${num(layer.back)}`;
  return layer.mean === null ? texts.SYMBOLS : fill(texts.MEAN, { value: num(layer.mean) });
}

/** Bring a card into view without moving the page. */
function reveal(row, card) {
  const middle = card.offsetLeft - row.offsetLeft + card.offsetWidth / 2 - row.clientWidth / 2;
  row.scrollTo({ left: middle, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto"
    : "smooth" });
}

// Draws the arcs at the left edge of the column: a layer that takes something else than what stands above it.
// Knows where things are, not what they are.

const here = new URL(import.meta.url).search;
const { shape } = await import("../shared/dom.js" + here);
const { lanes } = await import("./model.js" + here);

const LANE = 9; // px between two arcs side by side
const EDGE = 14; // px from the cards to the first
const MOST = 5; // more lanes than this share the outermost

export class Wires {
  constructor() {
    this.element = shape("svg", { class: "wires", "aria-hidden": "true" });
    this.drawn = "";
  }

  // Room that the column must leave at its left for these arcs, in px.
  static gutter(arcs) {
    if (arcs.length === 0) return 0;
    return EDGE + LANE * Math.min(MOST, Math.max(...lanes(arcs).map((arc) => arc.lane + 1)));
  }

  // boxes: where the inputs and cards are, in order, as { top, height } in px. chosen: the place of the
  // selected one, or -1.
  draw(arcs, boxes, chosen, gutter) {
    const paths = lanes(arcs).map((arc) => this.path(arc, boxes, chosen, gutter));
    const drawn = JSON.stringify(paths);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.element.style.width = `${gutter}px`;
    this.element.replaceChildren(...paths.flatMap(({ d, head, hot }) => {
      const role = hot ? "arc hot" : "arc";
      return [shape("path", { d, class: role }), shape("path", { d: head, class: `${role} head` })];
    }));
  }

  path({ from, to, lane }, boxes, chosen, gutter) {
    const [y1, y2] = [middle(boxes[from]) + 7, middle(boxes[to]) - 7];
    const x = gutter - EDGE - LANE * Math.min(lane, MOST - 1) + 4;
    const end = gutter - 1;
    const bend = Math.min(12, (end - x) * 0.8, (y2 - y1) / 2);
    const out = `M${end} ${y1}H${x + bend}Q${x} ${y1} ${x} ${y1 + bend}`;
    const back = `V${y2 - bend}Q${x} ${y2} ${x + bend} ${y2}H${end - 1}`;
    const head = `M${end - 5} ${y2 - 4}L${end - 1} ${y2}L${end - 5} ${y2 + 4}`;
    return { d: out + back, head, hot: chosen === from || chosen === to };
  }
}

const middle = (box) => Math.round(box.top + box.height / 2);

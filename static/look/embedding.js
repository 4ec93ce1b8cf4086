// Symbols as points in a plane; they move smoothly to where each tick puts them.
const version = new URL(import.meta.url).search;
const { element, fit, setAttributes, setText, shape } = await import("./dom.js" + version);

const TALL = 460, WIDEST = 760, PAD = 34;

export class Embedding {
  constructor() {
    this.svg = shape("svg", { role: "img", "aria-label": "Symbols as points: near each other means alike", class: "plane" });
    this.note = element("p", "pointed");
    this.root = element("div", "look embedding", this.svg, this.note);
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.root);
  }

  update(data) {
    this.data = data;
    this.draw();
  }

  draw() {
    const room = Math.min(WIDEST, this.root.clientWidth);
    if (!this.data || !room) return;
    const { points, words, used, shown } = this.data;
    setAttributes(this.svg, { width: room, height: TALL, viewBox: `0 0 ${room} ${TALL}` });
    const place = fitting(points, room);
    const taken = [];
    fit(this.svg, points.length, symbol).forEach((group, at) => {
      const [x, y] = place(points[at]);
      group.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
      group.classList.toggle("used", used[at]);
      const [, text, title] = group.children, free = clear(taken, x, y, words[at].length);
      setText(text, words[at]);
      setText(title, words[at]);
      group.classList.toggle("crowded", !free);
    });
    setText(this.note, `Seen here: ${Math.round(shown * 100)} % of how the symbols differ. Blue: those of the row above.`);
  }

  destroy() {
    this.watcher.disconnect();
  }
}

/** One scale for both directions, zero in the middle. */
function fitting(points, room) {
  const far = Math.max(1e-9, ...points.flat().map(Math.abs));
  const wide = Math.max(1e-9, ...points.map(([x]) => Math.abs(x))), tall = Math.max(1e-9, ...points.map(([, y]) => Math.abs(y)));
  const scale = Math.min((room / 2 - PAD) / wide, (TALL / 2 - PAD) / tall, (room + TALL) / 2 / far);
  return ([x, y]) => [room / 2 + x * scale, TALL / 2 - y * scale];
}

/** Whether a word of this length has room beside its point; if so, its place is taken. */
function clear(taken, x, y, length) {
  const box = [x - 4, y - 9, x + 10 + 7 * length, y + 9];
  if (taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) return false;
  taken.push(box);
  return true;
}

function symbol() {
  const group = shape("g", { class: "symbol" });
  group.append(shape("circle", { r: 5 }), shape("text", { x: 10, y: 4 }), shape("title"));
  return group;
}

// Symbols as points in a plane; they move smoothly to where each tick puts them.
const version = new URL(import.meta.url).search;
const { element, fit, setAttributes, setText, shape } = await import("./dom.js" + version);

const TALL = 460, WIDEST = 760, PAD = 34;

export class Embedding {
  constructor() {
    const label = "Symbols as points: near each other means alike";
    this.svg = shape("svg", { role: "img", "aria-label": label, class: "plane" });
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
    const taken = [], groups = fit(this.svg, points.length, symbol);
    const order = [...groups.keys()].sort((a, b) => used[b] - used[a]); // those in the row get words first
    for (const at of order) {
      const group = groups[at], [x, y] = place(points[at]), [, text, title] = group.children;
      group.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
      group.classList.toggle("used", used[at]);
      group.classList.toggle("crowded", !clear(taken, x, y, words[at].length));
      setText(text, words[at]);
      setText(title, words[at]);
    }
    const share = `${Math.round(shown * 100)} %`;
    setText(this.note, `Seen here: ${share} of how the symbols differ. Blue: those of the row above.`);
  }

  destroy() {
    this.watcher.disconnect();
  }
}

/** One scale for both directions, zero in the middle. */
function fitting(points, room) {
  const [wide, tall] = [0, 1].map((axis) => Math.max(1e-9, ...points.map((point) => Math.abs(point[axis]))));
  const scale = Math.min((room / 2 - PAD) / wide, (TALL / 2 - PAD) / tall);
  return ([x, y]) => [room / 2 + x * scale, TALL / 2 - y * scale];
}

/** Whether a word of this length has room beside its point; if so, its place is taken. */
function clear(taken, x, y, length) {
  const box = [x - 4, y - 9, x + 10 + 7 * length, y + 9];
  const over = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  if (taken.some((other) => over(box, other))) return false;
  taken.push(box);
  return true;
}

function symbol() {
  const group = shape("g", { class: "symbol" });
  group.append(shape("circle", { r: 5 }), shape("text", { x: 10, y: 4 }), shape("title"));
  return group;
}

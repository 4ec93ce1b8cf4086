// One's own game on the same board: each move goes to Python, which plays the game and sends what came of it.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { paint } = await import("./board.js" + version);
const { texts } = await import("./texts.js" + version);

const KEYS = { ArrowLeft: ["left", "push left"], ArrowRight: ["right", "push right"], ArrowUp: ["up"], ArrowDown: ["down"],
               " ": ["stay"] };
const PLACED = 9; // from so many actions on, they are the cells of a board

export class OwnGame {
  constructor(tell) {
    this.tell = tell;
    this.moves = [];
    this.canvas = element("canvas", "board");
    this.canvas.tabIndex = 0;
    this.canvas.onkeydown = (event) => this.key(event);
    this.canvas.onclick = (event) => this.click(event);
    this.how = element("p", "note");
    this.buttons = element("div", "buttons");
    this.again = element("button", "button", texts.UNDO);
    this.again.type = "button";
    this.again.onclick = () => this.send([]);
    this.score = element("p", "score");
    this.score.setAttribute("aria-live", "polite");
    this.advice = element("p", "note");
    this.root = element("section", "own", element("h4", "title", texts.YOU), this.canvas, this.buttons, this.again,
                        this.score, this.advice, this.how);
  }

  update(game, record, theme, pixels, its) {
    this.game = game;
    this.record = record;
    this.moves = [...record.mine];
    paint(this.canvas, game, record.frames.at(-1), theme, pixels);
    const cells = game.actions.length >= PLACED;
    setText(this.how, cells ? texts.CLICK : texts.KEYS);
    fit(this.buttons, cells ? 0 : game.actions.length, () => this.button()).forEach((button, at) => {
      setText(button, game.actions[at]);
      button.disabled = record.over;
    });
    const numbers = { what: game.points, total: record.shown, its };
    const score = game.adversarial ? texts.OUTCOMES[record.outcome] : fill(its === null ? texts.YOURS : texts.BOTH, numbers);
    setText(this.score, [record.over ? texts.OVER : "", score].filter(Boolean).join("  ·  "));
    const output = record.over ? null : record.outputsAt(record.count);
    const best = output ? [...output].reduce((most, value, at) => (record.may(record.count)[at] && (most < 0 || value > output[most])
      ? at : most), -1) : -1;
    setText(this.advice, best < 0 ? "" : fill(texts.ADVICE, { action: game.actions[best] }));
  }

  button() {
    const made = element("button", "button");
    made.type = "button";
    made.onclick = () => this.act([...this.buttons.children].indexOf(made));
    return made;
  }

  key(event) {
    const action = this.game.actions.findIndex((name) => KEYS[event.key]?.includes(name));
    if (action < 0) return;
    event.preventDefault();
    this.act(action);
  }

  click(event) {
    if (this.game.actions.length < PLACED) return;
    const box = this.canvas.getBoundingClientRect(), [height, width] = this.game.size;
    const row = Math.floor(((event.clientY - box.top) / box.height) * height);
    const column = Math.floor(((event.clientX - box.left) / box.width) * width);
    this.act(row * width + column);
  }

  act(action) {
    if (this.record.over || !this.record.may(this.record.count)[action]) return;
    this.send([...this.moves, action]);
  }

  send(moves) {
    this.moves = moves; // further keys that come before the answer count too
    this.tell("moves", { seed: this.game.seed, moves });
  }
}

// A game of a network, move by move, beside what the network says of each action; its value map; its replay memory;
// and, where Python sends one, one's own game on the same board.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);
const { fill, locale } = await import("../shared/translation.js" + version);
const { paint } = await import("./board.js" + version);
const { GameRecord } = await import("./record.js" + version);
const { ActionBars } = await import("./actions.js" + version);
const { ValueMap } = await import("./map.js" + version);
const { MemoryStrip } = await import("./memory.js" + version);
const { OwnGame } = await import("./own.js" + version);
const { texts } = await import("./texts.js" + version);

const PACES = { slow: 500, fast: 60 }; // ms for a move
const PAUSE = 900; // ms at the end of a game
const BOARD = 300; // px
let wishes = 0; // for other rewards, of all that were mounted

export default class View {
  constructor() {
    this.at = 0;
    this.pace = "slow";
    this.running = true;
    this.canvas = element("canvas", "board");
    this.place = element("p", "note");
    this.when = element("p", "note");
    this.bars = new ActionBars();
    this.map = new ValueMap((row, column, value) => this.reward(row, column, value));
    this.memory = new MemoryStrip();
    this.own = new OwnGame((name, value) => this.setStateValue?.(name, value));
    this.controls = this.buttons();
    this.title = element("h4", "title");
    const board = element("section", "", this.title, this.canvas, this.controls, this.place,
                          this.when);
    this.note = element("p", "note");
    this.stage = element("div", "stage", board, this.bars.root, this.map.root, this.own.root);
    this.root = element("div", "game", this.note, this.stage, this.memory.root);
  }

  buttons() {
    const make = (text, act, pressed) => {
      const made = element("button", "button", text);
      made.type = "button";
      made.onclick = act;
      if (pressed) made.dataset.pace = pressed;
      return made;
    };
    this.stop = make(texts.PAUSE, () => this.run(!this.running));
    return element("div", "buttons", this.stop, make(texts.SLOW, () => this.hurry("slow"), "slow"),
                   make(texts.FAST, () => this.hurry("fast"), "fast"),
                   make(texts.ONE_MOVE, () => { this.run(false); this.go(this.at + 1); }),
                   make(texts.AGAIN, () => this.go(0)));
  }

  update(data, setStateValue) {
    this.setStateValue = setStateValue;
    this.theme = readTheme(this.root.getRootNode().host ?? this.root);
    this.data = data;
    setText(this.note, data.note ?? "");
    setText(this.title, data.game?.adversarial ? texts.NETWORK_AGAINST_ITSELF : texts.NETWORK);
    this.stage.hidden = !data.record;
    this.memory.root.hidden = !data.memory;
    this.map.root.hidden = !data.map;
    this.own.root.hidden = !data.own;
    if (!data.record) return;
    const next = data.record.key !== this.record?.key && new GameRecord(data.game, data.record);
    if (next && (!this.record || next.count === 0 || data.fresh)) this.take(next);
    else if (next) this.next = next; // shown when the game that is on has come to its end
    if (data.map) this.map.update(data.game, data.map, this.theme, Boolean(data.editable && data.map.clickable));
    if (data.memory) this.memory.update(data.memory, this.theme);
    if (data.own) this.showOwn();
    this.draw();
    this.tick();
  }

  reward(row, column, value) {
    wishes += 1;
    this.setStateValue?.("reward", { id: `${Date.now()}.${wishes}`, run: this.data.run, row, column, value });
  }

  showOwn() {
    const own = new GameRecord(this.data.game, this.data.own);
    Object.assign(own, { mine: this.data.own.mine, shown: this.data.own.total, outcome: this.data.own.outcome });
    this.own.update(this.data.game, own, this.theme, BOARD, this.data.record.over ? this.data.record.total : null);
  }

  take(record) {
    this.record = record;
    this.next = null;
    this.at = 0;
  }

  draw() {
    const { game } = this.data, { record } = this, end = this.at >= record.count;
    paint(this.canvas, game, record.frames[this.at], this.theme, BOARD);
    const output = record.outputsAt(Math.min(this.at, record.count - 1));
    this.bars.update(game, output, record.may(Math.min(this.at, record.count - 1)), end ? null : record.actions[this.at]);
    setText(this.place, [fill(texts.MOVE, { number: this.at, moves: record.count }),
                         fill(texts.RETURN, { what: game.points, total: round(record.total(this.at, game.adversarial)) })].join("  ·  "));
    const explores = this.data.exploration === null ? "" : fill(texts.EXPLORES, { fraction: this.data.exploration });
    setText(this.when, [fill(texts.AFTER_STEP, { step: this.data.step.toLocaleString(locale()) }), explores].filter(Boolean).join("  ·  "));
    setText(this.stop, this.running ? texts.PAUSE : texts.PLAY);
    for (const button of this.controls.querySelectorAll("[data-pace]")) {
      button.setAttribute("aria-pressed", String(button.dataset.pace === this.pace));
    }
  }

  run(running) {
    this.running = running;
    this.draw();
    this.tick();
  }

  hurry(pace) {
    this.pace = pace;
    this.run(true);
  }

  go(at) {
    if (at > this.record.count) {
      if (this.next) this.take(this.next);
      else this.at = 0;
    } else this.at = at;
    this.draw();
  }

  tick() {
    clearTimeout(this.timer);
    if (!this.running || !this.record) return;
    const wait = this.at >= this.record.count ? PAUSE : PACES[this.pace];
    this.timer = setTimeout(() => {
      this.go(this.at + 1);
      this.tick();
    }, wait);
  }

  destroy() {
    clearTimeout(this.timer);
  }
}

function round(value) {
  return String(Math.round(value * 100) / 100).replace("-", "−");
}

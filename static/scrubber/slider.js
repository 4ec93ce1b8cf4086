// A slider over the moments of a run with play, one back, one on and "now". Text enters by textContent only.

const version = new URL(import.meta.url).search;
const { fill, locale } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const PAUSE = 140; // ms at least that a moment of the film stays
const PATIENCE = 1500; // ms after which the film goes on though no drawing was reported: messages may merge
const NOW = null;

export class Slider {
  constructor(parent) {
    this.parent = parent;
    this.data = { moments: [], shown: NOW, words: {} };
    this.chosen = NOW;
    this.playing = false;
    this.build();
    parent.append(this.root);
  }

  build() {
    this.root = make("div", "moments");
    this.play = button("play", texts.PLAY, () => this.toggle());
    this.back = button("step", texts.BACK, () => this.move(-1));
    this.on = button("step", texts.FORWARD, () => this.move(1));
    this.back.textContent = "\u2039";
    this.on.textContent = "\u203a";
    this.slider = Object.assign(document.createElement("input"), { type: "range", min: 0, step: 1 });
    this.slider.setAttribute("aria-label", texts.SLIDER);
    this.slider.oninput = () => this.choose(this.data.moments[Number(this.slider.value)] ?? NOW, true);
    this.label = make("span", "label");
    this.now = button("now", texts.TO_NEWEST, () => this.choose(NOW, true));
    this.root.append(this.play, this.back, this.slider, this.on, this.label, this.now);
    this.root.onkeydown = (event) => this.key(event);
  }

  update(data, send) {
    const other = data.run !== this.data.run;
    this.data = data;
    this.send = send;
    if (other) this.stop(data.shown);
    else if (!this.waiting && !this.playing) this.chosen = data.shown;
    if (data.shown === this.chosen) this.waiting = false;
    if (this.chosen !== NOW && !data.moments.includes(this.chosen)) this.stop(data.shown);
    this.draw();
    if (this.playing && !this.waiting) this.next();
  }

  /** Index on the slider; the place behind the last moment is now. */
  place() {
    return this.chosen === NOW ? this.data.moments.length : this.data.moments.indexOf(this.chosen);
  }

  draw() {
    const count = this.data.moments.length;
    this.root.style.visibility = count ? "visible" : "hidden";
    this.slider.max = String(count);
    this.slider.value = String(this.place());
    this.slider.style.setProperty("--share", `${count ? (100 * this.place()) / count : 100}%`);
    this.play.classList.toggle("playing", this.playing);
    this.play.setAttribute("aria-pressed", String(this.playing));
    this.back.disabled = this.place() <= 0;
    this.on.disabled = this.chosen === NOW;
    this.now.disabled = this.chosen === NOW;
    write(this.now, this.data.live ? texts.LIVE : texts.END);
    write(this.label, this.words());
    this.slider.setAttribute("aria-valuetext", this.label.textContent);
  }

  words() {
    if (this.chosen === NOW) return this.data.live ? texts.LATEST_STEP : texts.LAST_STEP;
    if (this.chosen === 0) return texts.BEFORE_FIRST;
    return fill(texts.AFTER_STEP, { step: this.chosen.toLocaleString(locale()) });
  }

  choose(step, byHand) {
    if (byHand) this.halt();
    if (step === this.chosen) return;
    this.chosen = step;
    this.waiting = true;
    this.draw();
    this.send("at", { run: this.data.run, step, turn: Date.now() }); // two equal choices are two
  }

  move(by) {
    const moments = this.data.moments;
    const place = this.place() + by;
    this.choose(place < moments.length ? moments[Math.max(0, place)] : NOW, true);
  }

  toggle() {
    if (this.playing) {
      this.halt();
      this.draw();
      return;
    }
    this.playing = true;
    const first = this.data.moments[0];
    if (this.chosen === NOW && first !== undefined) this.choose(first, false);
    else this.next();
    this.draw();
  }

  next() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!this.playing) return;
      const place = this.place() + 1;
      const end = place >= this.data.moments.length;
      if (end) this.playing = false;
      this.choose(end ? NOW : this.data.moments[place], false);
      this.timer = setTimeout(() => this.playing && this.next(), PATIENCE);
    }, PAUSE);
  }

  halt() {
    clearTimeout(this.timer);
    this.playing = false;
  }

  stop(shown) {
    this.halt();
    this.chosen = shown;
    this.waiting = false;
  }

  key(event) {
    const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
    if (event.key === " " && event.target !== this.now) this.toggle();
    else if (event.key in moves) this.move(moves[event.key]);
    else if (event.key === "Home") this.choose(this.data.moments[0] ?? NOW, true);
    else if (event.key === "End") this.choose(NOW, true);
    else return;
    event.preventDefault();
  }

  destroy() {
    this.halt();
    this.root.remove();
  }
}

function make(tag, className) {
  return Object.assign(document.createElement(tag), { className });
}

function button(className, title, onclick) {
  const made = Object.assign(make("button", className), { type: "button", title, onclick });
  made.setAttribute("aria-label", title);
  return made;
}

function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

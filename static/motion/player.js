// The update as a film: five steps of one or more frames, with play, step and back, by button and by key.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);
const { Cards } = await import("./cards.js" + version);
const { DETAILS } = await import("./stages.js" + version);
const { Batch } = await import("./batch.js" + version);

const PACE = { forward: 750, loss: 2600, gradients: 750, clip: 2600, update: 2600 }; // ms for each frame
const SVG = "http://www.w3.org/2000/svg";
const SIGNS = { back: "M10.5 3 5.5 8l5 5", next: "M5.5 3l5 5-5 5", play: "M4.5 2.8v10.4L13 8z",
                pause: "M5 3v10 M11 3v10" };

export class Player {
  title; sentence; formula; step;

  constructor() {
    this.at = 0;
    this.strip = element("div", "strip");
    this.strip.setAttribute("role", "group");
    this.strip.setAttribute("aria-label", texts.FIVE_STEPS);
    this.buttons = { back: this.button("back", texts.BACK, () => this.go(this.at - 1)),
                     play: this.button("play", texts.PLAY, () => this.toggle()),
                     next: this.button("next", texts.NEXT, () => this.go(this.at + 1)) };
    this.counter = element("span", "counter");
    this.counter.setAttribute("aria-live", "polite");
    this.hint = element("span", "hint", texts.KEYS);
    const controls = element("div", "controls", ...Object.values(this.buttons), this.counter, this.hint);
    this.cards = new Cards((index) => this.choose(index));
    this.samples = new Batch((index) => this.tell?.("sample", index));
    [this.title, this.sentence, this.formula, this.step] = [element("h3"), element("p", "sentence"),
      element("p", "formula"), element("p", "note")];
    this.detail = element("div", "detail");
    const say = element("div", "say", this.step, this.title, this.sentence, this.formula, this.samples.root);
    this.stage = element("div", "stage", say, this.detail);
    this.root = element("section", "motion player", this.strip, controls, this.cards.root, this.stage);
    this.root.tabIndex = 0;
    this.root.setAttribute("aria-label", texts.ONE_UPDATE);
    this.root.onkeydown = (event) => this.key(event);
  }

  button(name, label, act) {
    const made = element("button", `control ${name}`);
    made.type = "button";
    const sign = document.createElementNS(SVG, "svg");
    sign.setAttribute("viewBox", "0 0 16 16");
    sign.setAttribute("aria-hidden", "true");
    sign.append(document.createElementNS(SVG, "path"));
    sign.firstElementChild.setAttribute("d", SIGNS[name]);
    made.append(sign);
    made.setAttribute("aria-label", label);
    made.title = label;
    made.onclick = act;
    return made;
  }

  update(data, tell) {
    const fresh = !this.data || this.data.of !== data.of || this.data.layers.length !== data.layers.length;
    this.data = data;
    this.tell = tell;
    this.frames = frames(data);
    if (fresh) this.at = 0;
    this.at = Math.min(this.at, this.frames.length - 1);
    if (fresh || !this.strip.children.length) this.fillStrip();
    this.draw();
  }

  fillStrip() {
    this.strip.replaceChildren(...this.data.words.map(({ title }, step) => {
      const made = element("button", "step", element("b", "", `${step + 1}`), element("span", "", title));
      made.type = "button";
      made.onclick = () => this.go(this.first(step));
      return made;
    }));
  }

  /** The first frame of a step. */
  first(step) {
    return this.frames.findIndex((frame) => frame.step === step);
  }

  /** A card was chosen: its frame in this step, or in the forward pass. */
  choose(index) {
    const { step } = this.frames[this.at];
    const same = this.frames.findIndex((frame) => frame.step === step && frame.layer === index);
    this.go(same >= 0 ? same : this.frames.findIndex((frame) => frame.layer === index));
  }

  go(at, playing = false) {
    if (!playing) this.stop();
    this.at = Math.max(0, Math.min(this.frames.length - 1, at));
    this.draw();
  }

  toggle() {
    if (this.timer) this.stop();
    else {
      if (this.at === this.frames.length - 1) this.at = 0;
      this.play();
    }
    this.draw();
  }

  play() {
    const { name } = this.data.words[this.frames[this.at].step];
    this.timer = setTimeout(() => {
      if (this.at >= this.frames.length - 1) this.stop();
      else {
        this.go(this.at + 1, true);
        this.play();
      }
      this.draw();
    }, PACE[name]);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = Number(event.key) - 1;
    const act = {
      ArrowRight: () => this.go(this.at + 1), ArrowLeft: () => this.go(this.at - 1),
      Home: () => this.go(0), End: () => this.go(this.frames.length - 1), " ": () => this.toggle(),
    }[event.key] ?? (step >= 0 && step < this.data.words.length ? () => this.go(this.first(step)) : null);
    if (!act || (event.key === " " && event.target.closest?.("button"))) return;
    event.preventDefault();
    act();
  }

  draw() {
    const frame = this.frames[this.at], words = this.data.words[frame.step], { layers } = this.data;
    [...this.strip.children].forEach((button, step) => {
      button.setAttribute("aria-current", step === frame.step ? "step" : "false");
      button.classList.toggle("past", step < frame.step);
    });
    this.drawControls(frame, words, layers);
    this.cards.update(this.data, frame, words.name);
    const layer = layers[frame.layer];
    setText(this.title, layer ? layer.name : words.title);
    const { name } = words, sentence = { forward: layer?.sentence, gradients: layer?.behind }[name];
    setText(this.sentence, sentence ?? words.sentence);
    setText(this.step, sentence ? words.sentence : "");
    setText(this.formula, formula(words, this.data, layer));
    this.detail.replaceChildren(...DETAILS[words.name](this.data, frame));
    this.samples.update(this.data);
  }

  drawControls(frame, words, layers) {
    const playing = Boolean(this.timer), { play, back, next } = this.buttons;
    play.querySelector("path").setAttribute("d", SIGNS[playing ? "pause" : "play"]);
    play.setAttribute("aria-label", playing ? texts.PAUSE : texts.PLAY);
    play.classList.toggle("playing", playing);
    back.disabled = this.at === 0;
    next.disabled = this.at === this.frames.length - 1;
    setText(this.counter, counted(frame, words.title, layers[frame.layer], this.data.when));
  }

  destroy() {
    this.stop();
    this.cards.destroy();
  }
}

/** Which step it is, and of which layer, if of one. */
function counted(frame, step, layer, when) {
  const number = frame.step + 1;
  if (!layer) return fill(texts.COUNTER, { number, step, when });
  return fill(texts.COUNTER_LAYER, { number, step, layer: layer.name, when });
}

/** Every frame in order: forward and back, a layer each; the other steps are one frame each. */
function frames({ words, layers }) {
  const along = layers.map((_, index) => index);
  const of = { forward: along, gradients: along.toReversed().filter((index) => layers[index].back !== 0) };
  return words.flatMap(({ name }, step) => (of[name] ?? [-1]).map((layer) => ({ step, layer })));
}

function formula({ name, formula: usual }, { form, clip }, layer) {
  if (name === "forward") return layer.formula;
  if (name === "loss" && form === "mse") return texts.SQUARED_ERROR;
  return name === "clip" && clip.by === "value" ? texts.CLIP_BY_VALUE : usual;
}

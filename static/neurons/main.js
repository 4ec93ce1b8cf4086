// The units of a network of dense layers as circles, their weights as links, one of them with all that it adds up.
// Python sends what was captured (dlviz/views/neurons.py); `focus` and `edit` go back. Drawn at new data and at a hover.
const version = new URL(import.meta.url).search;
const { palette, signedPlace } = await import("../shared/colours.js" + version);
const { element, setAttributes, setText } = await import("../shared/dom.js" + version);
const { bytes, floats, num } = await import("../shared/numbers.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);
const { fill, locale } = await import("../shared/translation.js" + version);
const { layout, lineAt, unitAt } = await import("./layout.js" + version);
const { changes, largest, placesOf } = await import("./numbers.js" + version);
const { paint, tile } = await import("./paint.js" + version);
const { Panel } = await import("./panel.js" + version);
const { texts } = await import("./texts.js" + version);

const HIGH = 460, PICTURE = 96; // CSS pixels
const memories = new Map(); // run -> what a viewer chose and edited: the page may mount this anew at any time

function memoryOf(run) {
  if (!memories.has(run)) memories.set(run, { focus: null, edits: [], sent: 0, before: new Map(), links: null });
  return memories.get(run);
}

export default class Neurons {
  constructor() {
    this.quantity = "weight";
    this.way = "focus";
    this.canvas = element("canvas");
    this.tip = element("div", "tip");
    this.stage = element("div", "stage", this.canvas, this.tip);
    setAttributes(this.stage, { tabindex: 0, role: "group", "aria-label": texts.NEURONS });
    this.facts = element("p", "facts");
    this.spoken = element("p", "spoken");
    setAttributes(this.spoken, { "aria-live": "polite" });
    this.undo = element("button", "undo", texts.UNDO);
    Object.assign(this.undo, { type: "button", hidden: true, onclick: () => this.takeBack() });
    this.picture = document.createElement("canvas");
    this.picture.className = "of-weights";
    setAttributes(this.picture, { role: "img", "aria-label": texts.WEIGHT_PICTURE });
    this.panel = new Panel((...edit) => this.send(...edit));
    const bar = element("div", "bar", this.choice("quantity", texts.LINKS_SHOW, texts.QUANTITIES, texts.QUANTITIES_WHY),
                        this.choice("way", texts.READ, texts.WAYS, {}), this.undo);
    this.root = element("div", "neurons", bar, this.facts, this.stage,
                        element("div", "below", this.panel.root, this.picture), this.spoken);
    this.listen();
    this.observer = new ResizeObserver(() => this.place());
    this.observer.observe(this.stage);
  }

  destroy() {
    this.observer.disconnect();
  }

  choice(name, label, words, why) {
    const group = element("div", "choice");
    setAttributes(group, { role: "group", "aria-label": label });
    const buttons = Object.entries(words).map(([key, word]) => {
      const button = element("button", "", word);
      Object.assign(button, { type: "button", title: why[key] ?? "", onclick: () => { this[name] = key; mark(); this.relink(); } });
      return [key, button];
    });
    const mark = () => buttons.forEach(([key, button]) => setAttributes(button, { "aria-pressed": this[name] === key }));
    mark();
    group.append(element("span", "label", label), ...buttons.map(([, button]) => button));
    return group;
  }

  update(data, setStateValue) {
    this.setStateValue = setStateValue;
    this.data = data;
    this.memory = memoryOf(data.run);
    this.focus = this.memory.focus;
    this.remember(`${data.step} ${data.sample} ${data.links.map(({ weights }) => weights).join(" ")}`);
    this.stages = data.stages.map((stage, at) => {
      const shown = floats(stage.values);
      return { ...stage, shown, most: largest(shown), tiles: stage.pictures && this.tiles(stage.pictures), at };
    });
    this.links = data.links.map((links) => this.read(links));
    this.memory.links = this.links;
    this.place();
  }

  /** Where the weights are others than before, those are the picture before this one, by layer and place. */
  remember(now) {
    const { memory } = this;
    if (memory.now === now) return;
    memory.now = now;
    memory.before = new Map((memory.links ?? []).map(({ key, places, weights }) =>
      [key, new Map(places.map((place, at) => [place, weights[at]]))]));
    if (memory.edited) memory.before.get(memory.edited.key)?.set(memory.edited.place, memory.edited.old);
    memory.edited = null;
  }

  read(links) {
    const places = placesOf(links), weights = floats(links.weights);
    return { ...links, places, weights, gradients: links.gradients && floats(links.gradients),
      biases: links.biases && floats(links.biases), moved: changes(places, weights, this.memory.before.get(links.key)) };
  }

  tiles({ levels, height, width }) {
    const all = bytes(levels), size = height * width, colors = palette("signed", readTheme(this.root).dark).packed;
    return Array.from({ length: all.length / size }, (_, unit) =>
      tile(Uint32Array.from(all.subarray(unit * size, (unit + 1) * size), (level) => colors[level]), width, height));
  }

  place() {
    if (!this.data || !this.root.isConnected) return;
    this.width = this.stage.clientWidth;
    Object.assign(this.canvas.style, { width: `${this.width}px`, height: `${HIGH}px` });
    this.places = layout(this.stages, this.width, HIGH);
    this.relink();
  }

  relink() {
    if (!this.places) return;
    this.lines = this.links.flatMap((links, at) => this.linesOf(links, at + 1));
    if (this.way === "focus") this.lines.push(...this.linesOfFocus());
    this.most = largest(this.lines.map((line) => line.shown));
    this.draw();
  }

  linesOf(links, stage) {
    return links.places.map((place, at) => this.line(stage, Math.floor(place / links.inputs), place % links.inputs,
      links.weights[at], links.gradients ? links.gradients[at] : NaN, links.moved[at])).filter(Boolean);
  }

  /** All links of the chosen neuron, those too that are not among the strongest. */
  linesOfFocus() {
    const sums = this.sums();
    if (!sums) return [];
    const drawn = new Set(this.lines.map(({ id }) => id)), { stage, row } = sums;
    const into = Array.from(sums.weights, (weight, input) =>
      this.line(stage, row, input, weight, sums.gradients ? sums.gradients[input] : NaN, NaN));
    const out = Array.from(sums.out ?? [], (weight, unit) => this.line(stage + 1, unit, row, weight, NaN, NaN));
    return [...into, ...out].filter((line) => line && !drawn.has(line.id));
  }

  line(stage, unit, input, weight, gradient, moved) {
    const from = this.places[stage - 1], to = this.places[stage], one = from.units[input], other = to.units[unit];
    if (!one) return null;
    return { id: `${stage}.${unit * this.stages[stage - 1].width + input}`, stage, unit, input, weight, gradient, moved,
      shown: { weight, gradient, change: moved }[this.quantity], x1: one.x + from.radius, y1: one.y, x2: other.x - to.radius,
      y2: other.y };
  }

  draw() {
    const theme = readTheme(this.root);
    paint(this.canvas, { stages: this.stages, places: this.places, lines: this.lines, most: this.most,
      theme: { ...theme, paper: theme.background }, way: this.way, focus: this.focus, hover: this.hover },
          this.width, HIGH);
    this.drawFacts();
    this.drawPanel();
  }

  drawFacts() {
    const { total, step, loss, target } = this.data, shown = this.links.reduce((sum, { places }) => sum + places.length, 0);
    const all = this.links.every(({ places, units, inputs }, at) => places.length === units * inputs || !at);
    const parts = [shown < total ? fill(all ? texts.DRAWN_BUT_FIRST : texts.DRAWN, { shown: shown.toLocaleString(locale()), total: total.toLocaleString(locale()) })
      : texts.ALL_DRAWN(total), fill(texts.AT_STEP, { step: step.toLocaleString(locale()) }),
    target && fill(texts.TARGET, { target }), loss !== null && fill(texts.LOSS, { loss: num(loss) })];
    setText(this.facts, parts.filter(Boolean).join(" · "));
    this.undo.hidden = !this.memory.edits.length || !this.data.editable;
  }

  drawPanel() {
    const { editable, over } = this.data, sums = this.sums();
    const note = editable ? (sums ? "" : texts.CHOOSE) : over ? texts.OVER : texts.READ_ONLY;
    this.panel.update(sums, note);
    this.picture.hidden = !(sums && this.stages[sums.stage - 1].picture);
    if (!this.picture.hidden) this.drawPicture(sums);
  }

  /** Everything of the chosen unit, once Python has sent it. */
  sums() {
    const sums = this.data.focus;
    if (!sums || !this.focus || sums.stage !== this.focus[0] || sums.unit !== this.focus[1]) return null;
    const stage = this.stages[sums.stage], before = this.stages[sums.stage - 1], links = this.links[sums.stage - 1];
    return { unit: this.nameOf(this.focus), stage: sums.stage, row: sums.unit, key: links.key, inputs: before.shown,
      weights: floats(sums.weights), gradients: sums.gradients ? floats(sums.gradients) : null,
      bias: links.biases ? links.biases[sums.unit] : null, out: sums.out && floats(sums.out), biasGradient: sums.biasGradient, sum: sums.sum, value: sums.value,
      after: stage.output === stage.name ? "" : stage.output, editable: this.data.editable,
      names: (input) => this.nameOf([sums.stage - 1, input]) };
  }

  drawPicture({ weights, stage }) {
    const [channels, height, width] = this.stages[stage - 1].picture, size = height * width, most = largest(weights);
    const colors = palette("signed", readTheme(this.root).dark).packed;
    const pixels = Uint32Array.from({ length: size }, (_, at) => {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += weights[channel * size + at];
      return colors[signedPlace(sum / channels, most)];
    });
    Object.assign(this.picture, { width, height });
    Object.assign(this.picture.style, { width: `${PICTURE}px`, height: `${(PICTURE * height) / width}px` });
    this.picture.getContext("2d").drawImage(tile(pixels, width, height), 0, 0);
  }

  nameOf([at, unit]) {
    const stage = this.stages[at];
    if (stage.labels) return `${stage.name} ${stage.labels[unit]}`;
    return fill(at ? texts.UNIT : texts.INPUT, { layer: stage.name, number: unit + 1 });
  }

  choose(unit) {
    this.focus = this.memory.focus = unit;
    this.setStateValue("focus", unit);
    const value = this.stages[unit[0]].shown[unit[1]];
    setText(this.spoken, `${this.nameOf(unit)}, ${fill(texts.VALUE, { value: num(value) })}`);
    this.draw();
  }

  send(key, index, value, old) {
    this.memory.edits.push({ key, index, value, old });
    this.tell(key, index, value);
  }

  takeBack() {
    const { key, index, old } = this.memory.edits.pop();
    this.tell(key, index, old);
    this.drawFacts();
  }

  tell(key, index, value) {
    const table = this.links.find((links) => key === `${links.key}.weight`);
    const place = table ? index[0] * table.inputs + index[1] : -1;
    this.memory.edited = table ? { key: table.key, place, old: this.weightAt(table, place, index) } : null;
    this.memory.sent += 1;
    this.setStateValue("edit", { id: `${Date.now()}.${this.memory.sent}`, run: this.data.run, name: key, index, value });
  }

  /** The weight at a place, drawn or of the chosen neuron; NaN where it is not known. */
  weightAt(table, place, [unit, input]) {
    const at = table.places.indexOf(place), sums = this.sums();
    if (at >= 0) return table.weights[at];
    return sums && sums.key === table.key && sums.row === unit ? sums.weights[input] : NaN;
  }

  // pointing and keys

  listen() {
    this.canvas.onpointermove = (event) => this.point(event);
    this.canvas.onpointerleave = () => this.hoverOver(null);
    this.canvas.onclick = (event) => this.click(event);
    this.stage.onkeydown = (event) => this.key(event);
  }

  at({ offsetX: x, offsetY: y }) {
    const unit = unitAt(this.places ?? [], x, y);
    const line = unit ? null : lineAt(this.way === "pointed" ? [] : this.lines ?? [], x, y);
    return unit || line ? { unit, line, x, y } : null;
  }

  point(event) {
    this.hoverOver(this.at(event));
  }

  hoverOver(hover) {
    const same = JSON.stringify([hover?.unit, hover?.line?.id]) === JSON.stringify([this.hover?.unit, this.hover?.line?.id]);
    this.hover = hover;
    this.tip.hidden = !hover;
    this.canvas.style.cursor = hover ? "pointer" : "";
    if (hover) {
      setText(this.tip, hover.unit ? this.wordsOf(hover.unit) : this.wordsOfLine(hover.line));
      Object.assign(this.tip.style, { left: `${Math.min(hover.x + 14, this.width - 190)}px`, top: `${hover.y + 14}px` });
    }
    if (!same) this.draw();
  }

  wordsOf(unit) {
    return `${this.nameOf(unit)} · ${fill(texts.VALUE, { value: num(this.stages[unit[0]].shown[unit[1]]) })}`;
  }

  wordsOfLine({ stage, unit, input, weight, gradient, moved }) {
    const ends = fill(texts.LINK, { from: this.nameOf([stage - 1, input]), to: this.nameOf([stage, unit]) });
    return [ends, fill(texts.IS_WEIGHT, { value: num(weight) }),
      Number.isFinite(gradient) && fill(texts.IS_GRADIENT, { value: num(gradient, 2) }),
      Number.isFinite(moved) && fill(texts.IS_CHANGE, { value: num(moved, 2) })].filter(Boolean).join(" · ");
  }

  click(event) {
    const found = this.at(event);
    if (found?.unit?.[0]) this.choose(found.unit);
    if (!found?.line) return;
    this.panel.want(found.line.input);
    this.choose([found.line.stage, found.line.unit]);
  }

  key(event) {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!step || !this.stages) return;
    event.preventDefault();
    const [stage, unit] = this.focus ?? [1, -step[1]];
    const next = Math.min(this.stages.length - 1, Math.max(1, stage + step[0])), count = this.stages[next].width;
    this.choose([next, step[0] ? Math.min(unit, count - 1) : Math.min(count - 1, Math.max(0, unit + step[1]))]);
  }
}

// The loss around a run: the map with the run's path, the same as a hill, and the straight line from start to end.
const version = new URL(import.meta.url).search;
const { palette, theme } = await import("./colours.js" + version);
const { Chart } = await import("./chart.js" + version);
const { choice, element, setText } = await import("./dom.js" + version);
const { Field } = await import("./field.js" + version);
const { floats, num, plain } = await import("./numbers.js" + version);
const { Scene } = await import("./scene.js" + version);

const NEAR = 14; // pixels from a moment of the path that still count as pointing at it

export class Survey {
  x; y; loss; line_at; line_loss; along; losses;

  constructor() {
    this.view = choice("How it is drawn", [["map", "Map"], ["solid", "3D"]], (value) => this.look(value));
    this.scale = choice("Scale of the loss", [["log", "Log loss"], ["plain", "Loss"]], () => this.refield());
    this.scene = new Scene({ label: "The loss around the run's weights", over: (place, pixel) => this.over(place, pixel) });
    this.legend = element("div", "legend");
    this.said = element("p", "said");
    this.said.setAttribute("aria-live", "polite");
    this.chart = new Chart({ title: "Straight from start to end", over: (x) => this.overLine(x) });
    this.lineSaid = element("p", "note");
    this.words = element("div", "words");
    this.root = element("div", "landscape survey",
      element("div", "bar", this.view.root, this.scale.root),
      element("div", "halves",
        element("div", "half wide", this.scene.root, element("div", "below", this.said, this.legend)),
        element("div", "half", this.words, this.chart.root, this.lineSaid)));
  }

  update(data) {
    if (this.data?.of !== data.of) {
      this.data = data;
      for (const name of ["x", "y", "loss", "losses", "line_at", "line_loss", "along"]) this[name] = floats(data[name]);
      const places = floats(data.places);
      this.points = Array.from(data.steps, (_, at) => [places[2 * at], places[2 * at + 1]]);
      this.words.replaceChildren(...data.words.map((text) => element("p", "", text)));
      this.refield();
    } else this.draw(); // the theme may have changed
  }

  refield() {
    this.field = new Field([...this.x], [...this.y], this.loss, { log: this.scale.value === "log" });
    this.draw();
  }

  look(view) {
    this.scene.look(view);
    this.over(null);
  }

  draw() {
    const colours = theme(this.root), { data } = this;
    const trails = data.steps.length > 1 || data.steps[0] > 0
      ? [{ points: this.points, color: colours.path, dots: true, lit: this.lit, ring: data.steps.length > 1 }] : [];
    this.scene.show({ field: this.field, trails, xTitle: data.titles[0], yTitle: data.titles[1] });
    this.drawLegend(colours);
    this.drawLine(colours);
    this.say();
  }

  drawLegend(colours) {
    const { colors } = palette(colours.dark), { field } = this;
    const stops = [0, 0.25, 0.5, 0.75, 1].map((share) => `rgb(${colors[Math.round(share * 255)]})`);
    const strip = element("span", "strip");
    strip.style.background = `linear-gradient(to right, ${stops})`;
    const note = field.log ? "loss (log scale)" : "loss";
    this.legend.replaceChildren(element("span", "", num(field.low)), strip, element("span", "", num(field.high)), element("span", "unit", note));
  }

  drawLine(colours) {
    const has = this.line_at.length > 0;
    this.chart.root.hidden = this.lineSaid.hidden = !has;
    if (!has) return;
    const log = this.field.log, straight = [...this.line_at].map((at, i) => [at, this.line_loss[i]]);
    const own = [...this.along].map((at, i) => [at, this.losses[i]]);
    const all = [...straight, ...own].map(([, value]) => value).filter((value) => Number.isFinite(value));
    const low = Math.min(...all), high = Math.max(...all);
    this.chart.show({
      x: { low: 0, high: 1.25, title: "share of the way (0 start, 1 end)" },
      y: { low: log ? Math.max(low, 1e-6) : Math.min(0, low), high, log },
      lines: [{ points: straight, color: colours.accent }, { points: own, color: colours.path, dots: true }],
      marks: [{ x: 1, text: "end" }],
    });
    if (!this.lineSaid.textContent) this.overLine(null);
  }

  overLine(at) {
    if (!this.data) return;
    if (at === null || at < 0 || at > 1.25) return setText(this.lineSaid, this.data.line);
    const nearest = Math.round((at / 1.25) * (this.line_at.length - 1));
    setText(this.lineSaid, `At ${plain(this.line_at[nearest])} of the straight way the loss is ${num(this.line_loss[nearest])}.`);
  }

  over(place, pixel) {
    this.pointed = place;
    const away = place ? this.points.map((point) => Math.hypot(...this.scene.on(point).map((at, i) => at - pixel[i]))) : [];
    const nearest = away.indexOf(Math.min(...away));
    const lit = nearest >= 0 && away[nearest] <= NEAR ? nearest : null;
    const changed = lit !== this.lit;
    this.lit = lit;
    if (changed) this.draw();
    else this.say();
  }

  say() {
    const { lit, pointed, data } = this;
    if (lit !== null && lit !== undefined) {
      setText(this.said, `Step ${data.steps[lit].toLocaleString("en")}: loss ${num(this.losses[lit])} with the run's weights, ${num(this.field.height(...this.points[lit]))} on this surface below them`);
    } else if (pointed) setText(this.said, `Loss ${num(this.field.height(...pointed))} here`);
    else setText(this.said, this.scene.view === "solid" ? "Drag to turn it." : data.hint);
  }

  destroy() {
    this.scene.destroy();
    this.chart.destroy();
  }
}

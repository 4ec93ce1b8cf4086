// The mean of several runs and the band between the least and the greatest of them.
const version = new URL(import.meta.url).search;
const { reading } = await import("./dom.js" + version);
const { Plot } = await import("./plot.js" + version);

export class Band extends Plot {
  constructor() {
    super("band", 300);
    this.svg.onpointermove = (event) => this.point(event);
    this.svg.onpointerleave = () => this.say(null);
  }

  draw(spec, width) {
    this.axes(spec.x, spec.y, width);
    const forth = spec.steps.map((step, index) => `${this.x(step)},${this.y(spec.high[index])}`);
    const back = spec.steps.map((step, index) => `${this.x(step)},${this.y(spec.low[index])}`).reverse();
    if (!spec.steps.length) return;
    this.add("path", { class: "reach", d: `M${[...forth, ...back].join("L")}Z` });
    this.add("path", { class: "mean", d: `M${spec.steps.map((step, i) => `${this.x(step)},${this.y(spec.mean[i])}`).join("L")}` });
  }

  point(event) {
    const { steps, mean, low, high, y } = this.spec;
    if (!steps.length) return;
    const x = event.clientX - this.svg.getBoundingClientRect().left;
    const away = steps.map((step) => Math.abs(this.x(step) - x));
    const at = away.indexOf(Math.min(...away));
    const [middle, least, most] = [mean, low, high].map((values) => reading(values[at], y.percent));
    this.say(`${this.spec.x.title} ${steps[at].toLocaleString("en")}: mean ${middle}, from ${least} to ${most}`);
  }
}

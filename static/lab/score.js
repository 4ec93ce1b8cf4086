// Final score against a knob's value: one dot a run, the best one ringed.
const version = new URL(import.meta.url).search;
const { isDark, reading } = await import("./dom.js" + version);
const { Plot } = await import("./plot.js" + version);

export class Score extends Plot {
  constructor() {
    super("score", 280);
  }

  draw(spec, width) {
    this.axes(spec.x, spec.y, width);
    const dark = isDark(this.root);
    if (spec.line) {
      const path = spec.points.map(({ x, y }, index) => `${index ? "L" : "M"}${this.x(x)},${this.y(y)}`).join("");
      this.add("path", { class: "thread", d: path });
    }
    for (const point of spec.points) {
      const place = { cx: this.x(point.x), cy: this.y(point.y) };
      if (point.best) this.add("circle", { class: "ring", r: 9, ...place });
      const dot = this.add("circle", { class: "dot", r: 5.5, fill: dark ? point.dark : point.light, ...place });
      const say = () => this.say(`${point.label}: ${reading(point.y, spec.y.percent)}`);
      dot.onpointerenter = say;
      dot.onpointerleave = () => this.say(null);
    }
  }
}

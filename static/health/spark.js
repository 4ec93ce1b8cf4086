// One number over time, small: a line with what lies below it filled, and a bar that says where it stands now.
const version = new URL(import.meta.url).search;
const { element, setAttributes, setText, shape } = await import("../shared/dom.js" + version);
const { last } = await import("../shared/numbers.js" + version);

const WIDE = 100, TALL = 22; // units of the drawing; it is stretched to its cell

/**
 * `place` turns a value into a fraction, 0 to 1, of the height; `say` into text.
 * `mark` is a value that gets a line across, if given.
 */
export class Spark {
  constructor({ place, say, mark = null, className = "" }) {
    this.place = place;
    this.say = say;
    this.mark = mark;
    this.area = shape("path", { class: "area" });
    this.line = shape("path", { class: "line" });
    this.level = shape("path", { class: "level" });
    this.svg = shape("svg", { viewBox: `0 0 ${WIDE} ${TALL}`, preserveAspectRatio: "none", "aria-hidden": "true" });
    this.svg.append(this.area, this.level, this.line);
    this.value = element("span", "value");
    this.word = element("span", "word");
    this.fill = element("span", "fill");
    this.notch = element("span", "notch");
    this.track = element("span", "track", this.fill, this.notch);
    this.root = element("span", `cell ${className}`, element("span", "reading", this.value, this.word), this.svg, this.track);
  }

  /** `values` may hold nulls; `steps` are where they were measured; `word` follows the number. */
  update(values, steps, word = "") {
    this.root.classList.toggle("empty", values.length === 0);
    const now = last(values);
    setText(this.value, values.length ? this.say(now) : "");
    setText(this.word, values.length ? word : "");
    if (!values.length) return;
    const span = steps.at(-1) - steps[0] || 1;
    const points = values.flatMap((value, at) => (value === null ? []
      : [[((steps[at] - steps[0]) / span) * WIDE, TALL - 1 - this.place(value) * (TALL - 2)]]));
    const path = points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
    const ends = points.length ? `L${points.at(-1)[0].toFixed(1)} ${TALL}L${points[0][0].toFixed(1)} ${TALL}Z` : "";
    setAttributes(this.line, { d: points.length ? `M${path}` : "" });
    setAttributes(this.area, { d: points.length ? `M${path}${ends}` : "" });
    const fraction = now === null ? 0 : this.place(now);
    this.fill.style.width = `${(fraction * 100).toFixed(1)}%`;
    this.drawMark();
  }

  drawMark() {
    this.notch.hidden = this.mark === null;
    if (this.mark === null) return;
    const fraction = this.place(this.mark), y = (TALL - 1 - fraction * (TALL - 2)).toFixed(1);
    this.notch.style.left = `${(fraction * 100).toFixed(1)}%`;
    setAttributes(this.level, { d: `M0 ${y}L${WIDE} ${y}` });
  }
}

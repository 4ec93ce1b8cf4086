// A canvas that shows a field from above or as a hill, redrawn when it is resized, pointed at, dragged.
const version = new URL(import.meta.url).search;
const { element } = await import("../shared/dom.js" + version);
const { faded } = await import("../shared/colours.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);
const { MapDrawing } = await import("./flat.js" + version);
const { SolidDrawing } = await import("./solid.js" + version);

const TALL = { map: 0.72, solid: 0.72 }; // of the width

export class Scene {
  /** `over(place, pixel)` is called as the pointer moves on the map (null when it leaves), `pick(place)` on a click. */
  constructor({ label, over = (_value) => {}, pick = null, most = 620 }) {
    this.drawings = { map: new MapDrawing(), solid: new SolidDrawing() };
    this.view = "map";
    this.most = most;
    this.canvas = element("canvas", "scene");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", label);
    this.canvas.onpointermove = (event) => this.moved(event, over);
    this.canvas.onpointerleave = () => over(null);
    this.canvas.onpointerdown = (event) => this.pressed(event, pick);
    this.root = element("div", "stage", this.canvas);
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.root);
  }

  show(spec) {
    if (spec.field !== this.spec?.field) this.drawings.map.stale();
    this.spec = spec;
    this.draw();
  }

  look(view) {
    this.view = view;
    this.canvas.classList.toggle("turns", view === "solid");
    this.draw();
  }

  draw() {
    const width = Math.floor(this.root.clientWidth);
    if (!this.spec || !width) return;
    const height = Math.round(Math.min(this.most, width * TALL[this.view])), ratio = window.devicePixelRatio || 1;
    if (this.canvas.width !== width * ratio || this.canvas.height !== height * ratio) {
      Object.assign(this.canvas, { width: width * ratio, height: height * ratio });
      Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    }
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const field = this.spec[this.view] ?? this.spec.field; // a hill may have heights of its own
    this.drawings[this.view].draw(pen, { ...this.spec, field, width, height, ratio, theme: withInk(readTheme(this.root)) });
  }

  pixel(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  moved(event, over) {
    if (this.view === "solid") {
      if (!this.canvas.hasPointerCapture(event.pointerId)) return;
      this.drawings.solid.drag(event.movementX, event.movementY);
      this.draw();
    } else if (this.drawings.map.box) over(this.drawings.map.place(...this.pixel(event)), this.pixel(event));
  }

  pressed(event, pick) {
    if (this.view === "solid") this.canvas.setPointerCapture(event.pointerId);
    else if (pick) {
      const place = this.drawings.map.place(...this.pixel(event));
      if (place) pick(place);
    }
  }

  destroy() {
    this.observer.disconnect();
  }
}

/** What a hill needs beside the page's colours: its contours, and what sets a way off from it. */
function withInk(theme) {
  const contour = theme.dark ? "rgba(235, 239, 255, 0.20)" : "rgba(20, 28, 80, 0.20)";
  return { ...theme, contour, halo: faded(theme.background, 0.85) };
}

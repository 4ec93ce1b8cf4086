// Dragging with mouse, pen or finger: a layer out of the palette, or a card to another place.
// A mouse drags after 5 px; a finger drags at once by the handle, elsewhere after a short rest (before that
// it scrolls). Knows nothing of what is dragged: it carries `load` from a press to drop(load, gap).

const here = new URL(import.meta.url).search;
const { h } = await import("./icons.js" + here);
const { texts } = await import("./texts.js" + here);
const { fill } = await import("../shared/translation.js" + here);

const FAR = 5; // px that a mouse may tremble within a click
const REST = 260; // ms a finger rests before it drags
const EDGE = 56; // px at the column's ends in which it scrolls by itself
const SPEED = 14; // px a frame at the very edge

export class Drag {
  // surface: the element that the pointer stays with; column: see Column; drop(load, gap) when let go over a
  // gap; gapFor(load, gap): the same gap, or null where letting go would change nothing.
  constructor({ surface, column, drop, gapFor, tell }) {
    this.surface = surface;
    this.column = column;
    this.drop = drop;
    this.gapFor = gapFor;
    this.tell = tell;
    this.load = null;
    this.active = false;
    this.swallowing = false;
    const look = [h("span", { class: "dot" }), h("span")];
    this.ghost = h("div", { class: "ghost", hidden: "", "aria-hidden": "true" }, ...look);
    this.onMove = (event) => this.moved(event);
    this.onUp = (event) => this.released(event);
    this.onStop = () => this.stop();
    this.onKey = (event) => this.key(event);
    this.onTouch = (event) => this.active && event.preventDefault();
    surface.addEventListener("touchmove", this.onTouch, { passive: false });
    surface.addEventListener("contextmenu", (event) => this.load?.touch && event.preventDefault());
    surface.addEventListener("pointerdown", () => { this.swallowing = false; }, true);
    surface.addEventListener("click", (event) => this.swallow(event), true);
  }

  // load: { label, element, handle, ... }; element is dimmed while it is away.
  press(event, load) {
    if (event.button !== 0 || !event.isPrimary) return;
    this.stop();
    const touch = event.pointerType !== "mouse";
    this.load = { ...load, touch, id: event.pointerId, x: event.clientX, y: event.clientY };
    this.listen(true);
    if (touch) this.timer = setTimeout(() => this.begin(), load.handle ? 0 : REST);
  }

  listen(on) {
    const change = on ? "addEventListener" : "removeEventListener";
    window[change]("pointermove", this.onMove);
    window[change]("pointerup", this.onUp);
    window[change]("pointercancel", this.onStop);
    window[change]("blur", this.onStop);
    window[change]("keydown", this.onKey, true);
  }

  begin() {
    const { load } = this;
    this.active = true;
    try {
      this.surface.setPointerCapture(load.id);
    } catch (error) {
      if (error.name !== "NotFoundError") throw error; // the pointer was let go in this very moment
      return this.stop();
    }
    load.element.classList.add("away");
    this.surface.classList.add("dragging");
    this.dress(load);
    this.tell(fill(texts.DRAGGING, { label: load.label }));
    this.follow(load.x, load.y);
    this.frame = requestAnimationFrame(() => this.scroll());
  }

  dress(load) {
    const { style } = load.element.closest("[style]"); // the family's colours
    const copy = (name) => this.ghost.style.setProperty(name, style.getPropertyValue(name));
    ["--light", "--dark"].forEach(copy);
    this.ghost.lastChild.textContent = load.label;
    this.ghost.hidden = false;
  }

  moved(event) {
    if (event.pointerId !== this.load.id) return;
    const far = Math.hypot(event.clientX - this.load.x, event.clientY - this.load.y) > FAR;
    if (!this.active && far && this.load.touch) return this.stop(); // the finger is scrolling
    if (!this.active && far) this.begin();
    if (this.active) this.follow(event.clientX, event.clientY);
  }

  follow(x, y) {
    this.at = { x, y };
    const over = this.column.holds(x, y);
    this.gap = over ? this.gapFor(this.load, this.column.gapAt(y)) : null;
    this.column.showLine(this.gap);
    this.place(x + 12, y + 10);
  }

  // A fixed box may be anchored to an ancestor instead of the window: what it misses by is taken off.
  place(x, y) {
    const { style } = this.ghost;
    style.transform = "none";
    const box = this.ghost.getBoundingClientRect();
    style.transform = `translate(${Math.round(x - box.left)}px, ${Math.round(y - box.top)}px)`;
  }

  scroll() {
    if (!this.active) return;
    const { x, y } = this.at;
    const box = this.column.element.getBoundingClientRect();
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, window.innerHeight)];
    const push = this.column.holds(x, y) ? pressure(y, top, bottom) : 0;
    if (push) {
      this.column.element.scrollTop += push * SPEED;
      this.follow(x, y);
    }
    this.frame = requestAnimationFrame(() => this.scroll());
  }

  released(event) {
    if (!this.load || event.pointerId !== this.load.id) return;
    const { active, load, gap } = this;
    this.stop();
    if (active && gap !== null && gap !== undefined) this.drop(load, gap);
  }

  key(event) {
    if (event.key !== "Escape" || !this.active) return;
    event.preventDefault();
    event.stopPropagation();
    this.tell(fill(texts.STAYS, { label: this.load.label }));
    this.stop();
  }

  stop() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    if (!this.load) return;
    this.swallowing = this.active;
    if (this.surface.hasPointerCapture(this.load.id)) this.surface.releasePointerCapture(this.load.id);
    this.listen(false);
    this.load.element.classList.remove("away");
    this.surface.classList.remove("dragging");
    this.ghost.hidden = true;
    this.column.showLine(null);
    this.load = null;
    this.active = false;
    this.gap = null;
  }

  // The click that a browser sends when a drag ends is no click on anything; one by keyboard is (detail 0).
  swallow(event) {
    if (!this.swallowing || event.detail === 0) return;
    event.preventDefault();
    event.stopPropagation();
  }

  close() {
    this.stop();
    this.surface.removeEventListener("touchmove", this.onTouch);
  }
}

// -1 at the upper edge, 1 at the lower, 0 between.
function pressure(y, top, bottom) {
  if (y < top + EDGE) return -Math.min(1, (top + EDGE - y) / EDGE);
  if (y > bottom - EDGE) return Math.min(1, (y - bottom + EDGE) / EDGE);
  return 0;
}

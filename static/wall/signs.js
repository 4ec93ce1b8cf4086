// Four signs that differ in shape and in colour: nobody has to tell red from green.
const version = new URL(import.meta.url).search;
const { shape } = await import("../shared/dom.js" + version);

export const SIGNS = ["help", "todo", "working", "done"];

const SHAPES = {
  help: [["path", { d: "M8 1.5 15.2 14H.8Z" }], ["path", { class: "cut", d: "M8 6v4M8 11.7v1" }]],
  todo: [["circle", { class: "ring", cx: 8, cy: 8, r: 6 }]],
  working: [["circle", { class: "ring", cx: 8, cy: 8, r: 6 }], ["path", { d: "M8 2a6 6 0 0 1 0 12Z" }]],
  done: [["circle", { cx: 8, cy: 8, r: 7 }], ["path", { class: "cut", d: "m4.6 8.4 2.4 2.4 4.6-5.2" }]],
};

/** A sign of 16 x 16. Its colour comes from main.css, by its name. */
export class Sign {
  constructor() {
    this.root = shape("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  }

  update(name) {
    draw(this.root, name);
  }
}

/** Has the picture show the sign of this name. */
export function draw(root, name) {
  if (root.dataset.name === name) return;
  root.setAttribute("data-name", name);
  root.setAttribute("class", `sign ${name}`);
  root.replaceChildren(...SHAPES[name].map(([tag, attributes]) => shape(tag, attributes)));
}

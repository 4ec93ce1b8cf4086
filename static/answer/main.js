// What a network says to one picture: a bar for each class, and beside them what every layer made of the picture.
// Python sends plain data at each tick (pages/ui/shared/class_answer.py); rows are kept and only their numbers change.
const version = new URL(import.meta.url).search;
const { Bars } = await import("./bars.js" + version);
const { element } = await import("../shared/dom.js" + version);
const { Layers } = await import("./layers.js" + version);

const views = new WeakMap();

/** Streamlit's entry point: at mount and at every change of data or theme. */
export default function (component) {
  const parent = component.parentElement;
  if (!views.has(parent)) views.set(parent, new View(parent));
  views.get(parent).update(component.data, component.setStateValue);
  return () => {
    views.get(parent)?.destroy();
    views.delete(parent);
  };
}

class View {
  constructor(parent) {
    this.root = element("div", "answer");
    this.bars = new Bars();
    this.layers = new Layers();
    const split = element("div", "split");
    split.append(this.bars.root, this.layers.root);
    this.root.append(split);
    parent.append(this.root);
  }

  update(data, setStateValue) {
    this.bars.update(data);
    this.layers.update(data, setStateValue);
  }

  destroy() {
    this.layers.destroy();
    this.root.remove();
  }
}

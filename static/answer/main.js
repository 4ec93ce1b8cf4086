// What a network says to one picture: a bar for each class, and beside them what every layer made of the picture.
// Python sends plain data at each tick (dlviz/views/prediction.py); rows are kept and only their numbers change.
const version = new URL(import.meta.url).search;
const { Bars } = await import("./bars.js" + version);
const { element } = await import("../shared/dom.js" + version);
const { Layers } = await import("./layers.js" + version);

export default class Prediction {
  constructor() {
    this.root = element("div", "answer");
    this.bars = new Bars();
    this.layers = new Layers();
    const split = element("div", "split");
    split.append(this.bars.root, this.layers.root);
    this.root.append(split);
  }

  update(data, setStateValue) {
    this.bars.update(data);
    this.layers.update(data, setStateValue);
  }

  destroy() {
    this.layers.destroy();
  }
}

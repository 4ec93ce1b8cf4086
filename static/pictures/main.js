// What is looked at inside a run: maps, one sample with its answer, mistakes.
// Python sends plain data at each tick (dlviz/views/pictures.py); nothing here is built anew while only
// numbers and pictures change, so nothing flickers and nothing jumps.
const version = new URL(import.meta.url).search;
const { Maps } = await import("./maps.js" + version);
const { Sample } = await import("./sample.js" + version);
const { Gallery } = await import("./gallery.js" + version);
const { element } = await import("../shared/dom.js" + version);

const KINDS = { maps: Maps, sample: Sample, gallery: Gallery };

export default class Pictures {
  constructor() {
    this.root = element("div", "blocks");
    this.blocks = [];
  }

  update({ blocks }) {
    const kinds = blocks.map(({ kind }) => kind).join();
    if (kinds !== this.kinds) {
      this.blocks = blocks.map(({ kind }) => new KINDS[kind]());
      this.root.replaceChildren(...this.blocks.map((block) => block.root));
      this.kinds = kinds;
    }
    this.blocks.forEach((block, index) => block.update(blocks[index]));
  }
}

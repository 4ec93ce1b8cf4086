// What a study shows beside its figures: all runs at one step, pictures side by side.
// Python sends plain data (pages/ui/lab/blocks.py); what has not changed is not touched, so nothing flickers.
const version = new URL(import.meta.url).search;
const { component } = await import("../shared/mount.js" + version);
const { Standings } = await import("./standings.js" + version);
const { Album } = await import("./album.js" + version);
const { element } = await import("../shared/dom.js" + version);

const KINDS = { table: Standings, maps: Album };
class View {
  constructor() {
    this.root = element("div", "blocks");
    this.blocks = [];
  }

  update({ blocks }) {
    const kinds = blocks.map(({ kind }) => kind).join();
    this.root.classList.toggle("album", blocks[0]?.kind === "maps");
    if (kinds !== this.kinds) {
      this.blocks.forEach((block) => block.destroy?.());
      this.blocks = blocks.map(({ kind }) => new KINDS[kind]());
      this.root.replaceChildren(...this.blocks.map((block) => block.root));
      this.kinds = kinds;
    }
    this.blocks.forEach((block, index) => block.update(blocks[index]));
  }

  destroy() {
    this.blocks.forEach((block) => block.destroy?.());
  }
}

export default component(() => new View());

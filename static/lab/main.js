// What a study shows beside its figures: all runs at one step, pictures side by side.
// Python sends plain data (pages/ui/lab/blocks.py); what has not changed is not touched, so nothing flickers.
const version = new URL(import.meta.url).search;
const { Standings } = await import("./standings.js" + version);
const { Album } = await import("./album.js" + version);
const { element } = await import("../shared/dom.js" + version);

const KINDS = { table: Standings, maps: Album };
const views = new WeakMap();

/** Streamlit's entry point: at mount and at every change of data or theme. */
export default function (component) {
  const parent = component.parentElement;
  if (!views.has(parent)) views.set(parent, new View(parent));
  views.get(parent).update(component.data.blocks);
  return () => {
    views.get(parent)?.destroy();
    views.delete(parent);
  };
}

class View {
  constructor(parent) {
    this.root = element("div", "blocks");
    this.blocks = [];
    parent.append(this.root);
  }

  update(blocks) {
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
    this.root.remove();
  }
}

// The replay memory as a strip of tiny boards; those of the batch drawn last are outlined.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { fill, locale } = await import("../shared/translation.js" + version);
const { bytes, paintCells } = await import("./board.js" + version);
const { texts } = await import("./texts.js" + version);

const TINY = 26; // px of the longer side

export class MemoryStrip {
  constructor() {
    this.title = element("h4", "title");
    this.boards = element("div", "memory");
    this.root = element("section", "", this.title, this.boards, element("p", "note", texts.DRAWN));
  }

  update(memory, theme) {
    const values = bytes(memory.boards), [count, height, width] = memory.shape, size = height * width;
    setText(this.title, fill(texts.MEMORY, { size: memory.size.toLocaleString(locale()), shown: count,
                                             capacity: memory.capacity.toLocaleString(locale()) }));
    fit(this.boards, count, () => element("canvas", "tiny")).forEach((canvas, at) => {
      paintCells(canvas, values.subarray(at * size, (at + 1) * size), [height, width], memory.planes, theme.dark, TINY);
      canvas.classList.toggle("drawn", memory.drawn[at] === 1);
    });
  }
}

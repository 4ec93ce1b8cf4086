// What every layer made of the picture, one row a layer: one line of maps, all of them once it is opened.
// Python sends a layer's first maps as bytes, each a place in one palette; here they are laid out to fit the width.
const version = new URL(import.meta.url).search;
const { packed } = await import("../shared/colours.js" + version);
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { bytes } = await import("../shared/numbers.js" + version);
const { isDark } = await import("../shared/theme.js" + version);
const { fill, locale } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const SIDE = 56; // CSS pixels of a map
const FEW = 32; // numbers of a vector that are drawn large
const MANY = 256; // and beyond this small, until it is opened
const LINES = 8; // of a long vector while it is closed
const MORE = 4; // where in a row's button it says how many maps there are
const scratch = document.createElement("canvas"); // where a layer's bytes become a picture, one map below the other

export class Layers {
  open;

  constructor() {
    this.root = element("section", "layers");
    this.list = element("ol");
    this.legend = element("p", "legend");
    this.legend.append(element("i", "below"), texts.BELOW_ZERO, element("i", "above"), texts.ABOVE_ZERO);
    this.root.append(element("h3", "", texts.WHAT_LAYERS_MAKE), this.legend, this.list);
    this.watcher = new ResizeObserver(() => this.paint());
    this.watcher.observe(this.list);
  }

  destroy() {
    this.watcher.disconnect();
  }

  update({ layers, palettes }, setStateValue) {
    const theme = Number(isDark(this.root));
    const palette = bytes(palettes[theme]);
    this.open ??= new Set(layers.filter(({ open }) => open).map(({ name }) => name));
    this.layers = layers;
    this.setStateValue = setStateValue;
    this.theme = theme;
    this.colors = Uint32Array.from({ length: palette.length / 3 }, (_, at) => packed(palette.subarray(3 * at, 3 * at + 3)));
    this.legend.style.setProperty("--below", `rgb(${palette.slice(3, 6)})`);
    this.legend.style.setProperty("--above", `rgb(${palette.slice(-3)})`);
    fit(this.list, layers.length, row).forEach((item, index) => this.describe(item, layers[index]));
    this.paint();
  }

  describe(item, layer) {
    const [button, canvas] = item.children;
    const [, dot, name, kind, , shape] = button.children;
    dot.style.background = layer.colors[this.theme];
    setText(name, layer.name);
    setText(kind, layer.kind);
    setText(shape, layer.shape);
    button.onclick = () => this.toggle(layer.name);
    canvas.setAttribute("aria-label", fill(texts.OUTPUT_OF, { layer: layer.name }));
  }

  toggle(name) {
    if (!this.open.delete(name)) this.open.add(name);
    this.paint();
    this.setStateValue("open", [...this.open]);
  }

  paint() {
    const room = this.list.clientWidth;
    if (!room || !this.layers) return;
    this.layers.forEach((layer, index) => {
      const [button, canvas] = this.list.children[index].children;
      const open = this.open.has(layer.name);
      const plan = layout(layer, room, open);
      button.setAttribute("aria-expanded", open);
      setText(button.children[MORE], rest(layer, plan));
      draw(canvas, layer, plan, unpack(layer, this.colors));
    });
  }
}

/** Puts a layer's maps on the scratch canvas, one below the other; returns how many there are. */
function unpack({ levels, width, height }, colors) {
  if (!levels) return 0;
  const places = bytes(levels);
  const sent = places.length / (width * height);
  const data = new ImageData(width, height * sent);
  new Uint32Array(data.data.buffer).set(Array.from(places, (place) => colors[place]));
  Object.assign(scratch, { width, height: height * sent });
  scratch.getContext("2d").putImageData(data, 0, 0);
  return sent;
}

/** Where the maps go: their size, how many in a line, how many lines, how many in all. */
function layout({ count, width, height, limit, line, vector }, room, open) {
  const square = count <= FEW ? 16 : count <= MANY || open ? 8 : 4;
  const times = vector ? square : Math.max(1, Math.floor(SIDE / Math.max(width, height)));
  const across = width * times, down = height * times, gap = vector ? Number(square > 4) : 4;
  const columns = Math.max(1, Math.floor((room + gap) / (across + gap)));
  const most = open ? limit : Math.min(line, columns * (vector ? LINES : 1));
  const shown = Math.min(count, most);
  return { across, down, gap, columns, shown, lines: Math.ceil(shown / columns) };
}

function rest({ count, vector }, { shown }) {
  if (shown >= count) return "";
  const places = { shown: shown.toLocaleString(locale()) };
  return vector ? fill(texts.NUMBERS_SHOWN(count), places) : fill(texts.MAPS_SHOWN(count), places);
}

/** Draws the maps that the scratch canvas holds; those that have not come yet are empty squares. */
function draw(canvas, layer, { across, down, gap, columns, shown, lines }, sent) {
  const width = Math.min(columns, shown) * (across + gap) - gap, height = lines * (down + gap) - gap;
  const ratio = window.devicePixelRatio || 1;
  const pixels = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) {
    [canvas.width, canvas.height] = pixels;
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.imageSmoothingEnabled = false;
  pen.fillStyle = pen.strokeStyle = getComputedStyle(canvas).color;
  for (let index = 0; index < shown; index += 1) {
    const x = (index % columns) * (across + gap), y = Math.floor(index / columns) * (down + gap);
    if (index < sent) pen.drawImage(scratch, 0, index * layer.height, layer.width, layer.height, x, y, across, down);
    else pen.fillRect(x, y, across, down);
    if (gap > 1) pen.strokeRect(x + 0.5, y + 0.5, across - 1, down - 1);
  }
}

function row() {
  const item = element("li");
  const button = element("button");
  button.type = "button";
  const mark = element("span", "mark");
  mark.setAttribute("aria-hidden", "true");
  button.append(mark, ...["dot", "name", "kind", "more", "shape"].map((part) => element("span", part)));
  const canvas = element("canvas");
  canvas.setAttribute("role", "img");
  item.append(button, canvas);
  return item;
}

// All heads as small maps, a line each module. A map is a button; below it how sharp the head is and was.
const version = new URL(import.meta.url).search;
const { palette } = await import("../shared/colours.js" + version);
const { element, fit, setAttributes, setText, shape } = await import("../shared/dom.js" + version);
const { bytes } = await import("../shared/numbers.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);
const { fill, numeral } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const SIZES = [[2, 132], [8, 92], [24, 72], [Infinity, 56]]; // up to so many heads, so many CSS pixels a map
const TALL = 18; // of the curve

export class Heads {
  constructor(onChoose) {
    this.list = element("div", "modules");
    this.root = element("section", "heads", this.list, element("p", "sharpness", texts.SHARPNESS));
    this.onChoose = onChoose;
  }

  update(modules, chosen, muted = []) {
    const count = modules.reduce((sum, { shape: [heads] }) => sum + heads, 0);
    const size = SIZES.find(([most]) => count <= most)[1];
    const { dark } = readTheme(this.root);
    fit(this.list, modules.length, moduleBox).forEach((box, at) => {
      const module = modules[at], [title, list] = box.children;
      setText(title.children[0], module.name);
      setText(title.children[1], module.crossing ? texts.CROSS_ATTENTION : texts.SELF_ATTENTION);
      const levels = bytes(module.small);
      fit(list, module.shape[0], headButton).forEach((button, head) => {
        const picked = chosen.module === module.name && chosen.head === head;
        button.setAttribute("aria-pressed", picked);
        button.classList.toggle("muted", muted.some(([name, number]) => name === module.name && number === head));
        button.onclick = () => this.onChoose(module.name, head);
        fillHead(button, module, head, levels, size, palette("fraction", dark));
      });
    });
  }
}

function moduleBox() {
  return element("div", "module", element("p", "title", element("span", "name"), element("span", "about")),
                 element("div", "maps"));
}

function headButton() {
  const line = element("span", "line", element("span", "number"), element("span", "sharp"));
  const button = element("button", "head", element("canvas"), line);
  const curve = shape("svg", { class: "curve", "aria-hidden": "true" });
  curve.append(shape("polyline", { fill: "none" }));
  button.type = "button";
  button.append(curve);
  return button;
}

function fillHead(button, module, head, levels, size, colors) {
  const { shape: [, rows, columns], size: [queries, keys], sharp, curves } = module;
  const [canvas, line, curve] = button.children;
  const data = new ImageData(columns, rows), pixels = new Uint32Array(data.data.buffer);
  const start = head * rows * columns;
  for (let index = 0; index < pixels.length; index += 1) pixels[index] = colors.packed[levels[start + index]];
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  canvas.getContext("2d").putImageData(data, 0, 0);
  const side = (count) => `${Math.max(16, Math.round((size * count) / Math.max(queries, keys)))}px`;
  Object.assign(canvas.style, { width: side(keys), height: side(queries) });
  button.style.width = `${size + 12}px`;
  setText(line.children[0], size < 70 ? `${head + 1}` : fill(texts.HEAD, { head: head + 1 }));
  const sharpness = numeral(sharp[head].toFixed(2));
  setText(line.children[1], sharpness);
  button.setAttribute("aria-label", fill(texts.HEAD_SHARPNESS, { head: head + 1, sharpness }));
  fillCurve(curve, curves[head] ?? [], size);
}

/** Sharpness from 0 to 1 over the steps that were seen. */
function fillCurve(curve, points, width) {
  curve.style.display = points.length ? "" : "none";
  if (!points.length) return;
  const [first, last] = [points[0][0], points[points.length - 1][0]];
  const x = (step) => ((step - first) / (last - first || 1)) * (width - 2) + 1;
  const y = (value) => (1 - value) * (TALL - 3) + 1.5;
  setAttributes(curve, { width, height: TALL, viewBox: `0 0 ${width} ${TALL}` });
  const line = points.map(([step, value]) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  setAttributes(curve.firstElementChild, { points: line });
}

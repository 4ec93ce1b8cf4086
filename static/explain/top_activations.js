// The test samples with a unit's highest activations: a card a unit, its samples in a row, its receptive field framed.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { bytes, signed } = await import("../shared/numbers.js" + version);
const { fill, locale } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const LONGEST = 56; // CSS pixels of a sample's longer side, before the screen's own ratio
const OUTSIDE = 0.3; // brightness of what the unit cannot see

export default class TopActivations {
  constructor() {
    this.root = element("div", "explain top-activations");
    this.note = element("p", "question");
    this.grid = element("div", "units");
    this.root.append(this.note, this.grid);
  }

  update({ note, word, units, samples }) {
    setText(this.note, note);
    fit(this.grid, units.length, makeUnit).forEach((card, index) => {
      const { number, about, top } = units[index], [head, row, pointed] = card.children;
      setText(head.children[0], fill(texts.UNIT, { word, number }));
      setText(head.children[1], about);
      card.classList.toggle("dead", !top.length);
      setText(pointed, " ");
      fit(row, top.length, makeSample).forEach((item, rank) => {
        const activation = top[rank], sample = samples[activation.sample];
        const say = () => setText(pointed, sentence(activation));
        item.onpointerenter = say;
        item.onfocus = say;
        item.onpointerleave = () => setText(pointed, " ");
        item.setAttribute("aria-label", sentence(activation));
        const [picture, words, target] = item.children;
        picture.hidden = !sample.ink;
        words.hidden = Boolean(sample.ink);
        if (sample.ink) paint(picture, sample, activation);
        else write(words, sample.words, activation.step);
        setText(target, activation.target ?? "");
      });
    });
  }
}

function makeUnit() {
  return element("section", "unit-card", element("header", "", element("h4"), element("span", "term")),
                 element("ol", "row"), element("p", "pointed"));
}

function makeSample() {
  const made = element("li", "", element("canvas", "ink"), element("span", "words"), element("span", "target"));
  made.tabIndex = 0;
  return made;
}

function sentence({ sample, target, value }) {
  const number = sample.toLocaleString(locale()), written = signed(value);
  if (target === null) return fill(texts.SAMPLE, { number, value: written });
  return fill(texts.SAMPLE_OF, { number, target, value: written });
}

function paint(canvas, { ink, size: [rows, columns] }, { frame, step }) {
  const scale = Math.max(1, Math.round((LONGEST * 2) / Math.max(rows, columns)));
  Object.assign(canvas, { width: columns * scale, height: rows * scale });
  Object.assign(canvas.style, { width: `${(columns * scale) / 2}px`, height: `${(rows * scale) / 2}px` });
  const box = frame ?? (step === undefined || step === null || step >= rows ? null : [step, 0, step + 1, columns]);
  const small = new OffscreenCanvas(columns, rows), data = new ImageData(columns, rows);
  bytes(ink).forEach((level, index) => {
    const row = Math.floor(index / columns), column = index % columns;
    const inside = !frame || (row >= box[0] && row < box[2] && column >= box[1] && column < box[3]);
    const grey = Math.round(level * (inside ? 1 : OUTSIDE));
    data.data.set([grey, grey, grey, 255], index * 4);
  });
  small.getContext("2d").putImageData(data, 0, 0);
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, columns * scale, rows * scale);
  if (!box) return;
  pen.strokeStyle = "#FFC43D";
  pen.lineWidth = 2;
  const [top, left, bottom, right] = box;
  pen.strokeRect(left * scale + 1, top * scale + 1, (right - left) * scale - 2, (bottom - top) * scale - 2);
}

/** The words of each input in a line; the step that excited the unit is lifted out. */
function write(root, inputs, step) {
  const input = inputs.findIndex((words) => step !== null && step < words.length);
  fit(root, inputs.length, () => element("span", "line")).forEach((line, index) => {
    fit(line, inputs[index].length, () => element("b")).forEach((word, at) => {
      setText(word, inputs[index][at]);
      word.classList.toggle("lit", index === input && at === step);
    });
  });
}

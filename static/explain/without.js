// A layer's units as switches, and what becomes of the network: accuracy, answer and mix-ups, before against after.
// Which units are off is kept here between clicks; Python's word counts when its turn is another.
const version = new URL(import.meta.url).search;
const { palette } = await import("../shared/colours.js" + version);
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { paint: ink } = await import("../shared/ink.js" + version);
const { decimalPercent, floats, percent, signed } = await import("../shared/numbers.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);
const { fill, locale, numeral } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

export default class Without {
  constructor() {
    this.off = new Set();
    this.title = element("p", "question");
    this.grid = element("div", "switches");
    this.pointed = element("p", "pointed");
    this.list = element("ul", "chips");
    this.accuracy = element("div", "marks");
    this.answer = element("div", "outcome-answer");
    this.mixed = element("div", "mixed");
    const left = element("section", "left", this.title, this.grid, this.pointed, this.list);
    const right = element("section", "right", this.accuracy, this.answer, this.mixed);
    this.root = element("div", "explain", element("div", "without", left, right));
  }

  update(data, setStateValue) {
    this.data = data;
    this.send = () => setStateValue("off", { layer: data.layer, turn: data.turn, units: [...this.off] });
    const turn = `${data.layer} ${data.turn}`;
    if (turn !== this.turn) this.off = new Set(data.off);
    this.turn = turn;
    const { word, layer } = data;
    setText(this.title, data.drops ? fill(texts.CLICK_DROPS, { word, layer }) : fill(texts.CLICK, { word, layer }));
    this.units();
    fit(this.list, data.list.length, () => element("li")).forEach((item, at) => setText(item, data.list[at]));
    this.marks();
    if (data.answer.form === "classes") bars(this.answer, data.answer.bars);
    else if (data.answer.form === "pictures") pictures(this.answer, data.answer);
    else steps(this.answer, data.answer.steps);
    mixUps(this.mixed, data.mixed);
  }

  units() {
    const { data } = this, values = floats(data.values), { dark } = readTheme(this.root);
    const colors = palette("signed", dark);
    const size = data.map ? data.map[0] * data.map[1] : 1, count = values.length / size;
    const most = values.reduce((high, value) => Math.max(high, Math.abs(value) || 0), 0) || 1;
    const worst = data.drops ? Math.max(...data.drops, 0.001) : 1;
    this.grid.classList.toggle("as-maps", Boolean(data.map));
    fit(this.grid, count, makeUnit).forEach((button, unit) => {
      const [canvas, bar] = button.children;
      if (data.map) paint(canvas, values.subarray(unit * size, (unit + 1) * size), data.map, most, colors);
      else plain(canvas, colors.css[level(values[unit], most)]);
      bar.hidden = !data.drops;
      if (data.drops) bar.firstElementChild.style.width = `${Math.max(0, data.drops[unit] / worst) * 100}%`;
      const name = fill(texts.UNIT, { word: data.word, number: unit });
      const facts = [data.map ? "" : fill(texts.OUTPUT, { value: signed(values[unit]) }), lost(data.drops?.[unit])];
      button.setAttribute("aria-label", name);
      this.press(button, unit);
      button.onclick = () => {
        if (!this.off.delete(unit)) this.off.add(unit);
        this.press(button, unit);
        this.send();
      };
      const say = () => setText(this.pointed, described(name, facts.filter(Boolean)));
      button.onpointerenter = say;
      button.onfocus = say;
    });
    const hidden = data.units - count;
    setText(this.pointed, hidden ? texts.NOT_SHOWN(hidden) : " ");
  }

  press(button, unit) {
    button.setAttribute("aria-pressed", this.off.has(unit) || this.data.all);
  }

  marks() {
    const { before, after, metric, count } = this.data, changed = this.data.list.length > 0;
    const rows = [[texts.EVERYTHING_ON, before, false], [texts.AS_SWITCHED, after, changed && after.accuracy < before.accuracy]];
    fit(this.accuracy, 2, () => element("div", "mark", element("span", "label"), element("span", "value"), element("span", "label")))
      .forEach((row, at) => {
        const [name, marks, worse] = rows[at], [label, value, note] = row.children;
        setText(label, name);
        setText(value, marks.accuracy === null ? "–" : decimalPercent(marks.accuracy));
        const loss = marks.loss === null ? "–" : numeral(marks.loss.toFixed(3));
        setText(note, fill(texts.MARK, { metric, count: count.toLocaleString(locale()), loss }));
        row.classList.toggle("worse", worse);
      });
  }
}

/** What is lost without a unit, where that was measured. */
function lost(drop) {
  if (drop === undefined) return "";
  const difference = decimalPercent(Math.abs(drop));
  return drop > 0 ? fill(texts.FALLS, { difference }) : fill(texts.CHANGES, { difference });
}

function described(unit, facts) {
  return facts.length ? fill(texts.POINTED, { unit, facts: facts.join("; ") }) : unit;
}

function makeUnit() {
  const made = element("button", "unit", element("canvas"), element("span", "drop", element("i")));
  made.type = "button";
  return made;
}

function level(value, most) {
  return Number.isFinite(value) ? Math.round(((value / most + 1) / 2) * 255) : 127;
}

function plain(canvas, color) {
  Object.assign(canvas, { width: 1, height: 1 });
  canvas.getContext("2d").fillStyle = color;
  canvas.getContext("2d").fillRect(0, 0, 1, 1);
}

function paint(canvas, values, [rows, columns], most, colors) {
  Object.assign(canvas, { width: columns, height: rows });
  const data = new ImageData(columns, rows), packed = new Uint32Array(data.data.buffer);
  values.forEach((value, index) => { packed[index] = colors.packed[level(value, most)]; });
  canvas.getContext("2d").putImageData(data, 0, 0);
}

/** The picture that comes out, before and after, beside the one that should. */
function pictures(root, { size, pictures: shown }) {
  root.className = "outcome-answer pictures";
  fit(root, shown.length, () => element("figure", "", element("canvas"), element("figcaption"))).forEach((figure, at) => {
    const [canvas, caption] = figure.children, [name, levels] = shown[at];
    ink(canvas, levels, size);
    setText(caption, texts.LINES[name]);
  });
}

/** Two bars a class: pale what it was, full what it is. */
function bars(root, rows) {
  root.className = "outcome-answer bars";
  const order = (name) => rows.reduce((best, row, at) => (row[name] > rows[best][name] ? at : best), 0);
  const was = order("before"), is = order("after"), known = rows.some(({ target }) => target);
  fit(root, rows.length + 1, () => element("div", "bar", element("span", "class"), element("span", "track", element("i", "was"), element("i", "is")), element("span", "probability")))
    .forEach((line, index) => {
      const [label, track, probability] = line.children;
      line.classList.toggle("verdict", index === 0);
      if (index === 0) {
        setText(label, "");
        setText(probability, "");
        track.hidden = true;
        const { word } = rows[is];
        setText(probability, was === is ? fill(texts.PREDICTION_STAYS, { word })
          : fill(texts.PREDICTION_TURNS, { before: rows[was].word, after: word }));
        return;
      }
      const row = rows[index - 1];
      track.hidden = false;
      line.classList.toggle("best", index - 1 === is);
      line.classList.toggle("target", row.target);
      line.classList.toggle("fine", index - 1 === is && (row.target || !known));
      setText(label, row.word);
      track.children[0].style.width = `${(row.before ?? 0) * 100}%`;
      track.children[1].style.width = `${(row.after ?? 0) * 100}%`;
      setText(probability, percent(row.after));
    });
}

/** A word before, a word after, for each step or number of the answer. */
function steps(root, rows) {
  root.className = "outcome-answer steps";
  const lines = Object.entries(texts.LINES);
  fit(root, 3, () => element("div", "line", element("span", "label"), element("span", "words"))).forEach((line, at) => {
    const [name, label] = lines[at];
    setText(line.children[0], label);
    fit(line.children[1], rows.length, () => element("b")).forEach((word, step) => {
      setText(word, rows[step][name]);
      word.className = rows[step].wrong[name] ? "wrong" : "";
    });
  });
}

function mixUps(root, rows) {
  fit(root, rows.length ? 2 : 0, () => element("div"));
  if (!rows.length) return;
  setText(root.children[0], texts.CONFUSED_MORE);
  root.children[0].className = "label";
  fit(root.children[1], rows.length, () => element("p")).forEach((line, at) => {
    const { target, prediction, before, after } = rows[at];
    setText(line, fill(texts.CONFUSED(after), { target, prediction, before }));
  });
}

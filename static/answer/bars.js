// The answer in large, how sure the network is in words, and a bar for each class in a fixed order.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { percent } = await import("../shared/numbers.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const SURENESS = [[0.9, "high"], [0.6, "fair"], [0.35, "low"], [0, "none"]]; // from which probability on
const LONG = 2; // characters of a class name that still fit the large square

export class Bars {
  constructor() {
    this.root = element("section", "bars");
    this.big = element("p", "big");
    this.sure = element("p", "sure");
    this.second = element("p", "second");
    this.list = element("ol", "classes");
    this.when = element("p", "when");
    this.note = element("p", "note");
    const words = element("div", "words");
    words.append(this.sure, this.second);
    this.head = element("div", "head");
    this.head.append(this.big, words);
    this.root.append(this.head, this.list, this.when, this.note);
  }

  update({ classes, probabilities, target, hint, when, note }) {
    const order = probabilities ? ranked(probabilities) : [];
    const right = target === null || order[0] === target;
    this.root.classList.toggle("empty", !probabilities);
    this.root.classList.toggle("wrong", Boolean(probabilities) && !right);
    this.say(classes, probabilities, order, target, hint);
    fit(this.list, classes.length, bar).forEach((item, index) => {
      fillBar(item, classes[index], probabilities?.[index] ?? null);
      item.classList.toggle("best", index === order[0]);
      item.classList.toggle("target", index === target);
    });
    setText(this.when, when);
    setText(this.note, note);
  }

  say(classes, probabilities, order, target, hint) {
    const [best, next] = order;
    this.head.classList.toggle("long", classes.some((name) => name.length > LONG));
    setText(this.big, probabilities ? classes[best] : "?");
    setText(this.sure, probabilities ? sureness(probabilities[best]) : hint);
    setText(this.second, probabilities ? second(classes, probabilities, best, next, target) : "");
  }
}

function sureness(probability) {
  const [, level] = SURENESS.find(([from]) => probability >= from);
  return fill(texts.SURENESS[level], { probability: percent(probability) });
}

function second(classes, probabilities, best, next, target) {
  if (target !== null) return best === target ? texts.CORRECT : fill(texts.TARGET, { name: classes[target] });
  if (next === undefined || probabilities[next] === 0) return "";
  return fill(texts.SECOND, { name: classes[next], probability: percent(probabilities[next]) });
}

/** Indices of the classes, the likeliest first. */
function ranked(probabilities) {
  return probabilities.map((_, index) => index).sort((a, b) => probabilities[b] - probabilities[a]);
}

function bar() {
  const item = element("li");
  const track = element("span", "track");
  track.setAttribute("role", "meter");
  track.setAttribute("aria-valuemin", 0);
  track.setAttribute("aria-valuemax", 1);
  track.append(element("span", "fill"));
  item.append(element("span", "class"), track, element("span", "probability"));
  return item;
}

function fillBar(item, name, probability) {
  const [label, track, number] = item.children;
  setText(label, name);
  setText(number, probability === null ? "" : percent(probability));
  track.setAttribute("aria-label", name);
  track.setAttribute("aria-valuenow", probability ?? 0);
  track.setAttribute("aria-valuetext", number.textContent || texts.NO_PREDICTION);
  track.firstElementChild.style.width = `${(probability ?? 0) * 100}%`;
}

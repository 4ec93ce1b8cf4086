// One sample with the network's answer: the picture, and a bar for each class.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { percent } = await import("../shared/numbers.js" + version);
const { Picture } = await import("../shared/picture.js" + version);

export class Sample {
  constructor() {
    this.root = element("figure", "sample");
    this.picture = new Picture("sharp");
    this.title = element("figcaption", "say");
    this.bars = element("ol", "bars");
    this.root.append(this.picture.img, this.title, this.bars);
  }

  update({ picture, title, alt, classes, probabilities, target }) {
    this.picture.show(picture, alt);
    setText(this.title, title);
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    fit(this.bars, classes.length, bar).forEach((item, index) => {
      const probability = probabilities?.[index] ?? 0;
      setText(item.children[0], classes[index]);
      item.children[1].firstElementChild.style.width = `${(probability * 100).toFixed(1)}%`;
      setText(item.children[2], probabilities ? percent(probability) : "");
      item.classList.toggle("right", index === target);
      item.classList.toggle("best", index === best);
    });
  }
}

function bar() {
  const item = element("li");
  const track = element("span", "track");
  track.append(element("span", "fill"));
  item.append(element("span", "class"), track, element("span", "probability"));
  return item;
}

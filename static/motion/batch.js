// The batch: its samples as buttons, each with its target and what the network says; one is chosen.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);
const { fill, locale } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);
const { fillInk, thumb } = await import("./thumb.js" + version);

export class Batch {
  constructor(onChoose) {
    this.onChoose = onChoose;
    this.list = element("div", "samples");
    this.root = element("div", "batch", element("p", "label", texts.BATCH),
      this.list);
  }

  update({ samples, chosen }) {
    const { dark } = readTheme(this.root);
    fit(this.list, samples.length, makeSample).forEach((button, index) => {
      const { picture, size, images, words, target, prediction, right: correct, number } = samples[index];
      const [ink, row, text, right, answer] = button.children;
      ink.hidden = !picture;
      row.hidden = !images.length;
      if (picture) fillInk(ink, picture, size, [56, 56], dark);
      fit(row, images.length, makePicture).forEach((made, at) => {
        fillInk(made.firstChild, images[at].picture, images[at].size, [56, 56], dark);
        setText(made.lastChild, images[at].title);
      });
      text.hidden = Boolean(picture) || !words;
      setText(text, words);
      const long = target.length + prediction.length > 16;
      setText(answer, images.length ? prediction : prediction === target ? `${target} ✓` : long ? fill(texts.PREDICTION, { prediction })
        : fill(texts.TARGET_AND_PREDICTION, { target, prediction }));
      setText(right, long && !images.length ? fill(texts.TARGET, { target }) : "");
      answer.classList.toggle("wrong", !correct);
      button.title = fill(texts.TRAINING_SAMPLE, { number: number.toLocaleString(locale()) });
      const label = fill(images.length ? texts.SAMPLE_MEETS : texts.SAMPLE_IS, { number: index + 1, target, prediction });
      button.setAttribute("aria-label", label);
      button.setAttribute("aria-pressed", index === chosen);
      button.onclick = () => this.onChoose(index);
    });
  }
}

function makeSample() {
  const made = element("button", "sample", thumb("ink"), element("span", "pictures"), element("span", "words"), element("span", "right"),
    element("span", "answer"));
  made.type = "button";
  return made;
}

function makePicture() {
  return element("span", "titled", thumb("ink"), element("span", "words"));
}

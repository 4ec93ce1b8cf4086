// Symbols in a row, each coloured by a number of its own, which stands below it.
const version = new URL(import.meta.url).search;
const { palette } = await import("../shared/colours.js" + version);
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { signedBeside } = await import("../shared/numbers.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);

export class Tokens {
  constructor() {
    this.root = element("div", "tokens");
  }

  /** `words` and `values` (floats): a list for each input. */
  update({ words, values, most, signed }) {
    const { dark } = readTheme(this.root), colors = palette(signed ? "signed" : "fraction", dark);
    fit(this.root, words.length, () => element("ol")).forEach((row, input) => {
      fit(row, words[input].length, () => element("li", "", element("span", "token"), element("span", "number")))
        .forEach((item, step) => {
          const value = values[input][step], relative = value / (most || 1);
          const place = Math.round(Math.min(1, Math.max(0, signed ? (relative + 1) / 2 : relative)) * 255);
          setText(item.children[0], words[input][step]);
          const number = signedBeside(value, most);
          setText(item.children[1], signed ? number : number.replace(/^[+−]/, ""));
          item.children[0].style.background = colors.css[place];
          item.children[0].style.color = colors.bright[place] ? "#1F2430" : "#FFFFFF";
        });
    });
  }
}

// The value map: each place in the colour of the best action there, with an arrow that way.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { palette, place } = await import("../shared/colours.js" + version);
const { fill, numeral } = await import("../shared/translation.js" + version);
const { colours, numbers } = await import("./board.js" + version);
const { softmax } = await import("./actions.js" + version);
const { texts } = await import("./texts.js" + version);

const WORDS = { goal: "+1", pit: "−1" };
const NEXT = { empty: 1, goal: -1, pit: 0 }; // the reward that a click gives
const ARROWS = { up: "↑", right: "→", down: "↓", left: "←" };

export class ValueMap {
  /** `reward(row, column, value)` is told of a click, with the reward that comes next. */
  constructor(reward) {
    this.reward = reward;
    this.grid = element("div", "map");
    this.range = element("p", "note");
    this.how = element("p", "note");
    this.root = element("section", "", element("h4", "title", texts.MAP), this.grid, this.range, this.how);
  }

  /** `map` has `outputs` packed `(P, actions)`, `places` as [row, column], `cells` of the empty board. */
  update(game, map, theme, clickable) {
    const wide = game.actions.length, outputs = numbers(map.outputs), [height, width] = game.size;
    const best = map.places.map(([row, column], at) => {
      const output = outputs.subarray(at * wide, (at + 1) * wide);
      const shown = game.probabilistic ? softmax(output, output.map(() => 1)) : [...output];
      const action = shown.indexOf(Math.max(...shown));
      return { row, column, action, value: shown[action] };
    });
    const low = Math.min(...best.map(({ value }) => value)), high = Math.max(...best.map(({ value }) => value));
    const tiles = palette("height", theme.dark), fixed = colours(game.legend, theme.dark);
    this.grid.style.gridTemplateColumns = `repeat(${width}, 1fr)`;
    const cells = fit(this.grid, height * width, () => tile());
    cells.forEach((cell, at) => {
      const name = game.legend[map.cells[at]], row = Math.floor(at / width), column = at % width;
      setText(cell, map.clickable ? WORDS[name] ?? "" : "");
      cell.style.background = fixed[map.cells[at]];
      cell.style.color = theme.dark ? "#1B1F2A" : "#FFFFFF";
      cell.title = fill(texts.CELL_OF_BOARD, { row: row + 1, column: column + 1, name });
      cell.disabled = !clickable || !(name in NEXT);
      cell.onclick = () => this.reward(row, column, NEXT[name]);
    });
    setText(this.how, clickable ? texts.CLICK_REWARD : "");
    for (const { row, column, action, value } of best) {
      const cell = cells[row * width + column], at = place(value, low, high);
      setText(cell, ARROWS[game.actions[action]] ?? "");
      cell.style.background = tiles.css[at];
      cell.style.color = tiles.bright[at] ? "#1B1F2A" : "#FFFFFF";
      cell.title = fill(texts.MAP_LABEL, { row: row + 1, column: column + 1, action: game.actions[action],
                                           value: two(value) });
    }
    const [from, to] = theme.dark ? [high, low] : [low, high];
    setText(this.range, fill(texts.RANGE, { low: two(from), high: two(to) }));
  }
}

function tile() {
  const made = element("button", "tile");
  made.type = "button";
  return made;
}

function two(value) {
  return numeral(value.toFixed(2)).replace("-", "−");
}

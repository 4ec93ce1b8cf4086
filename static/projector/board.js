// The board: ranks, without names unless the teacher wants them.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { texts } = await import("./texts.js" + version);

const COLUMNS = ["rank", "name", "accuracy", "test", "parameters"];
const MOST = 9; // rows that fit a projector

export class Board {
  constructor() {
    this.head = element("tr", "", ...COLUMNS.map(() => Object.assign(element("th"), { scope: "col" })));
    this.body = element("tbody");
    this.note = element("p", "note");
    this.root = element("div", "board", element("table", "", element("thead", "", this.head), this.body), this.note);
  }

  update({ board }) {
    const titles = { ...texts.COLUMNS, test: board.opened ? texts.COLUMNS.test : texts.SEALED };
    if (!board.named) titles.name = "";
    COLUMNS.forEach((name, at) => setText(this.head.children[at], titles[name]));
    const rows = board.rows.slice(0, MOST);
    fit(this.body, rows.length, () => element("tr", "", ...COLUMNS.map(() => element("td"))));
    rows.forEach((row, number) => {
      this.body.children[number].classList.toggle("outside", row.outside);
      COLUMNS.forEach((name, at) => setText(this.body.children[number].children[at], row[name]));
    });
    setText(this.note, board.note);
  }
}

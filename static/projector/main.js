// What the class sees on the wall: one thing at a time, large, light, over everything else.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { component } = await import("../shared/mount.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { Grid } = await import("../wall/grid.js" + version);
const { Answers } = await import("./answers.js" + version);
const { Board } = await import("./board.js" + version);
const { Chart } = await import("./chart.js" + version);
const { Joining } = await import("./joining.js" + version);
const { Cards, Spotlight } = await import("./spotlight.js" + version);
const { texts } = await import("./texts.js" + version);

const VIEWS = { join: Joining, wall: Grid, curves: Chart, sweep: Chart, board: Board, run: Spotlight, cards: Cards, answers: Answers,
                poll: Answers };

class Projector {
  constructor() {
    this.title = element("p", "title");
    this.code = element("p", "small-code");
    this.leave = element("button", "leave", "✕");
    this.leave.addEventListener("click", () => this.go());
    this.place = element("div", "place");
    this.dialog = element("dialog", "projector", element("header", "top", this.title, this.code, this.leave), this.place);
    this.dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.go(); });
    const sheet = Object.assign(element("link"), { rel: "stylesheet", href: new URL(`../wall/main.css${version}`, import.meta.url).href });
    this.root = element("div", "", sheet, this.dialog);
  }

  update(data, setStateValue) {
    this.go = () => setStateValue("left", true);
    if (this.shown !== data.show) {
      this.shown = data.show;
      this.view = new VIEWS[data.show]();
      this.place.replaceChildren(this.view.root);
    }
    setText(this.title, data.title);
    setText(this.code, data.show === "join" ? "" : fill(texts.CODE, { code: data.code }));
    this.leave.setAttribute("aria-label", texts.LEAVE);
    this.leave.title = texts.LEAVE;
    this.view.update(data);
    if (!this.dialog.open && this.dialog.isConnected) this.dialog.showModal();
    if (!this.dialog.isConnected) requestAnimationFrame(() => this.dialog.isConnected && this.dialog.showModal());
  }

  destroy() {
    this.dialog.close();
  }
}

export default component(() => new Projector());

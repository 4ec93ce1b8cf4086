// How one comes in: the address in large type, its picture for phones, and the code in letters a hand high.
const version = new URL(import.meta.url).search;
const { element, setAttributes, setText, shape } = await import("../shared/dom.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

export class Joining {
  constructor() {
    this.first = element("p", "say");
    this.address = element("p", "address");
    this.second = element("p", "say");
    this.code = element("p", "code");
    this.joined = element("p", "joined");
    this.stay = element("p", "stay");
    this.squares = shape("path", {});
    this.picture = shape("svg", { class: "qr", role: "img", "shape-rendering": "crispEdges" });
    this.picture.append(this.squares);
    this.root = element("div", "joining", this.picture, element("div", "words", this.first, this.address, this.second),
      this.code, element("div", "below", this.joined, this.stay));
  }

  update({ address, code, qr, joined }) {
    setText(this.first, texts.OPEN_ADDRESS);
    setText(this.address, address);
    setText(this.second, texts.TYPE_CODE);
    setText(this.code, code);
    setText(this.joined, fill(texts.JOINED, { count: joined }));
    setText(this.stay, texts.STAY);
    const size = qr.length;
    setAttributes(this.picture, { viewBox: `0 0 ${size} ${size}`, "aria-label": texts.PICTURE });
    setAttributes(this.squares, { d: qr.flatMap((row, y) => [...row].flatMap((bit, x) =>
      (bit === "1" ? [`M${x} ${y}h1v1h-1z`] : []))).join("") });
  }
}

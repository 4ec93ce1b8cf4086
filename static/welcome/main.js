// A network already moving: how the answer of a small network over the plane changed in a real run, frame by frame.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { component } = await import("../shared/mount.js" + version);
const { channels } = await import("../shared/colours.js" + version);
const { fill, locale } = await import("../shared/translation.js" + version);
const { LEVELS, POINTS, SIDE, STEPS } = await import("./frames.js" + version);
const { texts } = await import("./texts.js" + version);

const EXTENT = 1.2; // of the plane, as the frames were taken
const PACE = 160; // ms a frame
const REST = 12; // frames for which the last one stays
const LARGE = 240; // CSS pixels
const levels = Uint8Array.from(atob(LEVELS), (sign) => sign.charCodeAt(0));

class Welcome {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.small = document.createElement("canvas");
    this.words = element("figcaption");
    this.root = element("figure", "welcome", this.canvas, this.words);
    this.frame = 0;
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.small.width = this.small.height = SIDE;
    this.timer = this.still ? 0 : setInterval(() => this.go(), PACE);
  }

  update(data) {
    this.data = data;
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", texts.SPIRAL);
    if (this.still) this.frame = STEPS.length - 1;
    this.draw();
  }

  go() {
    this.frame = (this.frame + 1) % (STEPS.length + REST);
    if (this.root.isConnected) this.draw();
  }

  colours() {
    const style = getComputedStyle(this.root);
    return ["--cool", "--warm"].map((name) => channels(style.getPropertyValue(name)));
  }

  draw() {
    const ratio = devicePixelRatio || 1, at = Math.min(this.frame, STEPS.length - 1);
    const [first, second] = this.colours();
    this.canvas.width = this.canvas.height = LARGE * ratio;
    const picture = new ImageData(SIDE, SIDE);
    for (let cell = 0; cell < SIDE * SIDE; cell += 1) {
      const level = levels[at * SIDE * SIDE + cell] / 255;
      for (let channel = 0; channel < 3; channel += 1) {
        picture.data[4 * cell + channel] = first[channel] * level + second[channel] * (1 - level);
      }
      picture.data[4 * cell + 3] = 90 + 110 * Math.abs(level - 0.5);
    }
    this.small.getContext("2d").putImageData(picture, 0, 0);
    const context = this.canvas.getContext("2d");
    context.imageSmoothingEnabled = true;
    context.drawImage(this.small, 0, 0, this.canvas.width, this.canvas.height);
    const place = (value) => ((value + EXTENT) / (2 * EXTENT)) * this.canvas.width;
    for (const [x, y, of] of POINTS) {
      context.beginPath();
      context.arc(place(x), place(-y), 2.6 * ratio, 0, 2 * Math.PI);
      context.fillStyle = `rgb(${(of === 0 ? first : second).join(",")})`;
      context.fill();
    }
    setText(this.words, fill(texts.AFTER, { step: STEPS[at].toLocaleString(locale()) }));
  }

  destroy() {
    clearInterval(this.timer);
  }
}

export default component(() => new Welcome());

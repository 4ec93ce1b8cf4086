// A Plotly figure that keeps zoom, camera and legend while new data comes, and follows the page's theme.
// Python sends what is drawn as one JSON string (pages/ui/shared/plot.py); plotly.js comes from the server, once a browser.
const version = new URL(import.meta.url).search;
const { readPalette, resolve } = await import("./tokens.js" + version);
const { toolbar } = await import("./save.js" + version);
const { texts } = await import("./texts.js" + version);

const HOLD = 350; // ms after a drag in which nothing is drawn: a redraw within it would cancel the drag
const NARROW = 560; // px below which a 3-D camera steps back
const CONFIG = { displayModeBar: false, showSendToCloud: false, scrollZoom: false, responsive: false }; // save.js has the buttons
let library;

function load(address) {
  library ??= new Promise((done, fail) => {
    const own = Array.from(document.scripts, (script) => script.src).find((src) => src.includes("/static/js/"));
    const root = own ? own.slice(0, own.lastIndexOf("/static/js/") + 1) : new URL("./", document.baseURI).href;
    const script = document.createElement("script");
    script.src = new URL(address.replace(/^\//, ""), root).href;
    script.onload = () => done(window.Plotly);
    script.onerror = () => { library = undefined; fail(new Error(texts.NOT_LOADED)); };
    document.head.append(script);
  });
  return library;
}

export class Plot {
  tools;

  /** `onClick` is told the point that was clicked, where the figure's data ask for it. */
  constructor(parent, onClick = (_point) => {}) {
    this.onClick = onClick;
    this.root = document.createElement("figure");
    /** @type {any} Plotly adds methods to it */
    this.host = document.createElement("div");
    this.table = document.createElement("details");
    this.root.append(this.host, this.table);
    this.styles = document.createElement("style");
    parent.append(this.styles, this.root);
    this.queue = Promise.resolve();
    this.holding = 0;
    this.host.addEventListener("pointerdown", () => { this.holding = Infinity; });
    window.addEventListener("pointerup", this.release = () => {
      if (this.holding !== Infinity) return;
      this.holding = performance.now() + HOLD;
      setTimeout(() => this.later && this.draw(), HOLD + 10);
    });
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.host);
  }

  /** `data` as pages/ui/shared/plot.py sends them. */
  update(data) {
    this.data = data;
    this.root.setAttribute("aria-label", data.label);
    this.host.style.height = `${data.height}px`;
    this.describe(data.table);
    this.draw();
  }

  /** Draw what came last, now or when the pointer lets go. */
  draw() {
    this.later = performance.now() < this.holding;
    if (this.later) return;
    this.queue = this.queue.then(() => this.paint()).catch((cause) => { console.error(cause); this.fail(cause); });
  }

  async paint() {
    const Plotly = await load(this.data.plotly);
    if (!this.root.isConnected) return;
    this.dress();
    const palette = readPalette(this.root, this.data.palettes);
    const drawn = this.data.figure + JSON.stringify(palette);
    if (drawn === this.drawn) return;
    const source = JSON.parse(!webgl() && this.data.flat ? this.data.flat : this.data.figure);
    const figure = resolve(source, palette);
    figure.layout.uirevision ??= this.data.key;
    if (palette.font) figure.layout.font = { ...figure.layout.font, family: palette.font };
    figure.layout.height = this.data.height;
    figure.layout.width = this.host.clientWidth || undefined;
    narrow(figure, this.host.clientWidth);
    await Plotly.react(this.host, figure.data, figure.layout, CONFIG);
    this.drawn = drawn;
    this.adopt();
    this.tools ??= toolbar(this, Plotly);
    this.listen();
  }

  /** Within another component's view this folder's rules are not there yet. */
  dress() {
    const around = /** @type {ShadowRoot} */ (this.root.getRootNode());
    if (around.querySelector("link[href*='/plot/main.css']")) return;
    const href = new URL("main.css" + version, import.meta.url).href;
    around.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  }

  /** Plotly writes its rules into the page's head, which a shadow root does not see. */
  adopt() {
    const sheet = /** @type {HTMLStyleElement | null} */ (document.querySelector("style[id^='plotly.js-style']"))?.sheet;
    if (sheet && !this.styles.textContent) this.styles.textContent = Array.from(sheet.cssRules, (rule) => rule.cssText).join("\n");
  }

  listen() {
    if (this.listening) return;
    this.listening = true;
    this.host.on("plotly_click", ({ points: [point] }) => {
      if (!this.data.clicks || !point) return;
      const { x, y, customdata, curveNumber, pointNumber } = point;
      this.onClick({ x, y, custom: customdata ?? null, curve: curveNumber, point: pointNumber ?? null });
    });
  }

  fit() {
    if (!this.drawn || !window.Plotly) return;
    const width = this.host.clientWidth;
    if (width && Math.abs(width - this.host._fullLayout.width) > 1) window.Plotly.relayout(this.host, { width });
  }

  describe(table) {
    this.table.hidden = !table;
    if (!table) return;
    const row = (cells, kind) => {
      const line = document.createElement("tr");
      line.append(...cells.map((text) => Object.assign(document.createElement(kind), { textContent: text })));
      return line;
    };
    const summary = Object.assign(document.createElement("summary"), { textContent: texts.DATA });
    const body = document.createElement("table");
    body.append(row(table.heads, "th"), ...table.rows.map((cells) => row(cells, "td")));
    this.table.replaceChildren(summary, body);
  }

  fail(cause) {
    this.host.textContent = cause.message;
  }

  close() {
    window.removeEventListener("pointerup", this.release);
    this.observer.disconnect();
    if (this.drawn) window.Plotly?.purge(this.host);
    this.styles.remove();
    this.root.remove();
  }
}

let canDraw;

function webgl() {
  canDraw ??= Boolean(document.createElement("canvas").getContext("webgl"));
  return canDraw;
}

/** On a narrow screen scales of colour go, the legend stands below, and names of parallel axes slant. */
function narrow(figure, width) {
  if (!width || width >= NARROW) return;
  stepBack(figure, width);
  for (const trace of figure.data) {
    if ("colorbar" in trace) trace.showscale = false;
    if (trace.type === "parcoords") Object.assign(trace, { labelangle: -20 });
  }
  if (figure.layout.title?.text) figure.layout.legend = { ...figure.layout.legend, x: 0, xanchor: "left", y: -0.3, yanchor: "top" };
}

/** A 3-D scene would be cut off at its sides. */
function stepBack(figure, width) {
  const eye = figure.layout.scene?.camera?.eye ?? figure.layout.template?.layout?.scene?.camera?.eye;
  const hasScene = figure.data.some(({ type }) => type === "surface" || type === "scatter3d");
  if (!hasScene || !eye) return;
  const times = NARROW / width;
  figure.layout.scene = { ...figure.layout.scene, camera: { eye: { x: eye.x * times, y: eye.y * times, z: eye.z * times } } };
}

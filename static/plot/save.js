// What can be taken home of a figure (PNG, SVG, a page of HTML that needs nothing else), and the way back from a zoom.
// Plotly's own button bar would lie over the legend.

const { texts } = await import("./texts.js" + new URL(import.meta.url).search);

const SCALE = 2; // pixels a point, for print and projector

/** @returns {[string, string, (plot: any, Plotly: any) => void][]} label, title, what a press does */
const BUTTONS = () => [
  [texts.RESET, texts.RESET_WHY, reset],
  ["PNG", texts.SAVE_PNG, (plot, Plotly) => picture(plot, Plotly, "png")],
  ["SVG", texts.SAVE_SVG, (plot, Plotly) => picture(plot, Plotly, "svg")],
  ["HTML", texts.SAVE_HTML, html],
];

/** The buttons below a figure. */
export function toolbar(plot, Plotly) {
  const bar = Object.assign(document.createElement("div"), { className: "save", role: "group" });
  bar.setAttribute("aria-label", texts.FIGURE);
  for (const [label, title, act] of BUTTONS()) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label, title });
    button.onclick = () => act(plot, Plotly);
    bar.append(button);
  }
  plot.root.append(bar);
  return bar;
}

/** Axes and camera as they were at first. */
function reset({ host }, Plotly) {
  const { data, layout } = host;
  const views = Object.keys(layout).filter((name) => /^(x|y)axis\d*$/.test(name));
  const change = Object.fromEntries(views.map((name) => [`${name}.autorange`, layout[name].autorange === "reversed" ? "reversed" : true]));
  if (data.some(({ type }) => type === "surface" || type === "scatter3d")) change["scene.camera"] = null;
  Plotly.relayout(host, change);
}

async function picture(plot, Plotly, format) {
  const address = await Plotly.toImage(onPaper(plot), { format, scale: format === "png" ? SCALE : 1, ...size(plot) });
  download(address, `${plot.data.name}.${format}`);
}

async function html(plot) {
  /** @type {HTMLScriptElement} */
  const library = document.querySelector("script[src*='plotly.min.js']");
  const script = await (await fetch(library.src)).text();
  const { data, layout } = onPaper(plot);
  const figure = JSON.stringify({ data, layout: { ...layout, width: undefined, height: undefined, autosize: true } });
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(plot.data.label)}</title>
<body style="margin:0;height:100vh"><div id="figure" style="height:100%"></div>
<script>${script.replaceAll("</script", "<\\/script")}</script>
<script>const f = ${figure.replaceAll("<", "\\u003c")}; Plotly.newPlot("figure", f.data, f.layout, {responsive: true, displaylogo: false});</script>
</body></html>`;
  const address = URL.createObjectURL(new Blob([page], { type: "text/html" }));
  download(address, `${plot.data.name}.html`);
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The figure on the page's colour and with a margin, for the live one is see-through and fills its place. */
function onPaper({ host }) {
  const ground = getComputedStyle(host).getPropertyValue("--st-background-color").trim() || "#fff";
  const { l = 8, r = 8, t = 36, b = 8 } = host.layout.margin ?? {};
  const margin = { l: l + 24, r: r + 24, t: t + 24, b: b + 24 };
  return { data: host.data, layout: { ...host.layout, margin, paper_bgcolor: ground } };
}

const size = ({ host }) => ({ width: host.clientWidth + 48, height: host.clientHeight + 48 });
const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function download(address, name) {
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
}

// What the page has beside the browser's own: Plotly, loaded by static/plot/main.js from the installed package.
interface Window {
  Plotly: any;
}

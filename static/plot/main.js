// A Plotly figure as a component of its own.
const { Plot } = await import("./figure.js" + new URL(import.meta.url).search);

const plots = new WeakMap();

/** Streamlit's entry point: at mount and at every change of data or theme. */
export default function (component) {
  const { parentElement: parent, data, setTriggerValue } = component;
  if (!plots.has(parent)) plots.set(parent, new Plot(parent, (point) => setTriggerValue("click", point)));
  plots.get(parent).update(data);
  return () => {
    plots.get(parent)?.close();
    plots.delete(parent);
  };
}

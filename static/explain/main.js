// Why an answer, and what happens without units. Python sends plain data (pages/ui/explain/);
// `view` names the view. Nothing here asks for more.
const version = new URL(import.meta.url).search;
const { Without } = await import("./without.js" + version);
const { Why } = await import("./why.js" + version);

const VIEWS = { why: Why, without: Without };
const mounted = new WeakMap();

/** Streamlit's entry point: at mount and at every change of data or theme. */
export default function (component) {
  const { parentElement: parent, data, setStateValue } = component;
  if (!mounted.has(parent)) {
    const view = new VIEWS[data.view]();
    parent.append(view.root);
    mounted.set(parent, view);
  }
  mounted.get(parent).update(data, setStateValue);
  return () => {
    mounted.get(parent)?.root.remove();
    mounted.delete(parent);
  };
}

// The loss around a run, and balls that roll on a hill of two weights.
// Python sends plain data (pages/ui/landscape/); `view` names the view. Nothing here asks for more.
const version = new URL(import.meta.url).search;
const { Survey } = await import("./survey.js" + version);
const { Play } = await import("./play.js" + version);

const VIEWS = { survey: Survey, play: Play };
const mounted = new WeakMap();

/** Streamlit's entry point: at mount and at every change of data or theme. */
export default function (component) {
  const { parentElement: parent, data } = component;
  if (!mounted.has(parent)) {
    const view = new VIEWS[data.view]();
    parent.append(view.root);
    mounted.set(parent, view);
  }
  mounted.get(parent).update(data);
  return () => {
    mounted.get(parent)?.destroy();
    mounted.get(parent)?.root.remove();
    mounted.delete(parent);
  };
}

// Balls that roll on a hill of two weights. Nothing here asks Python for anything.
const version = new URL(import.meta.url).search;
const { Play } = await import("./play.js" + version);

const mounted = new WeakMap();

/** Streamlit's entry point: at mount and at every change of data or theme. */
export default function (component) {
  const { parentElement: parent } = component;
  if (!mounted.has(parent)) {
    const view = new Play();
    parent.append(view.root);
    mounted.set(parent, view);
  }
  mounted.get(parent).update();
  return () => {
    mounted.get(parent)?.destroy();
    mounted.get(parent)?.root.remove();
    mounted.delete(parent);
  };
}

// One update in slow motion, one weight's chain of derivatives, and the arithmetic inside a layer.
// Python sends plain data (pages/ui/motion/); `view` names the view. Nothing here asks for more.
const version = new URL(import.meta.url).search;
const { Player } = await import("./player.js" + version);
const { Weight } = await import("./weight.js" + version);
const { Layer } = await import("./layer.js" + version);

const VIEWS = { player: Player, weight: Weight, layer: Layer };
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
    mounted.get(parent)?.destroy?.();
    mounted.get(parent)?.root.remove();
    mounted.delete(parent);
  };
}

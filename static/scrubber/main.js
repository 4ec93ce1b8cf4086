// The scrubber: which moment of a run is on screen. The browser owns the choice while it is dragged or played;
// Python says which moments there are and which one it has drawn (pages/ui/shared/scrubber.py).
const version = new URL(import.meta.url).search;
const { Slider } = await import("./slider.js" + version);

const bars = new WeakMap();

/** Streamlit's entry point: at mount and at every change of data or theme. */
export default function (component) {
  const parent = component.parentElement;
  if (!bars.has(parent)) bars.set(parent, new Slider(parent));
  bars.get(parent).update(component.data, component.setStateValue);
  return () => {
    bars.get(parent)?.destroy();
    bars.delete(parent);
  };
}

// What happens inside a network that reads sequences, drawn in place at each tick: its answer, attention,
// states, guesses, samples, positions. Python sends plain data (pages/ui/look/); `view` names the view.
const version = new URL(import.meta.url).search;
const { Answer } = await import("./answer.js" + version);
const { Attention } = await import("./attention.js" + version);
const { Compare } = await import("./compare.js" + version);
const { Guesses } = await import("./guesses.js" + version);
const { Positions } = await import("./positions.js" + version);
const { Written } = await import("./written.js" + version);
const { States } = await import("./states.js" + version);

const VIEWS = {
  answer: Answer, attention: Attention, compare: Compare, guesses: Guesses,
  positions: Positions, samples: Written, states: States,
};
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

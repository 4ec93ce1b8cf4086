// Entry of the stack editor: one Editor for the life of the mount. Streamlit calls this at mount and at every
// change of data or theme; see pages/ui/build/stack.py for what goes to and fro.

const { Editor } = await import("./editor.js" + new URL(import.meta.url).search);

const editors = new WeakMap(); // parent -> Editor

export default function ({ parentElement, data, setStateValue }) {
  if (!editors.has(parentElement)) editors.set(parentElement, new Editor(parentElement));
  const editor = editors.get(parentElement);
  editor.update(data, (message) => setStateValue("edits", message));
  // A call that is overtaken by the next one is cleaned up too, the editor still on the page: so look.
  return () => setTimeout(() => {
    if (editor.root.isConnected || editors.get(parentElement) !== editor) return;
    editor.close();
    editors.delete(parentElement);
  });
}

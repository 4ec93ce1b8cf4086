// What Streamlit calls of a component, made from a view: `root` is an element, `update(data, setStateValue)` is called at
// once and at every change of data or theme, `destroy()`, which may be missing, when the component has left the page.

/** A component's default export. `make(data)` makes the view of one place on the page. */
export function component(make) {
  const views = new WeakMap();
  return ({ parentElement: parent, data, setStateValue }) => {
    if (!views.has(parent)) {
      views.set(parent, make(data));
      parent.append(views.get(parent).root);
    }
    views.get(parent).update(data, setStateValue);
    return () => {
      views.get(parent)?.destroy?.();
      views.get(parent)?.root.remove();
      views.delete(parent);
    };
  };
}

// Shows one view: draws it with the program under static/ that Python names (pages/ui/shared/view_host.py).
// A view's program has a class as its default export: `root` is an element, `update(data, setStateValue)` is called at
// once and at every change of data or theme, `destroy()`, which may be missing, when it has left the page.
const { texts } = await import("./texts.js" + new URL(import.meta.url).search);

const home = new URL("../", import.meta.url); // app/static/
const hosts = new WeakMap();

/** Streamlit's entry point: at mount and at every change of data or theme. */
export default function (component) {
  const parent = component.parentElement;
  if (!hosts.has(parent)) hosts.set(parent, new Host(parent));
  hosts.get(parent).update(component);
  return () => {
    hosts.get(parent)?.close();
    hosts.delete(parent);
  };
}

class Host {
  constructor(parent) {
    this.parent = parent;
    this.sheets = [];
  }

  update(component) {
    this.component = component;
    if (component.data.script !== this.script) this.load(component.data);
    else this.draw();
  }

  draw() {
    this.view?.update(this.component.data.data, this.component.setStateValue);
  }

  /** What is sent meanwhile is drawn when the program has come. */
  async load({ script, styles }) {
    this.close();
    this.script = script;
    try {
      const [program] = await Promise.all([import(new URL(script, home).href), ...styles.map((style) => this.dress(style))]);
      if (script !== this.script) return;
      this.view = new program.default();
      this.parent.append(this.view.root);
    } catch (cause) {
      console.error(cause);
      this.parent.textContent = texts.NOT_LOADED;
    }
    this.draw();
  }

  dress(style) {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL(style, home).href });
    const loading = new Promise((done, fail) => { sheet.onload = done; sheet.onerror = fail; });
    this.sheets.push(sheet);
    this.parent.append(sheet);
    return loading;
  }

  close() {
    this.view?.destroy?.();
    this.view?.root.remove();
    this.sheets.forEach((sheet) => sheet.remove());
    this.sheets = [];
    this.view = this.script = undefined;
  }
}

"""Register a browser component whose program is a folder under static/.

Streamlit sends a component's inline `js=` again with every change of its data, so what is inlined here is
only a loader of a few lines; the program itself (main.js, main.css) comes from the app's static serving once
and stays in the browser's cache until its content changes. Knows nothing of what any component shows.

Contract for static/<folder>/:
    main.js   `export default function (component) { ...; return cleanup }`, Streamlit's own signature. It is
              called at mount and at every change of data or theme, in order, after main.css has loaded; the
              cleanup it returned last is called once, when the component has left the page.
              static/shared/mount.js makes all of that from a view.
    main.css  linked once into the component's shadow root, after static/shared/base.css. May be absent.
What all components need stands in static/shared/. A file is imported with this file's own query, else an old copy may
come from the browser's cache; all files have one version, so a page that shows many components loads each of them once:
    const version = new URL(import.meta.url).search;
    const { element } = await import("../shared/dom.js" + version);
    const { draw } = await import("./draw.js" + version);
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from streamlit.components import v2
from streamlit.components.v2.types import ComponentRenderer

from pages.ui.shared import language

STATIC = Path(__file__).parents[3] / "static"

# Streamlit runs this text from a blob: address, so "app/static/" has to be made absolute here. The address of
# Streamlit's own program is the one thing that is right on every page, behind a base path and behind a proxy.
LOADER = """
const own = Array.from(document.scripts, (script) => script.src).find((src) => src.includes("/static/js/"));
const root = own ? own.slice(0, own.lastIndexOf("/static/js/") + 1) : new URL("./", document.baseURI).href;
const address = (file) => new URL("app/static/" + file + "?v=" + VERSION, root).href;

const unloaded = (cause) => {
  throw new Error("A part of this page did not load. Reload the page.", { cause });
};
const program = import(address(FOLDER + "/main.js")).catch(unloaded);
const styled = new WeakMap();
const read = new WeakMap();
const cleanups = new WeakMap();

function sheet(parent, file) {
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href: address(file) });
  const loading = new Promise((done, fail) => { link.onload = done; link.onerror = fail; });
  parent.appendChild(link);
  return loading;
}

function style(parent) {
  if (!styled.has(parent)) {
    styled.set(parent, Promise.all(STYLES.map((file) => sheet(parent, file))).catch(unloaded));
  }
  return styled.get(parent);
}

// What a language has in place of the English texts is there before a component draws.
const translation = import(address("shared/translation.js")).catch(unloaded);
const spoken = async (texts) => texts && (await translation).speak(new URL(texts, root)).catch(unloaded);

// What came is JSON in JSON: written once on the server, and here the same object as long as it is the same text.
function given(parent, data) {
  if (!data?.json) return null;
  if (read.get(parent)?.text !== data.json) read.set(parent, { text: data.json, value: JSON.parse(data.json) });
  const { value } = read.get(parent);
  return data.pictures ? { ...value, pictures: data.pictures } : value;
}

// Streamlit also runs the cleanup of a call that a newer one overtook while it waited: that is no unmount.
export default async function (component) {
  const parent = component.parentElement;
  const [main] = await Promise.all([program, style(parent), spoken(component.data?.texts)]);
  cleanups.set(parent, main.default({ ...component, data: given(parent, component.data) }));
  return () => {
    if (parent.isConnected) return;
    cleanups.get(parent)?.();
    cleanups.delete(parent);
  };
}
"""


def callbacks(names: Sequence[str]) -> dict[str, Any]:
    """What makes a component's values readable: a callback each, which need not do anything."""
    return {f"on_{name}_change": _nothing for name in names}


def _nothing() -> None:
    pass


class Json(str):
    """A component's data, written down already: what many sessions are given alike is written once."""

    __slots__ = ()


def to_json(data: Any) -> Json:
    """TypeError for what is no JSON, such as arrays and NumPy's whole numbers."""
    return Json(json.dumps(data, separators=(",", ":"), ensure_ascii=False))


@cache
def static_component(name: str, folder: str) -> ComponentRenderer:
    """The mounting command of the component in static/`folder`, registered as `name` once a process.

    Call it at module level and keep the result: `_MOUNT = static_component("dlviz_curves", "curves")`, then
    `_MOUNT(key=..., data=..., on_..._change=...)` in a page. Changed files are seen after a restart.
    `data` is plain JSON, or what `to_json` made of it. Streamlit is handed one text: it looks through a structure for
    tables and writes it down twice, which takes three times as long. Raises FileNotFoundError where
    static/`folder`/main.js is not there.
    """
    render = _render(name, folder)

    def mount(*, data: Any = None, **options: Any) -> Any:
        text = data if data is None or isinstance(data, Json) else to_json(data)
        given = ({} if text is None else {"json": text}) | _spoken()
        return render(data=given or None, **options)

    return mount


@cache
def picture_component(name: str, folder: str) -> Callable[..., Any]:
    """The mounting command of a component that is also given numbers: `_MOUNT(data=..., pictures=..., ...)`.

    `pictures`, uint8, come to the program as `data.pictures`, a table of one column, a third smaller than as text.
    """
    render = _render(name, folder)

    def mount(*, data: Json, pictures: np.ndarray, **options: Any) -> Any:
        return render(data={"json": data, "pictures": pa.table({"bytes": pictures})} | _spoken(), **options)

    return mount


def _spoken() -> dict[str, str]:
    """Where the component finds its texts in this session's language; nothing for English."""
    found = language.address(language.current())
    return {"texts": found} if found else {}


def _render(name: str, folder: str) -> ComponentRenderer:
    """Streamlit's own mounting command."""
    home = STATIC / folder
    if not (home / "main.js").is_file():
        raise FileNotFoundError(f"Component {name!r} expects its program at {home / 'main.js'}, "
                                "but no file is there.")
    styles = ["shared/base.css", f"{folder}/main.css"] if (home / "main.css").is_file() else []
    constants = {"FOLDER": folder, "VERSION": _version(), "STYLES": styles}
    lines = [f"const {key} = {json.dumps(value)};" for key, value in constants.items()]
    return v2.component(name, js="\n".join(lines) + LOADER)


def versioned(file: str) -> str:
    """The address of a file under static/, from app/static/ on: another one when its content changes."""
    return f"{file}?v={_version()}"


@cache
def _version() -> str:
    """Of all programs together: they share files, and a page that shows many of them loads each file once."""
    homes = sorted(path for path in STATIC.iterdir() if path.is_dir() and path.name != "readme")
    return hashlib.sha256("".join(map(content_hash, homes)).encode()).hexdigest()[:10]


def content_hash(home: Path) -> str:
    """Ten hex digits that change whenever any file under `home` does; the same on every machine."""
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(home).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]

"""A Plotly figure on a page: drawn by one component that keeps zoom, camera and legend while its data changes."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import plotly.graph_objects as go

from dlviz.figures.theme import palette
from pages.ui.shared.component import static_component
from pages.ui.shared.server import PLOTLY_ADDRESS

_MOUNT = static_component("dlviz_plot", "plot")
HEIGHT = 320  # px


def plot(key: str, figure: go.Figure, label: str, *, height: int = HEIGHT, flat: go.Figure | None = None,
         table: tuple[Sequence[str], Sequence[Sequence[Any]]] | None = None,
         on_click: Callable[[], None] | None = None) -> dict[str, Any] | None:
    """Draw a figure made with `theme="page"`.

    Args:
        key: of the widget, and what zoom and camera are kept for.
        label: one sentence that says what the figure shows, for those who cannot see it.
        flat: what is drawn instead where a browser has no WebGL.
        table: heads and rows of the numbers behind it, to be opened below.

    Returns:
        The point that was just clicked, where `on_click` is given: `x`, `y`, `custom`, `curve`, `point`.
    """
    heads_and_rows = {"heads": list(table[0]),
                      "rows": [[str(cell) for cell in row] for row in table[1]]} if table else None
    data = {"figure": figure.to_json(), "flat": flat.to_json() if flat is not None else None, "label": label,
            "key": key,
            "height": height, "plotly": PLOTLY_ADDRESS, "palettes": _PALETTES, "name": key.replace(".", "-"),
            "table": heads_and_rows, "clicks": on_click is not None}
    result = _MOUNT(key=key, data=data, on_click_change=on_click or _nothing)
    return result.get("click") if on_click else None


def _nothing() -> None:
    """A component's trigger needs a callback."""


_PALETTES = {"light": dict(palette("light")), "dark": dict(palette("dark"))}

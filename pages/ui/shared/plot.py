"""A Plotly figure on a page: drawn by one component that keeps zoom, camera and legend while its data changes."""
from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas  # noqa: F401  Plotly asks for its classes as soon as another thread has begun to load it
import plotly.graph_objects as go
import streamlit as st

from dlviz.figures.theme import palette
from pages.ui.shared.component import static_component
from pages.ui.shared.server import PLOTLY_ADDRESS

_MOUNT = static_component("dlviz_plot", "plot")
HEIGHT = 320  # px
PACE = 2.0  # seconds between two figures of a run that goes on: drawing one is costly
MOST = 12  # figures that a session holds, some 100 KB each
_LATEST = "dlviz.figures"
Make = Callable[[], go.Figure]
Table = tuple[Sequence[str], Sequence[Sequence[Any]]]  # heads, rows


@dataclass
class _Latest:
    """A figure as it was last sent, and what of."""

    of: Hashable
    made: float  # seconds, of the monotonic clock
    figure: str
    flat: str | None


def plot(key: str, figure: go.Figure, label: str, *, height: int = HEIGHT, flat: go.Figure | None = None,
         table: Table | None = None,
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
    data = _data(key, str(figure.to_json()), str(flat.to_json()) if flat is not None else None, label, height, table,
                 clicks=on_click is not None)
    result = _MOUNT(key=key, data=data, on_click_change=on_click or _nothing)
    return result.get("click") if on_click else None


def plot_of(key: str, of: Hashable, make: Make, label: str, *, height: int = HEIGHT, flat: Make | None = None,
            table: Table | None = None, every: float = 0.0) -> None:
    """`plot` for what is drawn at each tick: the figure is made only when `of`, what it shows, has changed.

    Args:
        every: seconds that a figure stays at least, whatever `of` is; 0 for a page that does not tick.
    """
    _MOUNT(key=key, data=data_of(key, of, make, label, height=height, flat=flat, table=table, every=every),
           on_click_change=_nothing)


def data_of(key: str, of: Hashable, make: Make, label: str, *, height: int = HEIGHT, flat: Make | None = None,
            table: Table | None = None, every: float = 0.0) -> dict[str, Any]:
    """What `plot_of` sends, for a component that shows a figure inside itself (static/plot/figure.js)."""
    latest: dict[str, _Latest] = st.session_state.setdefault(_LATEST, {})
    now, last = time.monotonic(), latest.get(key)
    if last is None or (last.of != of and now - last.made >= every):
        latest.pop(key, None)
        last = latest[key] = _Latest(of, now, str(make().to_json()), str(flat().to_json()) if flat else None)
        while len(latest) > MOST:
            del latest[next(iter(latest))]
    return _data(key, last.figure, last.flat, label, height, table)


def _data(key: str, figure: str, flat: str | None, label: str, height: int, table: Table | None,
          clicks: bool = False) -> dict[str, Any]:
    heads_and_rows = {"heads": list(table[0]),
                      "rows": [[str(cell) for cell in row] for row in table[1]]} if table else None
    return {"figure": figure, "flat": flat, "label": label, "key": key, "height": height, "plotly": PLOTLY_ADDRESS,
            "palettes": _PALETTES, "name": key.replace(".", "-"), "table": heads_and_rows, "clicks": clicks}


def _nothing() -> None:
    """A component's trigger needs a callback."""


_PALETTES = {"light": dict(palette("light")), "dark": dict(palette("dark"))}

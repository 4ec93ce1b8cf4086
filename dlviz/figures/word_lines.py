"""Lines over the steps of a sequence, a word at each step, as a Plotly figure: forecasts, gradients."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go

from dlviz.figures.theme import color, themed
from dlviz.figures.ticks import log_ticks

WORDS = 24  # below the axis at most
DECADES = 10  # powers of ten that are shown at most
FEW_DECADES = 2  # below so many, numbers between powers of ten are written too


@dataclass(frozen=True)
class WordLine:
    """One line: its name, `(steps,)` values (NaN where it has none), its colour's name, Plotly's name of its dashes."""

    name: str
    values: np.ndarray
    color: str
    dash: str = "solid"


@themed
def word_lines(title: str, words: Sequence[str], lines: Sequence[WordLine], *, log: bool = False, digits: int = 2,
               start: float | None = None) -> go.Figure:
    """A line for each of `lines` over the steps that `words` name.

    Args:
        log: whether the axis upwards is logarithmic.
        digits: behind the point, where it is not.
        start: where an upright line stands, between two steps.
    """
    named, places = [escape(word, quote=False) for word in words], np.arange(len(words))
    form = ".2~g" if log else f".{digits}f"
    figure = go.Figure([go.Scatter(x=places, y=line.values, name=escape(line.name, quote=False), mode="lines",
                                   hovertext=named,
                                   line={"color": color(line.color), "width": 2, "dash": line.dash},
                                   hovertemplate=f"%{{y:{form}}}") for line in lines])
    if start is not None:
        figure.add_vline(x=start, line={"color": color("axis"), "width": 1, "dash": "dot"})
    every = -(-len(named) // WORDS)
    figure.update_xaxes(tickvals=places[::every], ticktext=named[::every], range=[-0.3, len(named) - 0.7],
                        hoverformat=",")
    figure.update_yaxes(showgrid=True, **_upwards(lines, log))
    return figure.update_layout(title_text=title, hovermode="x unified", margin={"t": 84},
                                legend={"x": 0, "xanchor": "left", "y": 1.02})


def _upwards(lines: Sequence[WordLine], log: bool) -> dict:
    """The axis of the values: on a logarithmic one at most `DECADES` below the highest."""
    if not log:
        return {}
    values = np.concatenate([line.values[np.isfinite(line.values) & (line.values > 0)] for line in lines]
                            or [np.ones(1)])
    top = float(np.log10(values.max())) if values.size else 0.0
    low = float(np.log10(values.min())) if values.size else -1.0
    axis = {"type": "log", "range": [max(low, top - DECADES) - 0.2, top + 0.2], "exponentformat": "power"}
    if top - low >= FEW_DECADES:
        return axis | {"dtick": 1 if top - low < 6 else 2}
    places, numbers = log_ticks(*(10.0 ** end for end in axis["range"]))  # powers of ten alone might be one, or none
    return axis | {"tickvals": [10.0 ** place for place in places], "ticktext": numbers}

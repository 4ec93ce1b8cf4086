"""What a study found, as Plotly figures: parallel coordinates, scores against values, the band of several seeds.

They take arrays and know neither studies nor pages.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dlviz import english
from dlviz.figures.texts import BARE, texts
from dlviz.figures.theme import RAMP, RUN_COLORS, color, themed
from dlviz.figures.ticks import log_ticks
from dlviz.translation import numeral

BEST = 1.0  # on the colour scale of parallel coordinates; the others end below it
STRONGEST = 0.9
SCALE = [[0.0, color("ink-1")], [STRONGEST, color("ink-4")], [0.95, color("path")], [1.0, color("path")]]


@dataclass(frozen=True)
class ValueAxis:
    """An axis of a hyperparameter or a score.

    Attributes:
        low, high: its ends.
        log: whether it is logarithmic; both ends are above 0 then.
        words: what its places 0, 1, 2 ... are called, where its values are no numbers.
        percent: whether its numbers are fractions to be read as percentages.
    """

    title: str
    low: float
    high: float
    log: bool = False
    words: tuple[str, ...] = ()
    percent: bool = False

    def fraction(self, values: np.ndarray) -> np.ndarray:
        """0 at the lower end, 1 at the upper one; 0.5 where both are the same."""
        low, high, at = (np.log10(each) if self.log else np.asarray(each, float)
                         for each in (self.low, self.high, values))
        return (at - low) / (high - low) if high > low else np.full(np.shape(at), 0.5)


@themed
def parallel(axes: Sequence[ValueAxis], rows: np.ndarray, best: int | None = None) -> go.Figure:
    """Each run as a line over its values to its score.

    Args:
        axes: the hyperparameters', then the score's.
        rows: `(runs, axes)`, the places on them.
        best: the row to stand out; None where none is better than the others.
    """
    order = [row for row in np.argsort(rows[:, -1], kind="stable") if row != best] + ([] if best is None else [best])
    strength = 0.1 + (STRONGEST - 0.1) * np.clip(axes[-1].fraction(rows[:, -1]), 0, 1)
    if best is not None:
        strength[best] = BEST
    dimensions = [_dimension(axis, rows[order, at]) for at, axis in enumerate(axes)]
    line = {"color": strength[order], "cmin": 0, "cmax": 1, "colorscale": SCALE, "showscale": False}
    figure = go.Figure(go.Parcoords(dimensions=dimensions, line=line))
    return figure.update_layout(title_text=texts.VALUES_TO_SCORE,
                                margin={"t": 84, "b": 24, "l": 72, "r": 72})


def _dimension(axis: ValueAxis, values: np.ndarray) -> dict[str, Any]:
    if axis.words:
        return {"label": axis.title, "values": values, "range": [axis.low, axis.high],
                "tickvals": list(range(len(axis.words))), "ticktext": list(axis.words)}
    if axis.log:
        ticks, labels = log_ticks(axis.low, axis.high)
        return {"label": axis.title, "values": np.log10(values), "range": np.log10([axis.low, axis.high]),
                "tickvals": ticks, "ticktext": labels}
    return {"label": axis.title, "values": values, "range": [axis.low, axis.high],
            "tickformat": ".1%" if axis.percent else ".3~g"}


@themed
def parallel_lines(axes: Sequence[ValueAxis], rows: np.ndarray, labels: Sequence[str],
                   best: int | None = None) -> go.Figure:
    """`parallel` without WebGL: the same lines as scatter traces, to be pointed at."""
    heights = np.column_stack([axis.fraction(rows[:, at]) for at, axis in enumerate(axes)])
    places = list(range(len(axes)))
    figure = go.Figure()
    for row, label in enumerate(labels):
        look = {"color": color("path" if row == best else "run-0", None if row == best else 60),
                "width": 3 if row == best else 1.5}
        figure.add_scatter(x=places, y=heights[row], mode="lines+markers", name=label, line=look,
                           hovertext=escape(label, quote=False), hovertemplate="%{hovertext}" + BARE)
    for at, axis in enumerate(axes):
        ends = [(axis.fraction(np.array(float(place))), word) for place, word in enumerate(axis.words)] or \
            [(end, _read(value, axis.percent)) for end, value in ((0.0, axis.low), (1.0, axis.high))]
        for end, text in ends:
            figure.add_annotation(x=at, y=float(end), text=escape(text, quote=False), showarrow=False, xanchor="left",
                                  xshift=6, bgcolor=color("paper", 80))
    figure.update_xaxes(tickvals=places, ticktext=[axis.title for axis in axes], side="top", showgrid=True)
    figure.update_yaxes(visible=False)
    return figure.update_layout(title_text=texts.VALUES_TO_SCORE, showlegend=False, margin={"t": 84})


@themed
def scores(axis: ValueAxis, positions: np.ndarray, found: np.ndarray, labels: Sequence[str], *, best: int | None = None,
           connected: bool = False, runs: Sequence[int] | None = None, total: int | None = None) -> go.Figure:
    """Validation accuracy `(runs,)` against the places `(runs,)` on a hyperparameter's axis, a dot a run.

    Args:
        best: the run with a ring.
        connected: whether a line leads from dot to dot.
        runs, total: the number of each run's colour, of how many; in the order given where they are left out.
    """
    runs, total = list(range(len(found))) if runs is None else runs, total or len(found)
    figure = go.Figure()
    if connected:
        order = np.argsort(positions, kind="stable")
        figure.add_scatter(x=positions[order], y=found[order], mode="lines", hoverinfo="skip",
                           line={"color": color("text", 25), "width": 1.5})
    if best is not None:
        figure.add_scatter(x=[positions[best]], y=[found[best]], mode="markers", hoverinfo="skip",
                           marker={"symbol": "circle-open", "size": 19, "color": color("text"), "line": {"width": 2}})
    figure.add_scatter(x=positions, y=found, mode="markers", hovertext=[escape(label, quote=False) for label in labels],
                       hovertemplate="%{hovertext}: %{y:.1%}" + BARE, marker=_dots(runs, total))
    figure.update_yaxes(title_text=texts.VALIDATION_ACCURACY, tickformat=".1~%")
    if axis.words:
        figure.update_xaxes(tickvals=list(range(len(axis.words))),
                            ticktext=[escape(word, quote=False) for word in axis.words], range=[axis.low, axis.high])
    figure.update_xaxes(title_text=axis.title, type="log" if axis.log else "linear")
    return figure.update_layout(showlegend=False, title_text=texts.ACCURACY_AGAINST.format(title=axis.title))


def _dots(runs: Sequence[int], total: int) -> dict[str, Any]:
    """The colours that the runs have in the study's curves: eight hues for few, a ramp for many."""
    edge = {"size": 11, "opacity": 1, "line": {"width": 1.5, "color": color("paper")}}
    if total <= len(RUN_COLORS):
        return {**edge, "color": [color(f"run-{run}") for run in runs]}
    ramp = [[at / (len(RAMP) - 1), color(f"ramp-{at}")] for at in range(len(RAMP))]
    return {**edge, "color": list(runs), "cmin": 0, "cmax": total - 1, "colorscale": ramp}


@themed
def band(what: str, steps: np.ndarray, mean: np.ndarray, low: np.ndarray, high: np.ndarray, runs: int) -> go.Figure:
    """The mean of several runs' training curves and the band from the least to the greatest, `(steps,)` each.

    Args:
        what: `loss` or `accuracy`.
        runs: how many; for the title.
    """
    known = np.isfinite(mean) & np.isfinite(low) & np.isfinite(high)
    steps, mean, low, high = (np.asarray(each)[known] for each in (steps, mean, low, high))
    percent = what == "accuracy"
    figure = go.Figure([
        go.Scatter(x=np.concatenate([steps, steps[::-1]]), y=np.concatenate([high, low[::-1]]), fill="toself",
                   mode="lines", line={"width": 0},
                   fillcolor=color("run-0", 22), hoverinfo="skip", name=texts.LEAST_TO_GREATEST),
        go.Scatter(x=steps, y=mean, mode="lines", line={"color": color("run-0"), "width": 2}, name=texts.MEAN,
                   customdata=np.column_stack([low, high]),
                   hovertemplate=_reach(percent))])
    figure.update_yaxes(rangemode="tozero", tickformat=".0%" if percent else "", title_text=texts.TRAINING[what])
    figure.update_xaxes(title_text=texts.STEP, hoverformat=",")
    return figure.update_layout(hovermode="x", title_text=texts.MEAN_OF[what].format(runs=runs))


def _reach(percent: bool) -> str:
    return texts.MEAN_FROM_TO[".1%" if percent else ".3~g"] + BARE


def _read(value: float, percent: bool) -> str:
    return english.percent(value) if percent else numeral(f"{value:.3g}")

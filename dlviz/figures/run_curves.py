"""The curves of a run, and of several runs beside each other, as Plotly figures. Live pages draw their own, faster."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dlviz.english import percent
from dlviz.figures.table import Curve
from dlviz.figures.table import curves as columns
from dlviz.figures.texts import texts
from dlviz.figures.theme import RUN_COLORS, color, themed
from dlviz.figures.thinning import thin
from dlviz.training.history import History

POINTS = 2_000  # of one curve; peaks survive the thinning
MANY_POINTS = 500  # of one curve among others
DASHES = ("solid", "dash", "dot", "dashdot")  # one more for each group of four runs, for eyes that see few hues


@themed
def curves(history: History) -> go.Figure:
    """Loss above accuracy over steps: each training step as a thin line, evaluations on top with their points.

    `curves(history).show()` draws it in a notebook; `theme="dark"` for a dark one.
    """
    found = columns({name: column.values for name, column in history.train.items()}, history.evaluations)
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)
    for row, name in enumerate(("loss", "accuracy"), 1):
        steps, values = thin(*found[f"train_{name}"], POINTS)
        figure.add_scatter(x=steps, y=values, name=f"train_{name}", row=row, col=1,
                           line={"width": 1, "color": color("run-0", 60)})
        steps, values = found[f"val_{name}"]
        figure.add_scatter(x=steps, y=values, name=f"val_{name}", row=row, col=1, mode="lines+markers",
                           line={"width": 2, "color": color("run-1")}, marker={"size": 6})
    figure.update_yaxes(title_text=texts.LOSS, row=1, col=1)
    figure.update_yaxes(title_text=texts.ACCURACY, tickformat=".0%", row=2, col=1)
    return figure.update_xaxes(title_text=texts.STEP, row=2, col=1).update_layout(hovermode="x unified")


@themed
def compared(names: Sequence[str], runs: Sequence[Mapping[str, Curve]], *, kind: str = "val",
             log: bool = False, unit: str = "") -> go.Figure:
    """Loss above accuracy, a line a run, in the order of `names`.

    Args:
        runs: each one's curves, as `figures.table.curves` gives them; where a curve begins and ends is up to the run.
        kind: `val` for curves of the validation samples, `train` for those of the training batches.
        log: whether losses stand on a logarithmic axis.
        unit: what the curves are over, in words; steps where it is left out.
    """
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)
    for row, what in enumerate(("loss", "accuracy"), 1):
        for index, (name, found) in enumerate(zip(names, runs)):
            _run(figure, row, index, name, found[f"{kind}_{what}"], percent=what == "accuracy", dots=kind == "val")
    figure.update_yaxes(title_text=texts.LOSSES[kind], type="log" if log else "linear", row=1, col=1)
    figure.update_yaxes(title_text=texts.ACCURACIES[kind], tickformat=".0%", row=2, col=1)
    return figure.update_xaxes(title_text=unit or texts.STEP, row=2, col=1).update_layout(
        hovermode="x unified", margin={"t": 56}, legend={"x": 0, "xanchor": "left"})


def _run(figure: go.Figure, row: int, index: int, name: str, curve: Curve, *, percent: bool, dots: bool) -> None:
    places, values = thin(*curve, MANY_POINTS)
    safe = escape(name, quote=False)
    figure.add_scatter(x=places, y=values, name=safe, legendgroup=f"{index}", showlegend=row == 1, row=row, col=1,
                       mode="lines+markers" if dots or len(values) == 1 else "lines", marker={"size": 5},
                       line={"color": color(f"run-{index % len(RUN_COLORS)}"), "width": 2,
                             "dash": DASHES[index // 4 % len(DASHES)]},
                       hovertemplate=f"%{{y:{'.1%' if percent else '.4~g'}}}")


def describe_compared(names: Sequence[str], runs: Sequence[Mapping[str, Curve]]) -> str:
    """The comparison in one sentence: whose validation accuracy was the highest."""
    best = [(float(np.nanmax(values)), name) for name, found in zip(names, runs)
            if len(values := found["val_accuracy"][1]) and np.isfinite(values).any()]
    if not best:
        return texts.NONE_EVALUATED(len(names))
    accuracy, name = max(best)
    return texts.HIGHEST(len(names), name=name, accuracy=percent(accuracy))

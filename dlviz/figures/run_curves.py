"""The curves of one run as a Plotly figure, for notebooks and for taking home. Live pages draw their own, faster."""
from __future__ import annotations

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dlviz.figures.table import curves as columns
from dlviz.figures.theme import color, themed
from dlviz.figures.thinning import thin
from dlviz.training.history import History

POINTS = 2_000  # of one curve; peaks survive the thinning


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
    figure.update_yaxes(title_text="loss", row=1, col=1).update_yaxes(title_text="accuracy", tickformat=".0%", row=2,
                                                                      col=1)
    return figure.update_xaxes(title_text="step", row=2, col=1).update_layout(hovermode="x unified")

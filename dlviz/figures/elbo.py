"""The parts of a variational autoencoder's loss as bars."""
from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dlviz.figures.texts import BARE, texts
from dlviz.figures.theme import color, themed

MOST = 64  # numbers of a code that get a bar


@themed
def parts(loss: float, cost: float, divergence: np.ndarray) -> go.Figure:
    """Reconstruction and divergence on top of each other, and beside them the divergence of each number of the code.

    Args:
        loss, cost: the two parts, in the unit of the loss.
        divergence: `(D,)`, in nats.
    """
    figure = make_subplots(1, 2, column_widths=[0.35, 0.65], horizontal_spacing=0.12,
                           subplot_titles=(texts.THE_LOSS, texts.DIVERGENCE_OF_EACH))
    for name, value, tone in ((texts.RECONSTRUCTION, loss, "run-0"), (texts.DIVERGENCE, cost, "run-1")):
        figure.add_trace(go.Bar(x=[value], y=[texts.LOSS], name=name, orientation="h", marker={"color": color(tone)},
                                hovertemplate=f"{name}: %{{x:.4f}}" + BARE), 1, 1)
    numbers = [str(number) for number in range(len(divergence[:MOST]))]
    figure.add_trace(go.Bar(x=numbers, y=divergence[:MOST], marker={"color": color("run-1")}, showlegend=False,
                            hovertemplate=texts.NATS + BARE), 1, 2)
    figure.update_yaxes(showticklabels=False, row=1, col=1).update_yaxes(rangemode="tozero", row=1, col=2)
    return figure.update_layout(barmode="stack", legend={"orientation": "h", "y": -0.25})

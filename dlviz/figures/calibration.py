"""Whether a classifier's probabilities can be believed, as a reliability diagram. Knows no page."""
from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dlviz.english import percent
from dlviz.figures.theme import color, themed
from dlviz.training.calibration import BINS, Calibration

NOTABLE = 0.01  # expected error from which on a network is said to be too sure, or not sure enough


@themed
def reliability_diagram(found: Calibration) -> go.Figure:
    """The accuracy of each bin of confidence, above how many samples are in it (DeGroot and Fienberg 1983).

    On the diagonal a prediction is correct as often as its probability says; bars below it are too sure.
    """
    filled = found.counts > 0
    middles = (np.flatnonzero(filled) + 0.5) / BINS
    accuracy, confidence, counts = found.accuracy[filled], found.mean_confidence[filled], found.counts[filled]
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.75, 0.25], vertical_spacing=0.06)
    figure.add_bar(x=middles, y=accuracy, width=0.92 / BINS, marker={"color": color("run-0")}, name="accuracy",
                   customdata=np.column_stack([confidence, counts]), row=1, col=1,
                   hovertemplate="%{customdata[1]:,} samples, on average %{customdata[0]:.1%} sure:<br>%{y:.1%} are "
                                 "correct<extra></extra>")
    figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", name="as sure as it is correct", row=1, col=1,
                       line={"color": color("mark"), "dash": "dash", "width": 1.5}, hoverinfo="skip")
    figure.add_bar(x=middles, y=counts / max(1, counts.sum()), width=0.92 / BINS, marker={"color": color("text", 35)},
                   name="samples", customdata=counts, row=2, col=1, showlegend=False,
                   hovertemplate="%{customdata:,} samples, %{y:.1%}<extra></extra>")
    figure.update_yaxes(title_text="accuracy", range=[0, 1], tickformat=".0%", row=1, col=1)
    figure.update_yaxes(title_text="samples", rangemode="tozero", tickformat=".0%", nticks=3, row=2, col=1)
    figure.update_xaxes(range=[0, 1], tickformat=".0%").update_xaxes(title_text="probability of the prediction", row=2)
    return figure.update_layout(title_text=f"Expected calibration error {percent(found.expected_error)}", bargap=0)


def describe(found: Calibration) -> str:
    """The diagram in one sentence."""
    total = max(1, found.counts.sum())
    sure, correct = found.confidence.sum() / total, found.correct.sum() / total
    verdict = "it is as often correct as it says" if not found.expected_error >= NOTABLE else \
        "it is too sure of itself" if sure > correct else "it is not sure enough of itself"
    return (f"Calibration: on average the network is {percent(sure)} sure and {percent(correct)} of its "
            f"predictions are correct; {verdict}")

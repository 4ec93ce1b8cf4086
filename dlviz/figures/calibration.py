"""Whether a classifier's probabilities can be believed, as a reliability diagram. Knows no page."""
from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dlviz.english import percent
from dlviz.figures.texts import BARE, texts
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
    figure.add_bar(x=middles, y=accuracy, width=0.92 / BINS, marker={"color": color("run-0")}, name=texts.ACCURACY,
                   customdata=np.column_stack([confidence, counts]), row=1, col=1,
                   hovertemplate=texts.SAMPLES_SURE_CORRECT + BARE)
    figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", name=texts.AS_SURE_AS_CORRECT, row=1, col=1,
                       line={"color": color("mark"), "dash": "dash", "width": 1.5}, hoverinfo="skip")
    figure.add_bar(x=middles, y=counts / max(1, counts.sum()), width=0.92 / BINS, marker={"color": color("text", 35)},
                   name=texts.SAMPLES, customdata=counts, row=2, col=1, showlegend=False,
                   hovertemplate=texts.SAMPLES_PERCENT + BARE)
    figure.update_yaxes(title_text=texts.ACCURACY, range=[0, 1], tickformat=".0%", row=1, col=1)
    figure.update_yaxes(title_text=texts.SAMPLES, rangemode="tozero", tickformat=".0%", nticks=3, row=2, col=1)
    figure.update_xaxes(range=[0, 1], tickformat=".0%").update_xaxes(title_text=texts.PROBABILITY, row=2)
    return figure.update_layout(title_text=texts.CALIBRATION_ERROR.format(error=percent(found.expected_error)),
                                bargap=0)


def describe(found: Calibration) -> str:
    """The diagram in one sentence."""
    total = max(1, found.counts.sum())
    sure, correct = found.confidence.sum() / total, found.correct.sum() / total
    text = texts.CALIBRATED if not found.expected_error >= NOTABLE else \
        texts.TOO_SURE if sure > correct else texts.NOT_SURE_ENOUGH
    return text.format(sure=percent(sure), correct=percent(correct))

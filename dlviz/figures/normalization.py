"""What a batch normalization does to the numbers that pass through it, as a Plotly figure. Knows no page."""
from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dlviz.figures.texts import BARE, texts
from dlviz.figures.theme import color, themed
from dlviz.probes.health import BatchNormHealth
from dlviz.probes.histogram import Histogram

LINES = (("entering", "mark"), ("training", "run-0"), ("evaluation", "run-1"))
DOTS = (("mean", "run-0", "circle"), ("std", "run-1", "diamond"))


@themed
def batch_norm(health: BatchNormHealth) -> go.Figure:
    """How the numbers are spread before and after, and each channel's statistics of the batch against the running ones.

    A dot on the diagonal: the channel is normalized alike in training and in evaluation. Where no running statistics
    are kept, only the spreads are there.
    """
    both = bool(health.running_mean)
    figure = make_subplots(rows=1, cols=1 + both, column_widths=[0.62, 0.38] if both else None, horizontal_spacing=0.1)
    for attribute, tone in LINES:
        spread: Histogram | None = getattr(health, attribute)
        if spread is not None and any(spread.counts):
            figure.add_trace(_line(spread, texts.SPREAD_NAMES[attribute], tone), row=1, col=1)
    figure.update_xaxes(title_text=texts.VALUE, row=1, col=1)
    figure.update_yaxes(title_text=texts.DENSITY, showticklabels=False, row=1, col=1)
    if both:
        _channels(figure, health)
    return figure.update_layout(margin={"t": 56}, legend={"x": 0, "xanchor": "left"})


def _line(spread: Histogram, name: str, tone: str) -> go.Scatter:
    """A histogram as steps; its area is 1, so that a narrow and a wide one can be compared."""
    counts = np.array(spread.counts, float)
    span = spread.high - spread.low or 1.0
    edges = np.linspace(spread.low, spread.low + span, len(counts) + 1)
    density = counts / counts.sum() * len(counts) / span
    return go.Scatter(x=np.r_[edges, edges[-1]], y=np.r_[0.0, density, 0.0], line={"shape": "vh", "color": color(tone)},
                      fill="tozeroy", fillcolor=color(tone, 12), name=name, mode="lines",
                      hovertemplate=texts.NAME_AROUND.format(name=name) + BARE)


def _channels(figure: go.Figure, health: BatchNormHealth) -> None:
    found = []
    for what, tone, symbol in DOTS:
        batch, running = np.array(getattr(health, f"batch_{what}")), np.array(getattr(health, f"running_{what}"))
        found += [batch, running]
        name = texts.STATISTICS[what]
        figure.add_scatter(x=batch, y=running, mode="markers", name=texts.OF_A_CHANNEL.format(statistic=name), row=1,
                           col=2,
                           marker={"color": color(tone, 70), "size": 7, "symbol": symbol},
                           customdata=np.arange(len(batch)),
                           hovertemplate=texts.CHANNEL.format(statistic=name) + BARE)
    known = np.concatenate(found)
    known = known[np.isfinite(known)]
    ends = [float(known.min()), float(known.max())] if known.size else [0.0, 1.0]
    figure.add_scatter(x=ends, y=ends, mode="lines", line={"color": color("mark"), "dash": "dash", "width": 1.5},
                       hoverinfo="skip", showlegend=False, row=1, col=2)
    figure.update_xaxes(title_text=texts.OF_THE_BATCH, showgrid=True, row=1, col=2)
    figure.update_yaxes(title_text=texts.RUNNING, row=1, col=2)


def describe(name: str, health: BatchNormHealth) -> str:
    """The figure of the layer `name` in one sentence."""
    pairs = [(mean, running) for mean, running in zip(health.batch_mean, health.running_mean)
             if math.isfinite(mean) and math.isfinite(running)]
    if not pairs:
        return texts.BEFORE_AND_AFTER.format(name=name)
    return texts.MEANS_APART.format(name=name, apart=max(abs(mean - running) for mean, running in pairs))

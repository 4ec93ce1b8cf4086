"""Scores that tell what is new from what is usual: both histograms with a threshold, and the ROC curve."""
from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dlviz.figures.texts import BARE, texts
from dlviz.figures.theme import color, themed

BINS = 50


def roc_curve(scores: np.ndarray, positive: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rates of false and of true alarms for every threshold, from none to all; `(K,)` each.

    Args:
        scores: `(N,)`, larger for what is more likely positive.
        positive: bool `(N,)`; of both kinds there must be one at least.
    """
    order = np.argsort(-scores, kind="stable")
    alarms, hits = np.cumsum(~positive[order]), np.cumsum(positive[order])
    last = np.append(np.diff(scores[order]) != 0, True)  # equal scores are told apart by no threshold
    return np.append(0, alarms[last] / alarms[-1]), np.append(0, hits[last] / hits[-1])


def area(false_rate: np.ndarray, true_rate: np.ndarray) -> float:
    """Below the curve: the chance that something new has a larger score than something usual."""
    return float(np.trapezoid(true_rate, false_rate))


@themed
def series(values: np.ndarray, scores: np.ndarray, positive: np.ndarray, threshold: float, name: str) -> go.Figure:
    """A series `(N,)` in time: the stretches that are `positive` are shaded, values with an alarm marked."""
    figure, steps, alarms = go.Figure(), np.arange(1, len(values) + 1), scores > threshold
    turns = np.flatnonzero(np.diff(np.concatenate([[0], positive.astype(int), [0]])))
    for at, (begin, end) in enumerate(zip(turns[::2], turns[1::2])):
        figure.add_vrect(x0=begin + 0.5, x1=end + 0.5, fillcolor=color("run-1"), opacity=0.18, line_width=0, name=name,
                         showlegend=at == 0)
    figure.add_trace(go.Scatter(x=steps, y=values, mode="lines", name=texts.SERIES, hoverinfo="skip",
                                line={"color": color("mark"), "width": 1}))
    figure.add_trace(go.Scatter(x=steps[alarms], y=values[alarms], mode="markers", name=texts.ALARM,
                                marker={"color": color("run-1"), "size": 5}, customdata=scores[alarms],
                                hovertemplate=texts.ALARM_AT + BARE))
    figure.update_xaxes(title_text=texts.STEP_OF_SERIES, range=[0, len(values) + 1])
    return figure.update_yaxes(title_text=texts.VALUE)


@themed
def histograms(scores: np.ndarray, positive: np.ndarray, threshold: float, name: str, error: str = "") -> go.Figure:
    """How often each score comes, among usual samples and among new ones, which are called `name`; `error` names it."""
    edges = np.linspace(0, float(np.quantile(scores, 0.998)), BINS + 1)
    figure = go.Figure()
    for which, title, tone in ((~positive, texts.USUAL, "run-0"), (positive, name, "run-1")):
        heights, _ = np.histogram(scores[which], edges, density=True)
        figure.add_trace(go.Bar(x=(edges[:-1] + edges[1:]) / 2, y=heights, width=edges[1], name=title, opacity=0.6,
                                marker={"color": color(tone), "line": {"width": 0}},
                                hovertemplate=texts.ERROR_OF.format(title=title) + BARE))
    figure.add_vline(threshold, line={"color": color("text"), "dash": "dash", "width": 1.5})
    figure.update_xaxes(title_text=error or texts.RECONSTRUCTION_ERROR, rangemode="tozero")
    figure.update_yaxes(title_text=texts.DENSITY)
    return figure.update_layout(barmode="overlay", bargap=0)


@themed
def roc(scores: np.ndarray, positive: np.ndarray, threshold: float) -> go.Figure:
    """True against false alarms for all thresholds, with the one that is chosen."""
    false_rate, true_rate = roc_curve(scores, positive)
    figure = go.Figure()
    figure.add_trace(go.Scatter(x=[0, 1], y=[0, 1], mode="lines", name=texts.GUESSING, hoverinfo="skip",
                                line={"color": color("mark"), "dash": "dot", "width": 1}))
    figure.add_trace(go.Scatter(x=false_rate, y=true_rate, mode="lines", name=texts.ALL_THRESHOLDS,
                                line={"color": color("run-0"), "width": 2},
                                hovertemplate=texts.FALSE_ALARMS_FOUND + BARE))
    above = scores > threshold
    figure.add_trace(go.Scatter(x=[above[~positive].mean()], y=[above[positive].mean()], mode="markers",
                                name=texts.THIS_THRESHOLD, marker={"color": color("run-1"), "size": 10},
                                hovertemplate=texts.FALSE_ALARMS_FOUND + BARE))
    figure.update_xaxes(title_text=texts.FALSE_ALARMS, tickformat=".0%", range=[-0.02, 1.02])
    return figure.update_yaxes(title_text=texts.FOUND, tickformat=".0%", range=[-0.02, 1.02])

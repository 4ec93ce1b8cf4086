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
def histograms(scores: np.ndarray, positive: np.ndarray, threshold: float, name: str) -> go.Figure:
    """How often each score comes, among usual samples and among new ones, which are called `name`."""
    edges = np.linspace(0, float(np.quantile(scores, 0.998)), BINS + 1)
    figure = go.Figure()
    for which, title, tone in ((~positive, texts.USUAL, "run-0"), (positive, name, "run-1")):
        heights, _ = np.histogram(scores[which], edges, density=True)
        figure.add_trace(go.Bar(x=(edges[:-1] + edges[1:]) / 2, y=heights, width=edges[1], name=title, opacity=0.6,
                                marker={"color": color(tone), "line": {"width": 0}},
                                hovertemplate=texts.ERROR_OF.format(title=title) + BARE))
    figure.add_vline(threshold, line={"color": color("text"), "dash": "dash", "width": 1.5})
    figure.update_xaxes(title_text=texts.RECONSTRUCTION_ERROR, rangemode="tozero")
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

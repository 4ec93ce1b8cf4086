"""How a layer's weights or gradients are spread over the steps of a run, as a Plotly heat map. Knows no page."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dlviz.figures.theme import ink_scale, themed
from dlviz.probes.histogram import Histogram

BINS = 60


@themed
def heat_map(what: str, steps: Sequence[int], histograms: Sequence[Histogram]) -> go.Figure:
    """A column for each step, `steps` and `histograms` as many; the darker a field, the more values lie there.

    The shade is a bin's fraction of its column's fullest one, so that a narrow and a wide spread are seen alike well.
    `what` says whose values they are.
    """
    edges = common_edges(histograms)
    fractions = np.stack([rebinned(histogram, edges) for histogram in histograms], axis=1)
    shades = fractions / np.maximum(fractions.max(0, keepdims=True), 1e-12)
    middles = (edges[1:] + edges[:-1]) / 2
    figure = go.Figure(go.Heatmap(
        x=np.asarray(steps), y=middles.astype(np.float32), z=shades.astype(np.float32),
        customdata=fractions.astype(np.float32),
        colorscale=ink_scale(), showscale=False, xgap=0, ygap=0, zmin=0, zmax=1,
        hovertemplate="step %{x:,}, around %{y:.3~g}: %{customdata:.1%}<extra></extra>"))
    figure.update_xaxes(title_text="step", hoverformat=",")
    figure.update_yaxes(title_text="value", showgrid=False, exponentformat="power")
    return figure.update_layout(title_text=what)


def common_edges(histograms: Sequence[Histogram]) -> np.ndarray:
    """`BINS + 1` edges at equal distances, from the least value of all histograms to the greatest."""
    low, high = min(each.low for each in histograms), max(each.high for each in histograms)
    return np.linspace(low, high, BINS + 1) if high > low else np.linspace(low - 0.5, low + 0.5, BINS + 1)


def rebinned(histogram: Histogram, edges: np.ndarray) -> np.ndarray:
    """Fractions of the values between the `edges`, `(len(edges) - 1,)`; all 0 for none.

    Within an old bin the values lie evenly.
    """
    counts = np.array(histogram.counts, float)
    if not counts.sum():
        return np.zeros(len(edges) - 1)
    if histogram.low == histogram.high:  # one value: all of it in the bin where it lies
        return np.histogram([histogram.low], edges)[0].astype(float)
    own = np.linspace(histogram.low, histogram.high, len(counts) + 1)
    below = np.interp(edges, own, np.concatenate([[0.0], np.cumsum(counts)]))
    return np.diff(below) / counts.sum()

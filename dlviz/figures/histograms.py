"""How a layer's weights and gradients are spread over the steps of a run, as Plotly heat maps. Knows no page."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dlviz.figures.texts import BARE, texts
from dlviz.figures.theme import ink_scale, themed
from dlviz.probes.histogram import Histogram
from dlviz.translation import in_a_row

BINS = 60


@dataclass(frozen=True)
class Spread:
    """Histograms over steps: of what, and as many `steps` as `histograms`."""

    what: str
    steps: tuple[int, ...]
    histograms: tuple[Histogram, ...]


@themed
def heat_maps(spreads: Sequence[Spread]) -> go.Figure:
    """A heat map for each spread, one below the other, over the same steps: a column for each step.

    The darker a field, the more values lie there. The shade is the root of a bin's fraction of its column's fullest
    one, so that a narrow and a wide spread, and the few values far out, are seen alike well.
    """
    figure = make_subplots(rows=len(spreads), cols=1, shared_xaxes=True, vertical_spacing=0.08)
    for row, spread in enumerate(spreads, 1):
        figure.add_trace(_heat_map(spread), row=row, col=1)
        figure.update_yaxes(title_text=spread.what, showgrid=False, exponentformat="power", row=row, col=1)
    figure.update_xaxes(hoverformat=",").update_xaxes(title_text=texts.STEP, row=len(spreads), col=1)
    return figure.update_layout(margin={"t": 12})


def _heat_map(spread: Spread) -> go.Heatmap:
    edges = common_edges(spread.histograms)
    fractions = np.stack([rebinned(histogram, edges) for histogram in spread.histograms], axis=1)
    shades = np.sqrt(fractions / np.maximum(fractions.max(0, keepdims=True), 1e-12))
    return go.Heatmap(
        x=np.asarray(spread.steps), y=((edges[1:] + edges[:-1]) / 2).astype(np.float32),
        z=np.round(255 * shades).astype(np.uint8), zmin=0, zmax=255, customdata=fractions.astype(np.float32),
        colorscale=ink_scale(), showscale=False, xgap=0, ygap=0, name=spread.what,
        hovertemplate=texts.AROUND + BARE)


def describe(name: str, spreads: Sequence[Spread]) -> str:
    """The heat maps of the layer `name` in one sentence."""
    last = max(spread.steps[-1] for spread in spreads)
    parts = [texts.SPREAD.format(what=spread.what, low=spread.histograms[-1].low, high=spread.histograms[-1].high)
             for spread in spreads]
    return texts.SPREADS.format(name=name, last=last, spreads=str(in_a_row(parts)))


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

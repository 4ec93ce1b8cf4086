"""Vectors that stand for symbols or places, seen in two or three dimensions or by how alike they are."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go

from dlviz.figures.texts import BARE, texts
from dlviz.figures.theme import color, themed

CROWD = 60  # symbols; of more, only those in the question have a word beside their point


@dataclass(frozen=True)
class Projection:
    """Vectors seen from their widest side.

    Attributes:
        points: `(N, 2)`, or `(N, 3)` in space.
        explained_variance: the fraction of the vectors' variance that the two dimensions hold, 0 to 1.
    """

    points: np.ndarray
    explained_variance: float


def project(vectors: np.ndarray, before: np.ndarray | None = None, dimensions: int = 2) -> Projection:
    """Vectors `(N, D)` on the plane (or in the space) in which they differ most (principal component analysis).

    With the points `before` `(N, dimensions)` the picture is turned (and mirrored) to lie over them: the plane leaves
    that open, and a picture that turns by itself cannot be watched.
    """
    known = np.nan_to_num(vectors.astype(np.float64))
    centred = known - known.mean(0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    points = np.zeros((len(vectors), dimensions))
    points[:, :min(dimensions, len(sizes))] = (left * sizes)[:, :dimensions]
    total = float((sizes ** 2).sum())
    explained_variance = float((sizes[:dimensions] ** 2).sum() / total) if total else 1.0
    if before is not None and before.shape == points.shape:
        points = points @ _turn(points, before)
    return Projection(points, explained_variance)


def _turn(points: np.ndarray, before: np.ndarray) -> np.ndarray:
    """The rotation or reflection, a square matrix, that brings `points` closest to `before` (Schoenemann 1966)."""
    left, _, right = np.linalg.svd(points.T @ (before - before.mean(0)))
    return left @ right


def similarity(table: np.ndarray) -> np.ndarray:
    """Dot products between all rows of `(N, D)`, `(N, N)`, divided by the largest; all 0 for zeros."""
    known = np.nan_to_num(table.astype(np.float64))
    products = known @ known.T
    return products / max(float(np.abs(products).max()), 1e-12)


@themed
def scatter(found: Projection, words: Sequence[str], used: Sequence[bool]) -> go.Figure:
    """A point and a word for each symbol, in as many dimensions as `found` has; those that are `used` stand out.

    Near each other means alike.
    """
    marked, named = np.asarray(used, bool), np.array([escape(word, quote=False) for word in words], object)
    figure = go.Figure()
    for which, name, tone, size in ((~marked, texts.OTHER_SYMBOLS, "mark", 7), (marked, texts.IN_THE_ROW, "run-0", 10)):
        labels = named[which] if len(named) <= CROWD or which is marked else None
        look = {"mode": "markers" if labels is None else "markers+text", "text": labels, "hovertext": named[which],
                "name": name,
                "hovertemplate": "%{hovertext}" + BARE, "textposition": "middle right",
                "marker": {"size": size, "color": color(tone), "opacity": 1}, "textfont": {"color": color("text")}}
        columns = dict(zip("xyz", found.points[which].T))
        figure.add_trace(go.Scatter3d(**columns, **look) if found.points.shape[1] == 3
                         else go.Scatter(**columns, **look))
    figure.update_xaxes(visible=False).update_yaxes(visible=False, scaleanchor="x")
    if found.points.shape[1] == 3:
        bare = {"title": {"text": ""}, "showticklabels": False}
        figure.update_scenes(xaxis=bare, yaxis=bare, zaxis=bare, aspectmode="data")
    return figure.update_layout(margin={"t": 30})

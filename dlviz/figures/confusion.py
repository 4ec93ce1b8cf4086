"""What was taken for what: counts and fractions of a confusion matrix. Knows no page."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dlviz.figures.theme import ink_scale, themed


@dataclass(frozen=True)
class Confusion:
    """A confusion matrix ready to be drawn.

    Args:
        classes: names, in the order of rows and columns.
        counts: how often a class (row, the target) was taken for a class (column, the prediction).
        fractions: counts divided by their row's sum; 0 in a row without samples.
        recalls: recall of each class, the fraction that was recognised; None where there is no sample of it.
    """

    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    fractions: tuple[tuple[float, ...], ...]
    recalls: tuple[float | None, ...]


def confusion(matrix: np.ndarray, classes: Sequence[str]) -> Confusion:
    """The figure of an int matrix `(classes, classes)`. ValueError when the names do not fit."""
    matrix = np.asarray(matrix)
    if matrix.shape != (len(classes), len(classes)):
        raise ValueError(f"A confusion matrix of {len(classes)} classes is square, but it has the shape "
                         f"{matrix.shape}.")
    totals = matrix.sum(axis=1)
    fractions = matrix / np.maximum(totals, 1)[:, None]
    recalls = tuple(float(fractions[i, i]) if totals[i] else None for i in range(len(classes)))
    rounded = tuple(tuple(round(fraction, 4) for fraction in row) for row in fractions.tolist())
    return Confusion(tuple(classes), _rows(matrix), rounded, recalls)


def top_confusions(matrix: np.ndarray, classes: Sequence[str], most: int = 3) -> list[tuple[str, str, int]]:
    """The commonest mix-ups as (target, prediction, count), the commonest first; none that never happened."""
    wrong = np.asarray(matrix).copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:most]
    pairs = [divmod(int(at), len(classes)) for at in order]
    return [(classes[target], classes[prediction], int(wrong[target, prediction])) for target, prediction in pairs
            if wrong[target, prediction]]


def _rows(matrix: np.ndarray) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(count) for count in row) for row in matrix.tolist())


@themed
def heatmap(matrix: np.ndarray, classes: Sequence[str]) -> go.Figure:
    """A confusion matrix `(classes, classes)` as a heat map: a row a target, a column a prediction.

    The shade is the square root of a field's fraction of its row, so that rare mistakes can be seen; the numbers are
    counts. ValueError when the names do not fit.
    """
    table = confusion(matrix, classes)
    fractions = np.array(table.fractions)
    texts = [[f"{count:,}" if count else "" for count in row] for row in table.counts]
    trace = go.Heatmap(z=np.sqrt(fractions), x=list(classes), y=list(classes), text=texts, customdata=fractions,
                       texttemplate="%{text}", zmin=0, zmax=1, showscale=False, colorscale=ink_scale(),
                       hovertemplate="target %{y}, predicted %{x}: %{text} (%{customdata:.1%})<extra></extra>")
    figure = go.Figure(trace)
    figure.update_xaxes(title_text="prediction", side="top", type="category", dtick=1, showline=False)
    return figure.update_yaxes(title_text="target", autorange="reversed", type="category",
                               dtick=1).update_layout(margin={"t": 64})

"""What was taken for what: counts and fractions of a confusion matrix. Knows no page."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go

from dlviz.english import percent
from dlviz.figures.texts import BARE, texts
from dlviz.figures.theme import color, ink_scale, themed
from dlviz.translation import numeral

RECALL = "recall"  # the column behind the classes


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
    """A confusion matrix `(classes, classes)` as a heat map: a row a target, a column a prediction; each row's recall.

    The shade is the square root of a field's fraction of its row, so that rare mistakes can be seen; the numbers are
    counts. ValueError when the names do not fit.
    """
    table = confusion(matrix, classes)
    fractions, counts = np.array(table.fractions), np.array(table.counts)
    names = [escape(name, quote=False) for name in table.classes]
    marks = [[numeral(f"{count:,}") if count else "" for count in row] for row in table.counts]
    trace = go.Heatmap(z=np.sqrt(fractions), x=names, y=names, text=marks,
                       customdata=np.stack([counts, fractions], axis=-1),
                       texttemplate="%{text}", zmin=0, zmax=1, showscale=False, colorscale=ink_scale(),
                       hovertemplate=texts.CONFUSED + BARE)
    figure = go.Figure(trace)
    figure.add_scatter(x=[RECALL] * len(names), y=names, mode="text",
                       hovertemplate=texts.RECALL_OF + BARE,
                       text=["–" if each is None else percent(each) for each in table.recalls],
                       textfont={"color": color("muted"), "size": 12})
    figure.update_xaxes(title_text=texts.PREDICTION, side="top", type="category", dtick=1, showline=False)
    figure.update_yaxes(title_text=texts.TARGET, autorange="reversed", type="category", dtick=1, showgrid=False,
                        ticklabelstandoff=6)
    return figure.update_layout(margin={"t": 64}, showlegend=False)


def describe(matrix: np.ndarray, classes: Sequence[str]) -> str:
    """One sentence for those who cannot see the heat map."""
    total, correct = int(np.sum(matrix)), int(np.trace(matrix))
    found = top_confusions(matrix, classes, 1)
    if not found:
        return texts.CONFUSION.format(correct=correct, total=total)
    target, prediction, count = found[0]
    return texts.CONFUSION_MOST.format(correct=correct, total=total, target=target, prediction=prediction,
                                       times=times(count))


def times(count: int) -> str:
    """'once' or '5 times', for sentences."""
    return texts.TIMES(count)

"""What was taken for what: counts and shares of a confusion matrix. Knows no page and no colours."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Confusion:
    """A confusion matrix ready to be drawn.

    Args:
        classes: names, in the order of rows and columns.
        counts: how often a class (row, the truth) was taken for a class (column, the answer).
        shares: counts divided by their row's sum; 0 in a row without samples.
        right: share of each class that was recognised; None where there is no sample of it.
    """

    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    shares: tuple[tuple[float, ...], ...]
    right: tuple[float | None, ...]


def confusion(matrix: np.ndarray, classes: Sequence[str]) -> Confusion:
    """The figure of an int matrix `(classes, classes)`. ValueError when the names do not fit."""
    matrix = np.asarray(matrix)
    if matrix.shape != (len(classes), len(classes)):
        raise ValueError(f"A confusion matrix of {len(classes)} classes is square, but it has the shape "
                         f"{matrix.shape}.")
    totals = matrix.sum(axis=1)
    shares = matrix / np.maximum(totals, 1)[:, None]
    right = tuple(float(shares[i, i]) if totals[i] else None for i in range(len(classes)))
    rounded = tuple(tuple(round(share, 4) for share in row) for row in shares.tolist())
    return Confusion(tuple(classes), _rows(matrix), rounded, right)


def hardest(matrix: np.ndarray, classes: Sequence[str], most: int = 3) -> list[tuple[str, str, int]]:
    """The commonest mix-ups as (truth, answer, count), the commonest first; none that never happened."""
    wrong = np.asarray(matrix).copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:most]
    pairs = [divmod(int(at), len(classes)) for at in order]
    return [(classes[truth], classes[answer], int(wrong[truth, answer])) for truth, answer in pairs
            if wrong[truth, answer]]


def _rows(matrix: np.ndarray) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(count) for count in row) for row in matrix.tolist())

"""Draw a million points with five hundred, so that peaks survive and the picture holds still as the curve grows.

Each bucket of neighbouring points gives its lowest and its highest. Buckets are a power of two wide and start at
multiples of their width, so new points never change what is drawn of old ones, except where the width doubles.
Knows nothing of runs or charts.
"""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Curve = tuple[np.ndarray, np.ndarray]  # steps (N,) ascending, values (N,); any value may be NaN or infinite
EDGE = 40  # points kept on each side of a window, so that zooming out again shows a curve at once


def thin(steps: Sequence[int] | np.ndarray, values: Sequence[float] | np.ndarray, limit: int = 500) -> Curve:
    """At most `limit` of the points, in order: first, last, lowest and highest finite value are always among them.

    A bucket without one finite value gives a point that is not finite: a gap to be drawn. A million float32 points
    take under 1 ms. Raises ValueError for sequences of unequal length or a limit below 6.
    """
    steps, values = _arrays(steps, values)
    if limit < 6:
        raise ValueError(f"thin() needs a limit of at least 6 (first, last, two buckets of two), got {limit}.")
    if len(values) <= limit:
        return steps, values
    most = (limit - 2) // 2
    width = 1 << (-(-len(values) // most) - 1).bit_length()
    keep = _keep(values, width)
    return steps[keep], values[keep]


def thin_window(steps: Sequence[int] | np.ndarray, values: Sequence[float] | np.ndarray,
                window: tuple[float, float], limit: int = 500) -> Curve:
    """As `thin`, but nearly all points go to the steps from `window[0]` to `window[1]`, those just outside included."""
    steps, values = _arrays(steps, values)
    if len(values) <= limit:
        return steps, values
    left = max(0, int(np.searchsorted(steps, window[0], side="left")) - 1)
    right = min(len(steps), int(np.searchsorted(steps, window[1], side="right")) + 1)
    parts = [thin(steps[:left], values[:left], EDGE),
             thin(steps[left:right], values[left:right], limit - 2 * EDGE),
             thin(steps[right:], values[right:], EDGE)]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _arrays(steps: Sequence[int] | np.ndarray, values: Sequence[float] | np.ndarray) -> Curve:
    steps, values = np.asarray(steps), np.asarray(values)
    if values.dtype.kind != "f":
        values = values.astype(np.float64)  # None becomes NaN
    if steps.ndim != 1 or steps.shape != values.shape:
        raise ValueError(f"A curve needs as many steps as values, in one row each; got {steps.shape} and "
                         f"{values.shape}.")
    return steps, values


def _keep(values: np.ndarray, width: int) -> np.ndarray:
    """Sorted indices to keep: each bucket's lowest and highest, the first and the last."""
    whole = len(values) // width * width
    starts = np.arange(0, whole, width)
    chosen = [np.array([0, len(values) - 1])]
    chosen += [starts + column for column in _extremes(values[:whole].reshape(-1, width))]
    if whole < len(values):
        chosen += [whole + column for column in _extremes(values[None, whole:])]
    return np.unique(np.concatenate(chosen))


def _extremes(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns of each row's lowest and highest finite value; 0 in a row that has none."""
    finite = np.isfinite(rows)
    if finite.all():
        return rows.argmin(axis=1), rows.argmax(axis=1)  # three times as fast as with the copies below
    return np.where(finite, rows, np.inf).argmin(axis=1), np.where(finite, rows, -np.inf).argmax(axis=1)

"""States and gates over time, made ready for pictures, and the unit that follows something known.

Arrays in, numbers out; knows no network and no page.
"""
from __future__ import annotations

import numpy as np

MOST = 128  # units in one picture
FAINT = 1e-12  # a share of a gradient below which 32-bit numbers tell nothing


def picture(values: np.ndarray) -> np.ndarray:
    """States `(T, H)` as rows of a picture, `(units, T)` float32: the first `MOST` units."""
    return np.ascontiguousarray(values[:, :MOST].T, np.float32)


def span(values: np.ndarray, least: float = 1e-6) -> float:
    """The number at the end of the colour scale: the largest there is, and not below `least`."""
    return max(least, float(np.abs(values[np.isfinite(values)]).max(initial=0.0)))


def stable_from(readouts: np.ndarray) -> int:
    """The first step from which the likeliest class `(T, classes)` is what it is at the end, and stays so."""
    other = np.flatnonzero(readouts.argmax(1) != readouts[-1].argmax())
    return int(other[-1]) + 1 if other.size else 0


def relative_to_entry(sizes: np.ndarray, entry: int | None, backwards: bool = False) -> np.ndarray:
    """Gradient norms `(T,)` as shares of that at the step where the error comes in; NaN where it never goes.

    It goes towards the first step, in a memory that reads `backwards` towards the last. Where it comes in at several
    steps (`entry` is None), beside the largest.
    """
    if not (sizes > 0).any():
        return np.zeros_like(sizes)
    if entry is None or sizes[entry] == 0:
        return sizes / sizes.max()
    fractions = sizes / sizes[entry]
    fractions[slice(None, entry) if backwards else slice(entry + 1, None)] = np.nan
    return fractions

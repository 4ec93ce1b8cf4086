"""Draw a million points with a few hundred: peaks survive, and the picture holds still as the curve grows.

`thin` takes each bucket's lowest and highest point, `smooth` each bucket's mean. A bucket's width comes from
a coarse ladder (1, 2, 3, 4, 6, 8, 12, ...) and buckets start at multiples of it, so new points never change
what is drawn of old ones, except where the width takes its next rung. Knows nothing of runs or charts.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

Column = Sequence[float] | np.ndarray
Curve = tuple[np.ndarray, np.ndarray]  # steps (N,) ascending, values (N,); any value may be NaN or infinite
Window = tuple[float, float]  # from step, to step

_POWERS = np.array([float(f"1e{power}") for power in range(301)])


def thin(steps: Column, values: Column, limit: int = 500, window: Window | None = None) -> Curve:
    """At most `limit` of the points, in order; first, last, lowest and highest finite one always among them.

    With a `window`, nearly all of them lie in it or just outside. A bucket without one finite value gives a
    point that is not finite: a gap to be drawn. A million float32 points take under 1 ms. Raises ValueError
    for sequences of unequal length, or a limit below 6 (48 with a window).
    """
    return _windowed(_extremes, *_arrays(steps, values), limit, window)


def smooth(steps: Column, values: Column, limit: int = 120, window: Window | None = None) -> Curve:
    """At most `limit` means of neighbouring points, each at the middle of its steps; `window` as in `thin`.

    Values that are not finite are left out; a bucket of nothing else gives NaN. Raises ValueError as `thin`.
    """
    return _windowed(_means, *_arrays(steps, values), limit, window)


def _arrays(steps: Column, values: Column) -> Curve:
    steps, values = np.asarray(steps), np.asarray(values)
    if values.dtype.kind != "f":
        values = values.astype(np.float64)  # None becomes NaN
    if steps.ndim != 1 or steps.shape != values.shape:
        raise ValueError(f"A curve needs as many steps as values, in one row each; got {steps.shape} and "
                         f"{values.shape}.")
    return steps, values


def _windowed(reduce: Callable[[np.ndarray, np.ndarray, int], Curve], steps: np.ndarray, values: np.ndarray,
              limit: int, window: Window | None) -> Curve:
    least = 48 if window else 6
    if limit < least:
        raise ValueError(f"Thinning needs a limit of at least {least} points here, got {limit}.")
    if len(values) <= limit:
        return steps, values
    if not window:
        return reduce(steps, values, limit)
    ends = np.clip([np.ceil(window[0]), np.floor(window[1])], steps[0] - 1, steps[-1] + 1)
    first, last = ends.astype(steps.dtype)  # keys of another type would copy all steps
    left = max(0, int(np.searchsorted(steps, first, side="left")) - 1)
    right = min(len(steps), int(np.searchsorted(steps, last, side="right")) + 1)
    edge = limit // 8  # for each side of the window, so that zooming out again shows a curve at once
    parts = [part if len(part[0]) <= room else reduce(*part, room)
             for part, room in (((steps[:left], values[:left]), edge),
                                ((steps[left:right], values[left:right]), limit - 2 * edge),
                                ((steps[right:], values[right:]), edge))]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _width(size: int, most: int) -> int:
    """The ladder's lowest rung on which `size` points fill no more than `most` buckets."""
    need = -(-size // most)
    power = 1 << (need - 1).bit_length()
    return power * 3 // 4 if power * 3 // 4 >= need else power


def _extremes(steps: np.ndarray, values: np.ndarray, limit: int) -> Curve:
    width = _width(len(values), (limit - 2) // 2)
    full = len(values) // width * width
    starts = np.arange(0, full, width)
    chosen = [np.array([0, len(values) - 1])]
    chosen += [starts + column for column in _lowest_highest(values[:full].reshape(-1, width))]
    if full < len(values):
        chosen += [full + column for column in _lowest_highest(values[None, full:])]
    keep = np.unique(np.concatenate(chosen))
    return steps[keep], values[keep]


def _lowest_highest(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns of each row's lowest and highest finite value; 0 in a row that has none."""
    finite = np.isfinite(rows)
    if finite.all():
        return rows.argmin(axis=1), rows.argmax(axis=1)  # three times as fast as with the copies below
    return np.where(finite, rows, np.inf).argmin(axis=1), np.where(finite, rows, -np.inf).argmax(axis=1)


def _means(steps: np.ndarray, values: np.ndarray, limit: int) -> Curve:
    width = _width(len(values), limit)
    starts = np.arange(0, len(values), width)
    if len(starts) > 1 and len(values) - starts[-1] < width / 2:
        starts = starts[:-1]  # a few last points alone would make the curve's end tremble
    ends = np.append(starts[1:], len(values)) - 1
    finite = np.isfinite(values)
    clean = values if finite.all() else np.where(finite, values, 0)
    sums = np.add.reduceat(clean, starts, dtype=np.float64)
    counts = np.add.reduceat(finite, starts, dtype=np.int32)
    means = np.divide(sums, counts, out=np.full(len(starts), np.nan), where=counts > 0)
    return (steps[starts] + steps[ends]) // 2, means


def short(values: np.ndarray, digits: int) -> list[float | None]:
    """Numbers `(N,)` rounded to so many significant digits, short in JSON; None for NaN and infinity.

    20 microseconds for a few hundred, a tenth of what formatting one after the other takes.
    """
    values = np.asarray(values, np.float64)
    finite = np.isfinite(values)
    clean = np.where(finite, values, 0.0)
    largest = np.floor(np.log10(np.abs(clean), out=np.zeros_like(clean), where=clean != 0)).astype(np.int64)
    places = np.clip(digits - 1 - largest, 1 - len(_POWERS), len(_POWERS) - 1)
    power = _POWERS[np.abs(places)]  # a power of ten below 1 is no exact number, so one above it divides or multiplies
    up, down = np.where(places >= 0, power, 1.0), np.where(places < 0, power, 1.0)
    rounded = np.rint(clean * up / down) / up * down
    return [number if known else None for number, known in zip(rounded.tolist(), finite.tolist())]


def running_mean(values: np.ndarray, count: int) -> np.ndarray:
    """The mean of each value `(N,)` and those before it, `count` in all; of fewer at the beginning."""
    sums = np.cumsum(values, dtype=np.float64)
    before = np.concatenate([np.zeros(min(count, len(sums))), sums[:-count]])
    return (sums - before) / np.minimum(np.arange(1, len(sums) + 1), count)

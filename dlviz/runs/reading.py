"""A curve as one number: what a legend and a table say of it at a step, so that both say the same. Knows no run."""
from __future__ import annotations

import math

import numpy as np

NEAR = 20  # steps over whose mean a training curve is read: single batches jump


def reading(steps: np.ndarray, values: np.ndarray, at: float, near: int = 1) -> float | None:
    """A curve at step `at`: the mean of its last `near` values up to there. None for no values, or none finite."""
    end = int(np.searchsorted(steps, at, side="right"))
    taken = np.asarray(values[max(0, end - near):end], np.float64)
    mean = float(taken.mean()) if len(taken) else math.nan
    return mean if math.isfinite(mean) else None

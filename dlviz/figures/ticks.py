"""Ticks of axes whose numbers are drawn as logarithms, because their trace has no logarithmic axis. Knows no figure."""
from __future__ import annotations

import math

import numpy as np

from dlviz.translation import numeral

FACTORS = ((1, 1.5, 2, 3, 4, 5, 6, 8), (1, 2, 3, 5), (1, 2, 5), (1, 3),
           (1,))  # within a power of ten, the closest first


def log_ticks(low: float, high: float, most: int = 6) -> tuple[list[float], list[str]]:
    """Where ticks stand, as log10 of round numbers between two positive ones, and what they say; `most` at most."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    choices = [[factor * 10.0 ** power for power in powers for factor in factors
                if low <= factor * 10.0 ** power <= high]
               for factors in FACTORS]
    fitting = next((found for found in choices if len(found) <= most), choices[-1])
    chosen = fitting[::max(1, math.ceil(len(fitting) / most))] or [low, high]
    return np.log10(chosen).tolist(), [numeral(f"{value:.3g}") for value in chosen]

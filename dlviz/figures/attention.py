"""Attention weights made small for pictures, and what a head is looking at. Knows no network and no page."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

SMALL = 48  # steps beyond which a small map shows the largest weight of each block
CLEAR = 0.5  # of its attention that a head must give to one kind of place for that to be its habit

Place = Literal["itself", "before", "after", "mirror", "one"]


def shades(weights: np.ndarray) -> np.ndarray:
    """Weights `(heads, T, S)` as uint8 `(heads, t, s)` for small maps, t and s at most `SMALL`.

    The root of the weight counts: an even look over twenty places must not vanish beside a sharp one.
    """
    known = np.nan_to_num(weights, nan=0.0).clip(0, 1)
    return np.rint(np.sqrt(_blocks(_blocks(known, 1), 2)) * 255).astype(np.uint8)


def _blocks(weights: np.ndarray, axis: int) -> np.ndarray:
    """The largest of each block along an axis that is longer than `SMALL`."""
    length = weights.shape[axis]
    size = -(-length // SMALL)
    return weights if size == 1 else np.maximum.reduceat(weights, np.arange(0, length, size), axis)


@dataclass(frozen=True)
class AttentionPattern:
    """Where a head looks from nearly everywhere.

    Attributes:
        place: what kind of place; `one` is the same for all.
        fraction: of its attention that goes there, on average over the places that have a choice.
        key: which place, for `one`.
    """

    place: Place
    fraction: float
    key: int | None = None


def pattern(weights: np.ndarray, scaled: np.ndarray) -> AttentionPattern | None:
    """What one head `(T, S)` mostly looks at; None when no simple rule says it. `scaled`: -inf is masked."""
    free = np.isfinite(scaled).sum(1) > 1  # a row with a single place to look at has no habits
    if not free.any() or not np.isfinite(weights).all():
        return None
    places = [AttentionPattern("one", float(fraction), key) for key, fraction in enumerate(weights[free].mean(0))]
    if weights.shape[0] == weights.shape[1]:
        places += [AttentionPattern(place, fraction) for place, fraction in _relative(weights, free)]
    best = max(places, key=lambda found: found.fraction)
    return best if best.fraction >= CLEAR else None


def _relative(weights: np.ndarray, free: np.ndarray) -> list[tuple[Place, float]]:
    steps = np.arange(len(weights))
    keys: dict[Place, np.ndarray] = {"itself": steps, "before": steps - 1, "after": steps + 1,
                                     "mirror": steps[::-1]}
    found = []
    for place, key in keys.items():
        rows = free & (key >= 0) & (key < len(steps))
        if rows.any():
            found.append((place, float(weights[steps[rows], key[rows]].mean())))
    return found

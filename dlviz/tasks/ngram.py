"""A language model that only counts: what comes after the last n - 1 symbols, smoothed. Knows no network.

Interpolated by Witten and Bell (1991): a context that was followed by many different symbols trusts its own counts
less, and the shorter context more; the shortest falls back on all symbols alike, so that nothing is impossible.
"""
from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

Row = Sequence[int]  # one text as tokens: what stands before it, then every symbol that is to be named


@dataclass(frozen=True)
class NGram:
    """Counts of each symbol `(V,)` by context; contexts of all lengths below `order`."""

    order: int
    symbols: int
    counts: dict[tuple[int, ...], np.ndarray]

    def probabilities(self, before: Row) -> np.ndarray:
        """The chance of each symbol `(V,)` after `before`; they add up to 1."""
        found = np.full(self.symbols, 1 / self.symbols)
        for length in range(min(self.order, len(before) + 1)):
            counted = self.counts.get(tuple(before[len(before) - length:]))
            if counted is None:
                break
            kinds = np.count_nonzero(counted)
            found = (counted + kinds * found) / (counted.sum() + kinds)
        return found

    def evaluate(self, rows: Iterable[Row]) -> tuple[float, float]:
        """Loss and accuracy as a network's: mean nats a symbol, and the mean over the texts of the share guessed."""
        nats, shares = [], []
        for row in rows:
            found = [self.probabilities(row[:at]) for at in range(1, len(row))]
            nats += [-math.log(chances[symbol]) for chances, symbol in zip(found, row[1:])]
            shares.append(sum(chances.argmax() == symbol for chances, symbol in zip(found, row[1:])) / len(found))
        return sum(nats) / len(nats), float(sum(shares) / len(shares))


def fit(rows: Iterable[Row], symbols: int, order: int) -> NGram:
    """Count every symbol after each of its contexts of 0 to `order` - 1 symbols."""
    counts: dict[tuple[int, ...], np.ndarray] = defaultdict(lambda: np.zeros(symbols))
    for row in rows:
        for at in range(1, len(row)):
            for length in range(min(order, at + 1)):
                counts[tuple(row[at - length:at])][row[at]] += 1
    return NGram(order, symbols, dict(counts))

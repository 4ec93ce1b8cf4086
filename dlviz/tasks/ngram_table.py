"""The n-gram of `ngram`, for a text of a million symbols: counts in sorted tables, many places asked at once.

Knows no network. The same numbers as the slow one, which a test compares.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # an odd number: contexts are told apart by sums of its products, modulo 2^64
CHUNK = 2_000_000  # chances that are worked out at a time


@dataclass(frozen=True)
class _Counts:
    """What followed the contexts of one length.

    Attributes:
        contexts: a number for each, ascending `(C,)`.
        starts: where the symbols that followed it begin in `symbols` and `counts` `(C + 1,)`.
        totals: how many followed it `(C,)`.
    """

    contexts: np.ndarray
    starts: np.ndarray
    symbols: np.ndarray
    counts: np.ndarray
    totals: np.ndarray


@dataclass(frozen=True)
class NGramTable:
    """Counts of each symbol by context, contexts of 0 to `order` - 1 symbols."""

    order: int
    symbols: int
    tables: tuple[_Counts, ...]

    def evaluate(self, rows: np.ndarray, order: int | None = None) -> tuple[float, float]:
        """Loss and accuracy as a network's on rows `(N, T + 1)` of which each symbol but the first is to be named.

        With a smaller `order` only shorter contexts are asked.
        """
        losses, matches = [], []
        step = max(1, CHUNK // (self.symbols * (rows.shape[1] - 1)))
        for first in range(0, len(rows), step):
            part = rows[first:first + step]
            chances, named = self.probabilities(part, order), part[:, 1:].ravel()
            losses.append(-np.log(chances[np.arange(len(named)), named]))
            matches.append(chances.argmax(1) == named)
        return float(np.concatenate(losses).mean()), float(np.concatenate(matches).mean())

    def probabilities(self, rows: np.ndarray, order: int | None = None) -> np.ndarray:
        """The chance of each symbol at each place of rows `(N, T + 1)` but the first, `(N * T, V)`."""
        places = rows.shape[1] - 1
        found = np.full((len(rows) * places, self.symbols), 1 / self.symbols)
        for length, table in enumerate(self.tables[:order]):
            asked = np.tile(np.arange(places) + 1 >= length, len(rows))
            codes = np.concatenate([_codes(row[:-1], length) for row in rows])
            _refine(found, table, np.flatnonzero(asked), codes[asked])
        return found


def fit(stream: np.ndarray, symbols: int, order: int) -> NGramTable:
    """Count every symbol of one long text `(N,)` but the first after each of its contexts."""
    return NGramTable(order, symbols, tuple(_count(stream, symbols, length) for length in range(order)))


def _codes(before: np.ndarray, length: int) -> np.ndarray:
    """A number for the last `length` symbols up to each place `(N,)`; meaningless where there are not as many."""
    codes = np.zeros(len(before), np.uint64)
    numbers = before.astype(np.uint64) + np.uint64(1)
    for back, power in enumerate(np.cumprod(np.full(length, _FACTOR, np.uint64))):
        codes[back:] += numbers[:len(numbers) - back] * power
    return codes


def _count(stream: np.ndarray, symbols: int, length: int) -> _Counts:
    first = max(0, length - 1)
    codes, named = _codes(stream[:-1], length)[first:], stream[1:][first:]
    contexts, which = np.unique(codes, return_inverse=True)
    pairs, counts = np.unique(which.astype(np.int64) * symbols + named, return_counts=True)
    owner = pairs // symbols
    starts = np.searchsorted(owner, np.arange(len(contexts) + 1))
    return _Counts(contexts, starts, pairs % symbols, counts, np.bincount(owner, counts, len(contexts)))


def _refine(found: np.ndarray, table: _Counts, places: np.ndarray, codes: np.ndarray) -> None:
    """Mix what followed a context into the chances `(N, V)` at some places, as Witten and Bell (1991) do."""
    at = np.minimum(np.searchsorted(table.contexts, codes), len(table.contexts) - 1)
    known = table.contexts[at] == codes
    places, at = places[known], at[known]
    kinds = table.starts[at + 1] - table.starts[at]
    total = table.totals[at] + kinds
    found[places] *= (kinds / total)[:, None]
    rows = np.repeat(np.arange(len(at)), kinds)
    entries = np.repeat(table.starts[at] - np.concatenate([[0], np.cumsum(kinds)[:-1]]), kinds) + np.arange(len(rows))
    found[places[rows], table.symbols[entries]] += table.counts[entries] / total[rows]

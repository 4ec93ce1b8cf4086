"""Byte pair encoding (Sennrich, Haddow and Birch 2016): the commonest pair of neighbours becomes one symbol, again and
again. Knows no task.
"""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

Pair = tuple[str, str]
Pieces = tuple[str, ...]  # a word as the symbols that it is made of


@dataclass(frozen=True)
class Merge:
    """Two neighbours that became one symbol, and how often they stood beside each other then."""

    left: str
    right: str
    count: int

    @property
    def joined(self) -> str:
        return self.left + self.right


@dataclass(frozen=True)
class BytePairs:
    """Merges in the order in which they were learned, which is the order in which they are applied."""

    merges: tuple[Merge, ...]

    @cached_property
    def _ranks(self) -> dict[Pair, int]:
        return {(merge.left, merge.right): rank for rank, merge in enumerate(self.merges)}

    def split(self, word: Sequence[str], merges: int | None = None) -> Pieces:
        """A word, given symbol by symbol, after the first `merges` merges (all of them by default)."""
        pieces, most = tuple(word), len(self.merges) if merges is None else merges
        while True:
            ranks = [self._ranks.get(pair, most) for pair in pairwise(pieces)]
            first = min(ranks, default=most)
            if first >= most:
                return pieces
            merge = self.merges[first]
            pieces = _merged(pieces, (merge.left, merge.right))


def learn(words: Mapping[Pieces, int], merges: int) -> BytePairs:
    """The first `merges` merges of words, each with how often it comes; fewer where no pair is left that comes twice.

    Of pairs that come equally often, that which stands first in the words.
    """
    counter = _PairCounter(words)
    found: list[Merge] = []
    while len(found) < merges:
        pair, count = counter.commonest()
        if count < 2:
            break
        found.append(Merge(*pair, count))
        counter.merge(pair)
    return BytePairs(tuple(found))


class _PairCounter:
    """How often each two symbols stand beside each other, counted once and then kept up to date."""

    def __init__(self, words: Mapping[Pieces, int]):
        self._words, self._counts = list(words), list(words.values())
        self._pairs: Counter[Pair] = Counter()
        self._places: defaultdict[Pair, set[int]] = defaultdict(set)  # the words that hold a pair, or did
        self._changed: dict[Pair, int] = {}  # pairs that have just been counted anew, and how often they came before
        self._by_count: defaultdict[int, set[Pair]] = defaultdict(set)
        self._firsts: dict[Pair, tuple[int, int]] = {}  # where a pair stands first, once that was asked
        for place in range(len(self._words)):
            self._add(place, 1)
        self._sort()

    def _add(self, place: int, sign: int) -> None:
        pieces = self._words[place]
        for pair in pairwise(pieces):
            self._changed.setdefault(pair, self._pairs[pair])
            self._pairs[pair] += sign * self._counts[place]
            self._places[pair].add(place)

    def _sort(self) -> None:
        """Put the changed pairs where their counts belong, so that nobody has to look at all of them."""
        for pair, before in self._changed.items():
            self._by_count[before].discard(pair)
            if not self._by_count[before]:
                del self._by_count[before]
            self._firsts.pop(pair, None)
            if self._pairs[pair]:
                self._by_count[self._pairs[pair]].add(pair)
            else:
                del self._pairs[pair], self._places[pair]
        self._changed.clear()

    def commonest(self) -> tuple[Pair, int]:
        """The pair that comes most often and how often; nothing, never, where there is none."""
        most = max(self._by_count, default=0)
        return (min(self._by_count[most], key=self._first), most) if most else (("", ""), 0)

    def _first(self, pair: Pair) -> tuple[int, int]:
        """The first word that holds a pair, and where in it."""
        if pair not in self._firsts:
            self._firsts[pair] = self._look_for(pair)
        return self._firsts[pair]

    def _look_for(self, pair: Pair) -> tuple[int, int]:
        for word in sorted(self._places[pair]):
            for place, found in enumerate(pairwise(self._words[word])):
                if found == pair:
                    return word, place
        return len(self._words), 0

    def merge(self, pair: Pair) -> None:
        for place in sorted(self._places[pair]):
            self._add(place, -1)
            self._words[place] = _merged(self._words[place], pair)
            self._add(place, 1)
        self._sort()


def _merged(pieces: Pieces, pair: Pair) -> Pieces:
    """The pieces with each two neighbours of this kind as one, from left to right."""
    found: list[str] = []
    place = 0
    while place < len(pieces):
        joined = pieces[place:place + 2] == pair
        found.append(pair[0] + pair[1] if joined else pieces[place])
        place += 1 + joined
    return tuple(found)

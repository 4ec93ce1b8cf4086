"""What a text is cut into: characters, words, or pieces of words that are learned from it. Knows no task.

Each cuts a text into symbols of its vocabulary and puts it together again; characters that are too rare become one
symbol, `UNKNOWN`.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np

from dlviz.tasks import byte_pairs
from dlviz.tasks.byte_pairs import BytePairs

Unit = Literal["characters", "words", "byte pairs"]
UNKNOWN = "�"
MOST_CHARACTERS = 200  # different ones; rarer ones are not told apart
MOST_CHUNKS = 20_000  # that byte pairs are learned from, the commonest: all of a novel's, a third of a dictionary's
MOST_LETTERS = 200_000  # of these chunks together: all of a dictionary's
# What byte pairs are learned within: a word with the space behind it. Cut all the same where there are no spaces.
_CHUNK = re.compile(r"\w{1,32} ?|[^\w\s]{1,32} ?|\s")
_WORD = re.compile(r"\w{1,40}(?:['’]\w{1,40}){0,3}|[^\w\s]|\n")
_CLOSE = frozenset(".,;:!?)]}\n")  # no space before these


@dataclass(frozen=True)
class Tokenizer:
    """Cuts a text into symbols.

    Attributes:
        unit: what its symbols are.
        symbols: its vocabulary; a token is a place in it.
        pairs: the merges that were learned, where its symbols are byte pairs.
    """

    unit: Unit
    symbols: tuple[str, ...]
    pairs: BytePairs = field(default=BytePairs(()))

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {symbol: number for number, symbol in enumerate(self.symbols)}

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The symbols as people can see them: spaces and ends of lines have a sign."""
        return tuple(map(visible, self.symbols))

    def cut(self, text: str) -> Iterable[str]:
        """The text in pieces; those that are no symbols are `UNKNOWN`."""
        known = self._numbers
        if self.unit == "byte pairs":
            split = lru_cache(maxsize=None)(self._split)
            return (piece for chunk in _CHUNK.findall(text) for piece in split(chunk))
        pieces = text if self.unit == "characters" else _WORD.findall(text)
        return (piece if piece in known else UNKNOWN for piece in pieces)

    def after(self, text: str, merges: int) -> tuple[str, ...]:
        """The pieces of a text, as people can see them, when only the first merges have been applied."""
        found = (self._letters(chunk) for chunk in _CHUNK.findall(text))
        return tuple(visible(piece) for letters in found for piece in self.pairs.split(letters, merges))

    def strange(self, text: str) -> tuple[str, ...]:
        """The words or characters of a text that are not in its vocabulary, each once."""
        pieces = _WORD.findall(text) if self.unit == "words" else text
        return tuple(dict.fromkeys(piece for piece in pieces if piece not in self._numbers))

    def _split(self, chunk: str) -> tuple[str, ...]:
        return self.pairs.split(self._letters(chunk))

    def _letters(self, chunk: str) -> list[str]:
        return [letter if letter in self._numbers else UNKNOWN for letter in chunk]

    def encode(self, text: str) -> np.ndarray:
        """A text as tokens `(N,)` int64."""
        return np.array([self._numbers[piece] for piece in self.cut(text)], np.int64)

    def decode(self, tokens: Sequence[int] | np.ndarray) -> str:
        """Tokens as a text."""
        pieces = [self.symbols[token] for token in tokens]
        return _sentence(pieces) if self.unit == "words" else "".join(pieces)


def visible(symbol: str) -> str:
    """A symbol with signs for spaces and ends of lines."""
    return symbol.replace(" ", "␣").replace("\n", "⏎")


def learn(text: str, unit: Unit, vocabulary: int) -> Tokenizer:
    """The tokenizer of a text: its characters, its commonest words, or its characters and what is merged of them."""
    if unit == "characters":
        return Tokenizer(unit, commonest(Counter(text), MOST_CHARACTERS))
    if unit == "words":
        return Tokenizer(unit, commonest(Counter(_WORD.findall(text)), vocabulary))
    letters = commonest(Counter(text), min(MOST_CHARACTERS, vocabulary))
    known = frozenset(letters)
    words = {tuple(letter if letter in known else UNKNOWN for letter in chunk): count
             for chunk, count in _most_common(Counter(_CHUNK.findall(text)))}
    pairs = byte_pairs.learn(words, vocabulary - len(letters))
    return Tokenizer(unit, tuple(dict.fromkeys((*letters, *(merge.joined for merge in pairs.merges)))), pairs)


def _most_common(chunks: Counter[str]) -> Iterator[tuple[str, int]]:
    """The commonest chunks, each with how often it comes, as long as they are not too long together."""
    letters = 0
    for chunk, count in chunks.most_common(MOST_CHUNKS):
        letters += len(chunk)
        if letters > MOST_LETTERS:
            return
        yield chunk, count


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, and its punctuation marks."""
    return tuple(_WORD.findall(text))


def commonest(counts: Counter[str], most: int) -> tuple[str, ...]:
    """Symbols in their own order; where there are more than `most`, the commonest, and one for all others."""
    if len(counts) <= most and UNKNOWN not in counts:
        return tuple(sorted(counts))
    by_count = sorted((symbol for symbol in counts if symbol != UNKNOWN), key=lambda symbol: (-counts[symbol], symbol))
    return (*sorted(by_count[:most - 1]), UNKNOWN)


def _sentence(words: Sequence[str]) -> str:
    """Words with spaces between them, as a person would write it."""
    text = ""
    for word in words:
        glued = not text or word[0] in _CLOSE or text[-1] in "\n([{"
        text += word if glued else f" {word}"
    return text

"""Looking up what stood behind a letter, in rows of any length: tested on longer ones than it is learned on."""
from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.memoize import memoize
from dlviz.shapes import Shape, Signature
from dlviz.tasks.base import Data, SplitName
from dlviz.tasks.presentation import IGNORE, SYMBOLS
from dlviz.tasks.sequence import SampleBatch, SyntheticTask, split
from dlviz.translation import _

SHORTEST = 4  # row, in letters before the questions
LONGEST = 16
EACH = 100  # test samples of each length
PADDING = "·"


class Recall(SyntheticTask):
    """Letters in a row, then some of them again in another order: which letter stood behind each?"""

    letters: int = Field(default=20, ge=17, le=26, description="How many different letters there are.")
    trained: int = Field(default=8, ge=5, le=LONGEST, description="How many letters a row has at most in training and "
                                                                  "validation; test rows have up to 16.")
    name: ClassVar[str] = "recall"
    title: ClassVar[str] = "What stood behind it?"
    stands_for: ClassVar[str] = ("Long texts: a language model meets a longer one than any that it was trained on, and "
                                 "has to find things in it all the same.")
    limits: ClassVar[str] = "Real texts are thousands of words long, and a word stands in them more than once."
    metric: ClassVar[str] = "letters found"
    pinned: ClassVar[int] = EACH * (LONGEST - SHORTEST) // 2

    @property
    def symbols(self) -> tuple[str, ...]:
        return (*self.classes, PADDING)

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple("abcdefghijklmnopqrstuvwxyz"[:self.letters])

    @property
    def example(self) -> str:
        return "hafcjdkb dhka"

    @property
    def longest_trained(self) -> int:
        return self.trained

    def lengths(self, split: SplitName) -> np.ndarray:
        """Letters before the questions; each but the last is asked for once."""
        return (self.split(split).targets != IGNORE).sum(1).numpy() + 1

    def signature(self) -> Signature:
        length = 2 * LONGEST - 1
        return Signature((("letters", Shape("tokens", (length,), self.letters + 1)),),
                         Shape("sequence", (length, self.letters)), "cross_entropy", SYMBOLS.filled(count=self.letters),
                         exact_match=False)

    def draw(self, random: np.random.Generator, count: int) -> SampleBatch:
        return self.rows(random, random.integers(SHORTEST, self.trained + 1, count))

    def rows(self, random: np.random.Generator, lengths: np.ndarray) -> SampleBatch:
        """One sample for each of the lengths."""
        inputs = np.full((len(lengths), 2 * LONGEST - 1), self.letters)
        targets = np.full_like(inputs, IGNORE)
        letters = random.random((len(lengths), self.letters)).argsort(1)
        for row, length in enumerate(lengths):
            asked = random.permutation(length - 1)
            inputs[row, :length] = letters[row, :length]
            inputs[row, length:2 * length - 1] = letters[row, asked]
            targets[row, length:2 * length - 1] = letters[row, asked + 1]
        return SampleBatch((inputs,), targets)

    def data(self) -> Data:
        return _with_longer(self)

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        tokens = self.tokens("".join(text.lower().split()), self.classes)
        row = np.full(2 * LONGEST - 1, self.letters)
        length = self._length(tokens)
        if not SHORTEST <= length <= LONGEST:
            raise self.refuse(_("takes {least} to {most} different letters, and then some of them again",
                                least=SHORTEST, most=LONGEST), _("{count} came before the first that repeats",
                                                                 count=length))
        if len(tokens) > len(row) or not set(tokens[length:].tolist()) <= set(tokens[:length - 1].tolist()):
            raise self.refuse(_("asks for letters that another letter stands behind, {most} at most",
                                most=len(row) - length), _("this row asks for others, or for more"))
        row[:len(tokens)] = tokens
        return (row,)

    def solve(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
        tokens = inputs[0][inputs[0] < self.letters]
        length, targets = self._length(tokens), np.full(len(inputs[0]), IGNORE)
        behind = dict(zip(tokens[:length - 1].tolist(), tokens[1:length].tolist()))
        targets[length:len(tokens)] = [behind[token] for token in tokens[length:].tolist()]
        return targets

    @staticmethod
    def _length(tokens: np.ndarray) -> int:
        """How many letters come before one of them comes again."""
        met: set[int] = set()
        for place, token in enumerate(tokens.tolist()):
            if token in met:
                return place
            met.add(token)
        return len(tokens)


@memoize(maxsize=8)
def _with_longer(task: Recall) -> Data:
    """Training and validation as they are drawn; the test has rows of every length, and none of these."""
    drawn = SyntheticTask.data(task)
    known = {row.numpy().tobytes() for part in (drawn.train, drawn.val) for row in part.inputs[0]}
    lengths = np.repeat(np.arange(SHORTEST, LONGEST + 1), EACH)
    test = task.rows(np.random.default_rng((task.data_seed, 2)), lengths)
    test = test.take([row for row in range(len(lengths)) if test.inputs[0][row].tobytes() not in known])
    return Data(drawn.train, drawn.val, split(test, slice(None)))

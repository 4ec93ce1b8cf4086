"""The adding problem (Hochreiter and Schmidhuber 1997): two marked numbers among many, long ago."""
from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.english import an
from dlviz.shapes import Shape, Signature
from dlviz.tasks.modality import Modality
from dlviz.tasks.sequence import SampleBatch, SyntheticTask
from dlviz.translation import _, _n

MARK = "*"


class Adding(SyntheticTask):
    """Two of many numbers are marked: what is their sum?"""

    length: int = Field(default=30, ge=10, le=60,
                        description="How many numbers a row has; longer means a longer memory.")
    name: ClassVar[str] = "adding"
    modality: ClassVar[Modality] = Modality.SERIES
    title: ClassVar[str] = "Adding problem"
    stands_for: ClassVar[str] = ("Vanishing gradients: what was marked long ago decides, and the gradient "
                                 "has to find its "
                                 "way back through every step in between.")
    limits: ClassVar[str] = "Real signals do not mark what has to be remembered."
    metric: ClassVar[str] = "sums right to within 0.1"
    counts: ClassVar[str] = "sum so far"

    @property
    def example(self) -> str:
        row = [f"0.{(7 * step + 3) % 10}" for step in range(self.length)]
        for place in (self.length // 5, 3 * self.length // 5):
            row[place] += MARK
        return " ".join(row)

    def signature(self) -> Signature:
        return Signature((("numbers and marks", Shape("sequence", (self.length, 2))),), Shape("vector", (1,)),
                         "mse", _("the sum"), tolerance=0.1)

    def draw(self, random: np.random.Generator, count: int) -> SampleBatch:
        """One mark in the first half, one in the second, so that the first is always long ago."""
        half = self.length // 2
        inputs = np.zeros((count, self.length, 2), np.float32)
        inputs[:, :, 0] = random.random((count, self.length))
        rows = np.arange(count)
        for low, high in ((0, half), (half, self.length)):
            inputs[rows, random.integers(low, high, count), 1] = 1
        return SampleBatch((inputs,), inputs.prod(2).sum(1, keepdims=True))

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        words = text.split()
        if len(words) != self.length:
            raise self.refuse(_("takes {length} numbers with spaces between", length=self.length),
                              _("{count} came", count=len(words)))
        row = np.array([[self._number(word.removesuffix(MARK)), word.endswith(MARK)] for word in words],
                       np.float32)
        marked = int(row[:, 1].sum())
        if marked != 2:
            raise self.refuse(_("needs two numbers marked with {mark}", mark=an(MARK)),
                              _n("{count} is marked", "{count} are marked", count=marked))
        return (row,)

    def _number(self, word: str) -> float:
        try:
            value = float(word)
        except ValueError:
            raise self.refuse(_("takes numbers from 0 to 1"), _("{word!r} is none", word=word[:30])) from None
        if not 0 <= value <= 1:
            raise self.refuse(_("takes numbers from 0 to 1"), _("{word} is not between them", word=word[:30]))
        return value

    def solve(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
        return inputs[0].prod(1).sum(keepdims=True)

    def running(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
        return inputs[0].prod(1).cumsum()

    def input_words(self, inputs: tuple[np.ndarray, ...]) -> tuple[tuple[str, ...], ...]:
        return (tuple(f"{value:.2f}{MARK if mark else ''}" for value, mark in inputs[0]),)

"""Which of two rare symbols came first, long ago: the task on which plain recurrent networks forget."""
from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.shapes import Shape, Signature
from dlviz.tasks.sequence import SampleBatch, SyntheticTask
from dlviz.translation import _

NOISE, MARKS = "abcd", "XY"


class Order(SyntheticTask):
    """Two letters X or Y hide in a row of noise: which were they, and in which order?"""

    length: int = Field(default=30, ge=10, le=100,
                        description="How many letters a row has; longer means a longer memory.")
    name: ClassVar[str] = "order"
    title: ClassVar[str] = "X..Y order"
    classes: ClassVar[tuple[str, ...]] = tuple(first + second for first in MARKS for second in MARKS)
    stands_for: ClassVar[str] = ("Long memory: two early letters decide, and dozens of letters that mean "
                                 "nothing come "
                                 "after them.")
    limits: ClassVar[str] = "In real texts nobody says which two words matter, and thousands lie between them."
    metric: ClassVar[str] = "rows answered right"

    @property
    def symbols(self) -> tuple[str, ...]:
        return (*NOISE, *MARKS)

    @property
    def example(self) -> str:
        row = list((NOISE * self.length)[:self.length])
        row[self._places()[0].start], row[self._places()[1].start] = "X", "Y"
        return "".join(row)

    def _places(self) -> tuple[range, range]:
        """Where the first and the second mark may stand: early, and a little after the middle."""
        tenths = [round(self.length * fraction) for fraction in (0.1, 0.3, 0.5, 0.7)]
        return range(*tenths[:2]), range(*tenths[2:])

    def signature(self) -> Signature:
        return Signature((("letters", Shape("tokens", (self.length,), len(self.symbols))),),
                         Shape("vector", (4,)),
                         "cross_entropy", _("XX, XY, YX or YY"))

    def draw(self, random: np.random.Generator, count: int) -> SampleBatch:
        tokens = random.integers(0, len(NOISE), (count, self.length))
        marks = random.integers(0, 2, (count, 2))
        for mark, places in zip(marks.T, self._places()):
            tokens[np.arange(count), random.integers(places.start, places.stop, count)] = len(NOISE) + mark
        return SampleBatch((tokens,), marks @ np.array([2, 1]))

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        tokens = self.encode(text.replace(" ", ""), self.length)
        found = int((tokens >= len(NOISE)).sum())
        if found != 2:
            raise self.refuse(_("needs two letters X or Y in each row"), _("this one has {found}", found=found))
        return (tokens,)

    def solve(self, inputs: tuple[np.ndarray, ...]) -> int:
        first, second = inputs[0][inputs[0] >= len(NOISE)] - len(NOISE)
        return int(2 * first + second)

"""Reversing a row of digits: the smallest task that attention solves by pointing."""
from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.shapes import Shape, Signature
from dlviz.tasks.sequence import SampleBatch, SyntheticTask
from dlviz.translation import _


class Reverse(SyntheticTask):
    """A row of digits goes in; the same digits come out in reverse order."""

    length: int = Field(default=10, ge=2, le=32, description="How many digits a row has; longer is harder.")
    name: ClassVar[str] = "reverse"
    title: ClassVar[str] = "Reverse a sequence"
    stands_for: ClassVar[str] = ("Self-attention: each place of the answer has to look at exactly one place "
                                 "of the question.")
    limits: ClassVar[str] = "A translation has to look at several places at once; here one is always enough."
    metric: ClassVar[str] = "rows reversed without a mistake"

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple("0123456789")

    @property
    def example(self) -> str:
        return "31415926535897932384626433832795"[:self.length]

    def signature(self) -> Signature:
        return Signature((("digits", Shape("tokens", (self.length,), 10)),),
                         Shape("sequence", (self.length, 10)),
                         "cross_entropy", _("10 digits at each step"))

    def draw(self, random: np.random.Generator, count: int) -> SampleBatch:
        digits = random.integers(0, 10, (count, self.length))
        return SampleBatch((digits,), digits[:, ::-1].copy())

    def solve(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
        return inputs[0][::-1].copy()

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        return (self.encode(text.replace(" ", ""), self.length),)

"""How deep in brackets are we: a task for which a hidden state has to count."""
from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.shapes import Shape, Signature
from dlviz.tasks.sequence import SampleBatch, SyntheticTask
from dlviz.translation import _


class Brackets(SyntheticTask):
    """After every bracket: how many are open now?"""

    length: int = Field(default=24, ge=8, le=100, description="How many brackets a row has.")
    depth: int = Field(default=4, ge=2, le=9, description="How many are open at once at most.")
    name: ClassVar[str] = "brackets"
    title: ClassVar[str] = "Bracket depth"
    stands_for: ClassVar[str] = ("Hidden state: the network has to carry a number along that stands nowhere "
                                 "in the text.")
    limits: ClassVar[str] = "A compiler counts without limit; this network has learned a depth that it has met."
    metric: ClassVar[str] = "rows right at every step"
    counts: ClassVar[str] = "depth"

    @property
    def symbols(self) -> tuple[str, ...]:
        return "(", ")"

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(map(str, range(self.depth + 1)))

    @property
    def example(self) -> str:
        deep = min(self.depth, 3)
        return (("(" * deep + ")" * deep) * self.length)[:self.length]

    def signature(self) -> Signature:
        return Signature((("brackets", Shape("tokens", (self.length,), 2)),),
                         Shape("sequence", (self.length, self.depth + 1)), "cross_entropy",
                         _("depths 0 to {depth} at each step", depth=self.depth))

    def draw(self, random: np.random.Generator, count: int) -> SampleBatch:
        """A walk between 0 and `depth`: at its ends there is one way only, else both are as likely."""
        coin = random.random((count, self.length)) < 0.5
        depths = np.zeros((count, self.length + 1), np.int64)
        for step in range(self.length):
            now = depths[:, step]
            opens = np.where(now == 0, True, np.where(now == self.depth, False, coin[:, step]))
            depths[:, step + 1] = now + np.where(opens, 1, -1)
        closing = (np.diff(depths) < 0).astype(np.int64)
        return SampleBatch((closing,), depths[:, 1:].copy())

    def running(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
        return self.solve(inputs)

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        tokens = self.encode(text.replace(" ", ""), self.length)
        depths = self.solve((tokens,))
        wrong = np.flatnonzero((depths < 0) | (depths > self.depth))
        if len(wrong) and depths[wrong[0]] < 0:
            raise self.refuse(_("may close only brackets that are open"),
                              _("the one at place {wrong} closes none", wrong=wrong[0] + 1))
        if len(wrong):
            raise self.refuse(_("may go {depth} brackets deep at most", depth=self.depth),
                              _("place {wrong} is one deeper", wrong=wrong[0] + 1))
        return (tokens,)

    def solve(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
        return np.cumsum(1 - 2 * inputs[0])

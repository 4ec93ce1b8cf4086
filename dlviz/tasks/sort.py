"""Sorting letters, one after the other: a small algorithm for a language model."""
from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.tasks.sequence import SampleBatch
from dlviz.tasks.stepwise import Continuing


class Sort(Continuing):
    """Some letters go in; the same letters come out in the order of the alphabet, one after the other."""

    length: int = Field(default=6, ge=2, le=16, description="How many letters are sorted.")
    letters: int = Field(default=3, ge=2, le=10, description="How many different letters there are; more is harder.")
    name: ClassVar[str] = "sort"
    title: ClassVar[str] = "Sort letters"
    stands_for: ClassVar[str] = ("Algorithms in a language model: it counts what it has seen and goes on "
                                 "from what it has said.")
    limits: ClassVar[str] = "Real programs sort millions of items; this network knows rows of one length only."
    metric: ClassVar[str] = "rows sorted without a mistake"

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple("abcdefghij"[:self.letters])

    @property
    def example(self) -> str:
        return ("bacaebdcfhgijadh" if self.letters == 10 else "cabbacbaaccbabca" if self.letters > 2
                else "babbabbaaabbabab")[:self.length]

    @property
    def question_length(self) -> int:
        return self.length

    @property
    def answer_length(self) -> int:
        return self.length

    def draw(self, random: np.random.Generator, count: int) -> SampleBatch:
        letters = random.integers(0, self.letters, (count, self.length))
        return self.teacher_forcing(letters, np.sort(letters, axis=1))

    def solve(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
        letters = inputs[0][None, :self.length]
        return self.teacher_forcing(letters, np.sort(letters, axis=1)).targets[0]

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        return self.free_running(self.encode(text.replace(" ", "").lower(), self.length))

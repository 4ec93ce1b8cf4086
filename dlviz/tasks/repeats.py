"""A pattern of letters again and again: what comes next stands behind the last place where the letter stood before."""
from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.tasks.sequence import SampleBatch
from dlviz.tasks.stepwise import Continuing
from dlviz.translation import _

SHORTEST = 4  # pattern


class Repeats(Continuing):
    """A pattern of letters begins a second time; go on with it, whatever its letters and its length are."""

    letters: int = Field(default=20, ge=13, le=26, description="How many different letters there are.")
    longest: int = Field(default=11, ge=5, le=12, description="How many letters a pattern has at most.")
    name: ClassVar[str] = "repeats"
    title: ClassVar[str] = "Go on with the pattern"
    stands_for: ClassVar[str] = ("In-context learning: nothing that was learned says what comes next, only the text so "
                                 "far does. Large language models do it with the same two heads (Olsson et al. 2022).")
    limits: ClassVar[str] = "In a real text the same word stands in many places, and each was followed by another."
    metric: ClassVar[str] = "patterns continued without a mistake"

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple("abcdefghijklmnopqrstuvwxyz"[:self.letters])

    @property
    def example(self) -> str:
        return ("hafcjdkbmgel"[:self.longest - 1] * 2)[:self.question_length]

    @property
    def question_length(self) -> int:
        return self.longest + 1

    @property
    def answer_length(self) -> int:
        return self.longest + 1

    def draw(self, random: np.random.Generator, count: int) -> SampleBatch:
        patterns = random.random((count, self.letters)).argsort(1)
        periods = random.integers(SHORTEST, self.longest + 1, count)
        places = np.arange(self.question_length + self.answer_length) % periods[:, None]
        rows = np.take_along_axis(patterns, places, axis=1)
        return self.teacher_forcing(rows[:, :self.question_length], rows[:, self.question_length:])

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        question = self.encode("".join(text.lower().split()), self.question_length)
        if self._period(question) is None:
            raise self.refuse(_("takes {most} to {longest} different letters and then the first of them again",
                                most=SHORTEST, longest=self.longest),
                              _("these do not begin again"))
        return self.free_running(question)

    def solve(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray | None:
        question = inputs[0][:self.question_length]
        period = self._period(question)
        if period is None:
            return None
        places = np.arange(self.question_length, self.question_length + self.answer_length) % period
        return self.teacher_forcing(question[None], question[places][None]).targets[0]

    def _period(self, question: np.ndarray) -> int | None:
        """After how many letters the question begins again; None where it does not, or repeats one within."""
        for period in range(SHORTEST, self.longest + 1):
            if (question[period:] == question[:-period]).all():
                return period if len(set(question[:period].tolist())) == period else None
        return None

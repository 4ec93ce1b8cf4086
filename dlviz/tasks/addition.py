"""Adding numbers digit by digit: attention that finds the right column, and carries."""
from __future__ import annotations

import re
from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.tasks.sequence import SampleBatch
from dlviz.tasks.stepwise import Continuing
from dlviz.translation import _, _n

PLUS, EQUALS = 10, 11


class Addition(Continuing):
    """Two numbers are added as on paper: the sum comes from its last digit to its first."""

    digits: int = Field(default=2, ge=1, le=4, description="How many digits each number has; more is much harder.")
    name: ClassVar[str] = "addition"
    title: ClassVar[str] = "Add two numbers"
    stands_for: ClassVar[str] = ("Reasoning step by step: each digit needs one column, and the carry of the "
                                 "one before.")
    limits: ClassVar[str] = ("It has learned numbers of one length; longer ones it adds wrongly, as language "
                             "models do.")
    metric: ClassVar[str] = "sums right in every digit"

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple("0123456789+=")

    @property
    def example(self) -> str:
        return f"{7856 % 10**self.digits}+{1967 % 10**self.digits}"

    @property
    def question_length(self) -> int:
        return 2 * self.digits + 2

    @property
    def answer_length(self) -> int:
        return self.digits + 1

    def draw(self, random: np.random.Generator, count: int) -> SampleBatch:
        return self._row(random.integers(0, 10**self.digits, (count, 2)).T)

    def _row(self, numbers: np.ndarray) -> SampleBatch:
        """Numbers `(2, N)` as questions, the first digit first, and their sums, the last digit first."""
        first, second = (_digits(number, self.digits)[:, ::-1] for number in numbers)
        sign = np.full((len(first), 1), PLUS)
        question = np.concatenate([first, sign, second, np.full_like(sign, EQUALS)], axis=1)
        return self.teacher_forcing(question, _digits(numbers.sum(0), self.digits + 1))

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        match = re.fullmatch(r"([0-9]+)\+([0-9]+)=?", text.replace(" ", ""))
        if not match:
            raise self.refuse(_("takes two whole numbers with a plus between"),
                              _("{strip!r} was typed", strip=text.strip()[:30]))
        longest = max(map(len, match.groups()))
        if longest > self.digits:
            raise self.refuse(_n("adds numbers of {count:,} digit at most", "adds numbers of {count:,} digits at most",
                                 count=self.digits),
                              _("one of {longest} was typed", longest=longest))
        drawn = self._row(np.array([[int(group)] for group in match.groups()]))
        return self.without_answer((drawn.inputs[0][0],))

    def to_text(self, inputs: tuple[np.ndarray, ...], answer: np.ndarray) -> str:
        """The sum as people write it; it was said from the right, as the carry needs it."""
        digits = "".join(self.to_words(answer[::-1]))
        return (digits.lstrip("0") or "0") if digits.isdigit() else digits

    def solve(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
        worth = 10 ** np.arange(self.digits)[::-1]
        first = inputs[0][:self.digits] @ worth
        second = inputs[0][self.digits + 1:self.question_length - 1] @ worth
        return self._row(np.array([[first], [second]])).targets[0]


def _digits(numbers: np.ndarray, count: int) -> np.ndarray:
    """The last `count` digits of each number `(N,)`, the last first: `(N, count)`."""
    return numbers[:, None] // 10 ** np.arange(count) % 10

"""First names letter by letter: the smallest language model there is."""
from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.memoize import memoize
from dlviz.shapes import Shape, Signature, TeacherForcing
from dlviz.tasks import ngram
from dlviz.tasks.base import Baseline
from dlviz.tasks.presentation import IGNORE
from dlviz.tasks.sequence import SampleBatch, SyntheticTask
from dlviz.tasks.stepwise import Stepwise
from dlviz.translation import _, _n

EDGE = "."  # stands before the first letter and behind the last
FILE = Path(__file__).parent.parent / "data" / "words" / "names.txt"
LONGEST, MOST = 11, 4_000
ORDERS = (2, 3, 4, 5)  # of the n-grams that a network is held against
BEGINNING = 2  # letters that a network is told before it goes on alone: behind none, all names would be one


class Names(Stepwise, SyntheticTask):
    """First names from all over the world, letter by letter: which letter comes next?"""

    samples: int = Field(default=MOST, ge=500, le=MOST,
                         description="How many names there are to learn from, at most.")
    longest: int = Field(default=LONGEST, ge=5, le=LONGEST, description="Names with more letters are left out.")
    name: ClassVar[str] = "names"
    title: ClassVar[str] = "Names, letter by letter"
    stands_for: ClassVar[str] = ("Language modelling: guess what comes next, again and again, and you can "
                                 "write.")
    limits: ClassVar[str] = ("A large language model reads trillions of words and answers questions; this one "
                             "spells names.")
    metric: ClassVar[str] = "next letters guessed right"
    held_out: ClassVar[int] = 300
    end: ClassVar[int | None] = 0
    symbol: ClassVar[str] = "letter"

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple(EDGE + "abcdefghijklmnopqrstuvwxyz")

    @property
    def example(self) -> str:
        return "ma"

    @property
    def answer_length(self) -> int:
        return self.longest + 1

    def signature(self) -> Signature:
        count, length = len(self.symbols), self.longest + 1
        return Signature((("letters", Shape("tokens", (length,), count)),),
                         Shape("sequence", (length, count)),
                         "cross_entropy", _("26 letters and the end at each step"), exact_match=False,
                         teacher_forcing=TeacherForcing("letters", prompt_length=BEGINNING, end_token=self.end))

    def draw(self, random: np.random.Generator, count: int) -> SampleBatch:
        """Different names in an order of the generator's; fewer than `count` where there are not as many."""
        table = _table(self.longest)
        letters = table[random.permutation(len(table))[:count]]
        inputs = np.concatenate([np.zeros_like(letters[:, :1]), letters], axis=1)
        targets = np.concatenate([letters, np.zeros_like(letters[:, :1])], axis=1)
        length = (letters > 0).sum(1, keepdims=True)
        return SampleBatch((inputs,), np.where(np.arange(self.longest + 1) <= length, targets, IGNORE))

    def baseline(self) -> Baseline:
        return _counted(self)

    def is_known(self, text: str) -> bool:
        """Whether it is one of the names of the list."""
        return text in _known()

    def first_row(self, inputs: tuple[np.ndarray, ...]) -> int:
        return int((inputs[0] > 0).sum())  # it goes on behind the letters that are there

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        """The beginning of a name; none is a beginning, too."""
        letters = self.tokens(text.strip().lower(), self.symbols[1:]) + 1
        if len(letters) > self.longest:
            raise self.refuse(_("takes the beginning of a name, {longest} letters at most", longest=self.longest),
                              _("{count} were typed", count=len(letters)))
        inputs = np.zeros(self.longest + 1, np.int64)
        inputs[1:len(letters) + 1] = letters
        return (inputs,)

    def to_text(self, inputs: tuple[np.ndarray, ...], answer: np.ndarray) -> str:
        return "".join(self.to_words(np.concatenate([inputs[0][inputs[0] > 0], answer])))


@memoize(maxsize=4)
def _counted(task: Names) -> Baseline:
    """The n-gram of the training names whose n is best on the validation names."""
    data = task.data()
    train, val, test = ([[*row[:1].tolist(), *target[target != IGNORE].tolist()]
                         for row, target in zip(part.inputs[0], part.targets)]
                        for part in (data.train, data.val, data.test))
    fitted = [ngram.fit(train, len(task.symbols), order) for order in ORDERS]
    best = min(fitted, key=lambda model: model.evaluate(val)[0])
    (val_loss, val_accuracy), (test_loss, test_accuracy) = best.evaluate(val), best.evaluate(test)
    followed = _n("which only counts what followed the last {count} letter",
                  "which only counts what followed the last {count} letters", count=best.order - 1)
    return Baseline(_("{order}-gram", order=best.order), followed, val_loss, test_loss, val_accuracy, test_accuracy)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(FILE.read_text().split())


@lru_cache(maxsize=8)
def _table(longest: int) -> np.ndarray:
    """All names of the list as tokens from 1 `(N, longest)`, zeros behind each."""
    names = [name for name in FILE.read_text().split() if len(name) <= longest]
    return np.array([[ord(letter) - ord("a") + 1 for letter in name] + [0] * (longest - len(name))
                     for name in names])

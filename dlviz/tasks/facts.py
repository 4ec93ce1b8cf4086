"""A few facts and a question about one of them: answering by looking it up."""
from __future__ import annotations

import re
from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.shapes import Shape, Signature
from dlviz.tasks.sequence import SampleBatch, SyntheticTask
from dlviz.translation import _, _n

PEOPLE = ("ada", "ben", "cleo", "dan", "eva", "finn", "gita", "hugo")
THINGS = ("apple", "book", "cat", "drum", "egg", "fish", "guitar", "hat")


class Facts(SyntheticTask):
    """Some people each have one thing; then somebody asks: what does one of them have?"""

    facts: int = Field(default=5, ge=2, le=len(PEOPLE), description="How many facts come before the question.")
    name: ClassVar[str] = "facts"
    title: ClassVar[str] = "Facts and a question"
    classes: ClassVar[tuple[str, ...]] = THINGS
    stands_for: ClassVar[str] = ("Question answering: find the one place in a text that holds the answer, "
                                 "and read it out.")
    limits: ClassVar[str] = "Real questions need facts that stand in no single sentence; here one lookup answers all."
    metric: ClassVar[str] = "questions answered right"

    @property
    def symbols(self) -> tuple[str, ...]:
        """One token for each fact; binding a person to a thing one token later is far harder to learn."""
        return tuple(f"{person}: {thing}" for person in PEOPLE for thing in THINGS)

    @property
    def example(self) -> str:
        facts = [f"{person} {thing}" for person, thing in zip(PEOPLE, THINGS[::-1])][:self.facts]
        return ", ".join(facts) + f". {PEOPLE[1]}?"

    def signature(self) -> Signature:
        return Signature((("facts", Shape("tokens", (self.facts,), len(self.symbols))),
                          ("question", Shape("tokens", (1,), len(PEOPLE)))),
                         Shape("vector", (len(THINGS),)), "cross_entropy",
                         _n("{count} thing", "{count} things", count=len(THINGS)))

    def draw(self, random: np.random.Generator, count: int) -> SampleBatch:
        people = random.random((count, len(PEOPLE))).argsort(1)[:, :self.facts]  # all different
        things = random.integers(0, len(THINGS), (count, self.facts))
        asked = random.integers(0, self.facts, (count, 1))
        return SampleBatch((people * len(THINGS) + things, np.take_along_axis(people, asked, 1)),
                     np.take_along_axis(things, asked, 1)[:, 0])

    def input_words(self, inputs: tuple[np.ndarray, ...]) -> tuple[tuple[str, ...], ...]:
        facts, question = inputs
        return tuple(self.symbols[fact] for fact in facts), tuple(f"{PEOPLE[person]}?" for person in question)

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        *facts, asked = [*map(str.split, re.split(r"[,.;\n]+", text.lower().strip(" ?.")))] or [[]]
        for words in facts:
            if len(words) != 2:
                raise self.refuse(_("takes facts of two words, a person and a thing"),
                                  _("{names!r} came", names=" ".join(words)))
        if len(facts) != self.facts:
            raise self.refuse(_("takes {facts} facts and then a question", facts=self.facts),
                              _("there are {count} before the last", count=len(facts)))
        people = self.tokens([person for person, _ in facts] + asked, PEOPLE)
        things = self.tokens([thing for _, thing in facts], THINGS)
        if len(set(people[:self.facts].tolist())) < self.facts:
            raise self.refuse(_("takes one thing of each person"), _("somebody is named twice"))
        if len(asked) != 1 or people[-1] not in people[:-1]:
            raise self.refuse(_("takes a question about one of the people named"),
                              _("the question is {names!r}", names=" ".join(asked)))
        return people[:-1] * len(THINGS) + things, people[-1:]

    def solve(self, inputs: tuple[np.ndarray, ...]) -> int:
        facts, question = inputs
        return int(facts[facts // len(THINGS) == question][0] % len(THINGS))

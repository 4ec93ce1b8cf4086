"""Keeping the words that matter: the smallest summary there is."""
from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.tasks.sequence import SampleBatch
from dlviz.tasks.stepwise import Translating
from dlviz.translation import _

CONTENT = ("storm", "bridge", "mayor", "school", "train", "harvest", "river", "doctor", "market", "fire",
           "snow", "concert",
           "vote", "ship", "garden", "prize")
FILLERS = ("the", "a", "and", "so", "then", "well", "very", "of", "just", "um", "was", "there")


class Keywords(Translating):
    """Many words come in, most of them fillers; only those that say something go out, in their order."""

    length: int = Field(default=12, ge=4, le=24, description="How many words come in.")
    keywords: int = Field(default=4, ge=1, le=8, description="How many of them say something.")
    name: ClassVar[str] = "keep"
    classes: ClassVar[tuple[str, ...]] = CONTENT
    title: ClassVar[str] = "Keep the content words"
    stands_for: ClassVar[str] = "Summarization: find the words that matter, skip the others, keep the order."
    limits: ClassVar[str] = ("A real summary finds new words for what matters; here the words to keep are "
                             "always the same sixteen.")
    metric: ClassVar[str] = "summaries without a mistake"

    @property
    def symbols(self) -> tuple[str, ...]:
        return *CONTENT, *FILLERS

    @property
    def example(self) -> str:
        row = [*CONTENT[:self._count], *(FILLERS * 2)[:self.length - self._count]]
        return " ".join(row[(5 * place) % self.length] if self.length % 5 else row[place]
                        for place in range(self.length))

    @property
    def _count(self) -> int:
        return min(self.keywords, self.length)

    @property
    def source_length(self) -> int:
        return self.length

    @property
    def answer_length(self) -> int:
        return self._count

    def draw(self, random: np.random.Generator, count: int) -> SampleBatch:
        row = len(CONTENT) + random.integers(0, len(FILLERS), (count, self.length))
        words = random.integers(0, len(CONTENT), (count, self._count))
        places = np.sort(random.random((count, self.length)).argsort(1)[:, :self._count], axis=1)
        np.put_along_axis(row, places, words, axis=1)
        return self.teacher_forcing(row, words)

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        row = self.encode(text.lower().split(), self.length)
        found = int((row < len(CONTENT)).sum())
        if found != self._count:
            raise self.refuse(_("needs {count} words that say something in each row ({names})", count=self._count,
                                names=", ".join(CONTENT)),
                              _("this one has {found}", found=found))
        return self.free_running(row)

    def solve(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
        return inputs[0][inputs[0] < len(CONTENT)]

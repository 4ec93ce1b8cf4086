"""Lines over the words of a question, with a sentence below them. Knows no run."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dlviz.figures.word_lines import WordLine, word_lines
from dlviz.translation import numeral
from dlviz.views.base import Plot

TALL = 380  # px


@dataclass(frozen=True)
class WordChart:
    """What `dlviz.figures.word_lines` draws, and what the lines say in words."""

    title: str
    words: Sequence[str]
    lines: Sequence[WordLine]
    note: str
    log: bool = False
    digits: int = 2
    start: float | None = None

    def drawing(self) -> tuple[Plot, str]:
        """The figure, and its sentence."""
        of = (self.title, tuple(self.words), *(line.values.tobytes() for line in self.lines))
        return Plot(of, lambda: word_lines(self.title, self.words, self.lines, log=self.log, digits=self.digits,
                                           start=self.start, theme="page"),
                    f"{self.title}: {self.note}", TALL, table=self._table()), self.note

    def _table(self) -> tuple[list[str], list[list[str]]]:
        columns = [["" if np.isnan(value) else numeral(f"{value:.4g}") for value in line.values] for line in self.lines]
        return ["", *(line.name for line in self.lines)], [list(row) for row in zip(self.words, *columns)]

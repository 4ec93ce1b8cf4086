"""Lines over the words of a question, with a sentence below them. Knows no run."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dlviz.figures.word_lines import WordLine, word_lines
from pages.ui.shared import shell
from pages.ui.shared.plot import plot_of

TALL = 380  # px


@dataclass(frozen=True)
class LineChart:
    """What `dlviz.figures.word_lines` draws, and what the lines say in words."""

    title: str
    words: Sequence[str]
    lines: Sequence[WordLine]
    note: str
    log: bool = False
    digits: int = 2
    start: float | None = None


def show(key: str, chart: LineChart, every: float) -> None:
    """Draw it; while the run goes on, each `every` seconds at most."""
    of = (chart.title, tuple(chart.words), *(line.values.tobytes() for line in chart.lines))
    plot_of(key, of, lambda: word_lines(chart.title, chart.words, chart.lines, log=chart.log, digits=chart.digits,
                                        start=chart.start, theme="page"),
            f"{chart.title}: {chart.note}", height=TALL, every=every, table=_table(chart))
    st.caption(shell.plain(chart.note))


def _table(chart: LineChart) -> tuple[list[str], list[list[str]]]:
    columns = [["" if np.isnan(value) else f"{value:.4g}" for value in line.values] for line in chart.lines]
    return ["", *(line.name for line in chart.lines)], [list(row) for row in zip(chart.words, *columns)]

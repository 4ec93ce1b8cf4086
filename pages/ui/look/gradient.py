"""How far back the gradient reaches: its size at each step of a memory, beside that at the end.

Turns what a run answered into charts; asks for nothing itself.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dlviz.figures import states
from dlviz.figures.word_lines import WordLine
from dlviz.probes.recurrent import GradientReach
from dlviz.training.events import QueryResult
from pages.ui.look import lines
from pages.ui.look.attention import words
from pages.ui.look.layer_views import LayerViews
from pages.ui.look.lines import LineChart
from pages.ui.look.texts import texts
from pages.ui.shared.sequence_question import SequenceInput

KEY = "look.gradient"
DASHES = ("solid", "dash", "dot", "longdashdot", "longdash", "dashdot")  # of lines that can be told apart


def show(found: LayerViews, question: SequenceInput, answered: QueryResult, every: float) -> None:
    """A chart for each row that is read; while the run goes on, drawn anew each `every` seconds at most."""
    if question.target is None:
        st.info(texts.UNKNOWN, icon=":material/help:")
    elif not answered.gradients:
        st.caption(texts.APPEARS_FIRST_CAPTURE)
    else:
        for number, made in enumerate(charts(found, question, answered)):
            lines.show(f"{KEY}.{number}" if number else KEY, made, every)


def charts(found: LayerViews, question: SequenceInput, answered: QueryResult) -> list[LineChart]:
    """A chart for each row that is read, and on it a line for each memory that reads it."""
    by_name = {layer_view.name: layer_view for layer_view in found.states}
    paths: dict[tuple[int | None, int], list[GradientCurve]] = {}
    for layer, readings in answered.gradients.items():
        for reading, reach in readings.items():
            name = layer if len(readings) == 1 else f"{layer}, {reading}"
            paths.setdefault((by_name[layer].steps[0], len(reach.sizes)), []).append(GradientCurve(name, reach))
    title = len(paths) > 1
    return [chart(those, words(question, *axis), f"{those[0].name.partition(',')[0]}: " if title else "")
            for axis, those in paths.items()]


@dataclass(frozen=True)
class GradientCurve:
    """How large the gradient is at each step of one memory."""

    name: str
    reach: GradientReach
    color: str = ""  # else by its place

    @property
    def shares(self) -> np.ndarray:
        return states.relative_to_entry(self.reach.sizes, self.reach.entry, self.reach.backwards)


def chart(paths: Sequence[GradientCurve], named: list[str], of: str = "") -> LineChart:
    drawn = [WordLine(path.name, np.maximum(path.shares, states.FAINT), path.color or f"run-{at % len(DASHES)}",
                      DASHES[at % len(DASHES)])
             for at, path in enumerate(paths)]
    one = all(path.reach.entry is not None for path in paths)
    beside = texts.NORM_STEP_WHERE_ENTERS if one else texts.ITS_LARGEST_NORM
    return LineChart(texts.GRADIENT_NORM_EACH_STEP.format(prefix=of, beside=beside), named, drawn,
                     " ".join(sentence(path, named) for path in paths), log=True)


def sentence(path: GradientCurve, named: list[str]) -> str:
    """What is left of a gradient when it has come back to the step that was read first."""
    sizes, entry, backwards = path.reach.sizes, path.reach.entry, path.reach.backwards
    if not sizes.any():
        return texts.GRADIENT_ZERO_EVERYWHERE.format(name=path.name)
    if entry is None:
        most = int(sizes.argmax())
        return texts.GRADIENT_LARGEST_STEP.format(name=path.name, most=most + 1, word=named[most])
    end, word = (len(sizes) - 1, "last") if backwards else (0, "first")
    if entry == end:
        return texts.GRADIENT_ENTERS_STEP_WHICH.format(name=path.name, which=word)
    left = path.shares[end]
    way = texts.TO_THE_STEP.format(which=word) + texts.WHICH_READ_FIRST * backwards
    if left > 3:
        return texts.GRADIENT_GROWS_TIMES_WAY.format(name=path.name, factor=left, addition=way)
    return texts.GRADIENT_COMES_BACK.format(name=path.name, fraction=share(left), addition=way)


def share(left: float) -> str:
    """0.034 -> '3 %'; 0.00002 -> '1 part in 50,000'."""
    if left >= 0.01:
        return f"{100 * left:.0f} %"
    if left <= states.FAINT:
        return "nothing"
    parts = 1 / left
    digits = int(np.floor(np.log10(parts)))
    return texts.PART_IN.format(round=round(parts, -digits)) if digits < 9 else texts.LESS_THAN_BILLIONTH

"""How far back the gradient reaches: its size at each step of a memory, beside that at the end."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dlviz.figures import states
from dlviz.figures.word_lines import WordLine
from dlviz.network import NetworkReport
from dlviz.probes.recurrent import GradientReach
from dlviz.tasks import Task
from dlviz.training.events import QueryResult
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choices, Drawing, Notice, Observation, Subject, View
from dlviz.views.layers import ShownLayers, shown_layers
from dlviz.views.lines import WordChart
from dlviz.views.question import SequenceInput, step_words
from dlviz.views.texts import texts

DASHES = ("solid", "dash", "dot", "longdashdot", "longdash", "dashdot")  # of lines that can be told apart


class Gradients(View):
    key = "gradients"
    title = _("Gradient")
    sentence = _("How large the gradient is at each step on its way back through time.")
    words = _("""
In training the gradient of the loss flows back through all steps (**backpropagation through time**) and is
multiplied at each. Each line shows the norm of the **gradient** of a recurrent layer's state at each step,
relative to its norm where the gradient enters. The scale is logarithmic: each grid line down is ten times less.
Where the gradient has vanished, the network cannot learn from that step (**vanishing gradient**). The loss is
that of the last prediction; a layer that reads **backwards** goes back through time towards the end of the
sequence, so for it the first prediction counts. Where attention or a layer above brings the gradient in at many
steps, a line is relative to its largest norm. Layers that read different sequences have a chart each. For an
LSTM the gradient of its cell state is shown, for the others that of the hidden state.
""")
    formula = (r"\frac{\partial L}{\partial h_t} = \frac{\partial L}{\partial h_T} "
               r"\prod_{k=t+1}^{T} \frac{\partial h_k}{\partial h_{k-1}}")
    icon = ":material/trending_down:"
    places = ("look",)
    order = 160

    def suits(self, report: NetworkReport, task: Task) -> tuple[str, ...]:
        return tuple(layer.name for layer in shown_layers(report).states)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(gradients=self.suits(subject.report, subject.task))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing | tuple[Drawing, ...]:
        """A chart for each row that is read."""
        if subject.asked.target is None:
            return Notice(texts.UNKNOWN)
        if not observation.answered.gradients:
            return texts.APPEARS_FIRST_CAPTURE
        found = charts(shown_layers(subject.report), subject.asked, observation.answered)
        return tuple(part for chart in found for part in chart.drawing())


def charts(shown: ShownLayers, question: SequenceInput, answered: QueryResult) -> list[WordChart]:
    """A chart for each row that is read, and on it a line for each memory that reads it."""
    by_name = {layer.name: layer for layer in shown.states}
    paths: dict[tuple[int | None, int], list[GradientCurve]] = {}
    for layer, readings in answered.gradients.items():
        for reading, reach in readings.items():
            name = layer if len(readings) == 1 else f"{layer}, {reading}"
            paths.setdefault((by_name[layer].steps[0], len(reach.sizes)), []).append(GradientCurve(name, reach))
    title = len(paths) > 1
    return [chart(those, step_words(question, *axis), those[0].name.partition(",")[0] if title else "")
            for axis, those in paths.items()]


@dataclass(frozen=True)
class GradientCurve:
    """How large the gradient is at each step of one memory."""

    name: str
    reach: GradientReach
    color: str = ""  # else by its place

    @property
    def fractions(self) -> np.ndarray:
        return states.relative_to_entry(self.reach.sizes, self.reach.entry, self.reach.backwards)


def chart(paths: Sequence[GradientCurve], named: list[str], of: str = "") -> WordChart:
    drawn = [WordLine(path.name, np.maximum(path.fractions, states.FAINT), path.color or f"run-{at % len(DASHES)}",
                      DASHES[at % len(DASHES)])
             for at, path in enumerate(paths)]
    one = all(path.reach.entry is not None for path in paths)
    title = texts.NORM_TO_ENTRY if one else texts.NORM_TO_LARGEST
    if of:
        title = (texts.NAMED_NORM_TO_ENTRY if one else texts.NAMED_NORM_TO_LARGEST).format(name=of)
    return WordChart(title, named, drawn,
                     " ".join(sentence(path, named) for path in paths), log=True)


def sentence(path: GradientCurve, named: list[str]) -> str:
    """What is left of a gradient when it has come back to the step that was read first."""
    sizes, entry, backwards = path.reach.sizes, path.reach.entry, path.reach.backwards
    if not sizes.any():
        return texts.GRADIENT_ZERO_EVERYWHERE.format(name=path.name)
    if entry is None:
        most = int(sizes.argmax())
        return texts.GRADIENT_LARGEST_STEP.format(name=path.name, most=most + 1, word=named[most])
    end = len(sizes) - 1 if backwards else 0
    if entry == end:
        return (texts.ENTERS_AT_LAST if backwards else texts.ENTERS_AT_FIRST).format(name=path.name)
    left = path.fractions[end]
    if left > 3:
        return (texts.GROWS_TO_LAST if backwards else texts.GROWS_TO_FIRST).format(name=path.name, factor=left)
    return (texts.COMES_BACK_TO_LAST if backwards else texts.COMES_BACK_TO_FIRST).format(name=path.name,
                                                                                        fraction=percentage(left))


def percentage(left: float) -> str:
    """0.034 -> '3 %'; 0.00002 -> '1 part in 50,000'."""
    if left >= 0.01:
        return f"{100 * left:.0f} %"
    if left <= states.FAINT:
        return texts.NOTHING
    parts = 1 / left
    digits = int(np.floor(np.log10(parts)))
    return texts.PART_IN.format(round=round(parts, -digits)) if digits < 9 else texts.LESS_THAN_BILLIONTH

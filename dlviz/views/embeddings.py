"""Embeddings: what stands for each symbol, seen from its widest side."""
from __future__ import annotations

import numpy as np

from dlviz import english, layers
from dlviz.figures import embedding
from dlviz.network import NetworkReport
from dlviz.tasks import Task
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choice, Choices, Drawing, Observation, Plot, Subject, View
from dlviz.views.layers import ShownLayer, layer_choice, shown_layers
from dlviz.views.question import SequenceInput, visible
from dlviz.views.texts import texts

TALL = 460  # px


class Embeddings(View):
    key = "embeddings"
    title = _("Embeddings")
    sentence = _("Each symbol as a point: similar symbols lie close together.")
    words = _("""
A network computes with numbers, so each symbol has a vector that is learned (its **embedding**). These vectors
have many dimensions; here they are projected onto the directions of the largest variance (**PCA**, principal
component analysis). Symbols that the network has to treat alike often come to lie close together; those that
it must tell apart move apart.
""")
    icon = ":material/bubble_chart:"
    places = ("look",)
    order = 180

    def suits(self, report: NetworkReport, task: Task) -> tuple[str, ...]:
        return tuple(layer.name for layer in shown_layers(report).embeddings)

    def choices(self, subject: Subject) -> tuple[Choice, ...]:
        return (layer_choice("table", shown_layers(subject.report).embeddings),)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(weights=(choices["table"],))

    def refinements(self, subject: Subject, observation: Observation, choices: Choices) -> tuple[Choice, ...]:
        if choices["table"] not in observation.answered.weights:
            return ()
        return (Choice("dimensions", texts.DIMENSIONS, (2, 3), ("2-D", "3-D"), kind="segments"),)

    def remember(self, past: embedding.Projection | None, subject: Subject, observation: Observation,
                 choices: Choices) -> embedding.Projection | None:
        """The projection, turned to be as near as can be to the one before, so that points glide."""
        table = observation.answered.weights.get(choices["table"])
        if table is None:
            return past
        dimensions = choices["dimensions"]
        before = past.points if past is not None and past.points.shape == (len(table), dimensions) else None
        return embedding.project(table, before, dimensions)

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing | tuple[Drawing, ...]:
        table, question = observation.answered.weights.get(choices["table"]), subject.asked
        if table is None:
            return texts.APPEARS_FIRST_CAPTURE
        found = observation.past or embedding.project(table, None, choices["dimensions"])
        symbols, used = marked(subject.task, shown_layers(subject.report).embedding(choices["table"]), question,
                               len(table))
        flat = None if choices["dimensions"] == 2 else lambda: embedding.scatter(
            embedding.project(table), symbols, used, theme="page")
        return (Plot((observation.run, table.tobytes(), tuple(used), choices["dimensions"]),
                     lambda: embedding.scatter(found, symbols, used, theme="page"),
                     texts.SYMBOLS_POINTS.format(count=len(symbols), used=sum(used)), TALL, flat),
                texts.NEAR_MEANS_ALIKE.format(percent=english.percent(found.explained_variance, 0)))

    def equation(self, subject: Subject, choices: Choices) -> str:
        return layers.get(subject.report.layer(choices["table"]).kind).formula


def marked(task: Task, layer: ShownLayer, question: SequenceInput, size: int) -> tuple[list[str],
                                                                                                   list[bool]]:
    """A word for each symbol, and whether it is in the question."""
    source = layer.steps[0]
    used = set() if source is None else set(np.unique(question.inputs[source]).tolist())
    return vocabulary(task, question, source, size), [number in used for number in range(size)]


def vocabulary(task: Task, question: SequenceInput, source: int | None, size: int) -> list[str]:
    """A word for each token of an input: what the task calls it, else its number."""
    if source is None:
        return [str(token) for token in range(size)]
    inputs = (*question.inputs[:source], np.arange(size), *question.inputs[source + 1:])
    named = task.input_words(inputs)[source]
    return visible(named) if len(named) == size else [str(token) for token in range(size)]

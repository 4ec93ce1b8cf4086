"""Positions: what stands for each place of a sequence, as a picture, and how alike these patterns are."""
from __future__ import annotations

from typing import Any, cast

import numpy as np

from dlviz import layers
from dlviz.figures import embedding, packing, states
from dlviz.network import NetworkReport
from dlviz.tasks import Task
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choice, Choices, Drawing, Observation, Subject, View
from dlviz.views.layers import ShownLayer, layer_choice, shown_layers
from dlviz.views.question import SequenceInput, step_words
from dlviz.views.texts import texts


class Positions(View):
    key = "positions"
    title = _("Positions")
    sentence = _("The encoding added at each position, and how similar the encodings of two positions are.")
    words = _("""
Attention by itself does not know the order of its inputs. So a vector is added to each symbol, another one for
each position (**positional encoding**). In the first picture each row is the encoding of one position. The
second shows how similar the encodings of any two positions are (their **dot product**, divided by the largest):
if neighbours are more similar than others, the network can tell near from far.
""")
    icon = ":material/pin:"
    places = ("look",)
    order = 170
    script = "look/positions.js"

    def suits(self, report: NetworkReport, task: Task) -> tuple[str, ...]:
        return tuple(layer.name for layer in shown_layers(report).positions)

    def choices(self, subject: Subject) -> tuple[Choice, ...]:
        return (layer_choice("table", shown_layers(subject.report).positions),)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(weights=(choices["table"],))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing:
        table = observation.answered.weights.get(choices["table"])
        if table is None:
            return texts.APPEARS_FIRST_CAPTURE
        if _encoding(subject, choices) == "none":
            return texts.NOTHING_SHOW_NETWORK_HAS
        return payload(shown_layers(subject.report).position(choices["table"]), subject.asked, table)

    def equation(self, subject: Subject, choices: Choices) -> str:
        waves = _encoding(subject, choices) == "sinusoidal"
        return layers.get(subject.report.layer(choices["table"]).kind).formula if waves else r"y_t = x_t + P_t"


def _encoding(subject: Subject, choices: Choices) -> str:
    spec = subject.report.network.layer(choices["table"])
    layer = layers.declare(spec.kind, spec.fields)
    return getattr(layer, cast(str, layer.position_field))  # a layer without one has no such view


def payload(layer: ShownLayer, question: SequenceInput, table: np.ndarray) -> dict[str, Any]:
    """The table `(T, D)` and how alike its rows are."""
    return {"table": packing.floats(table), "size": list(table.shape),
            "span": states.span(table), "alike": packing.floats(embedding.similarity(table)),
            "words": step_words(question, layer.steps[0], len(table))}

"""What a network would answer after each step, below what it reads."""
from __future__ import annotations

from typing import Any

import numpy as np

from dlviz.figures import packing, states
from dlviz.network import NetworkReport
from dlviz.tasks import Task
from dlviz.translation import _
from dlviz.views.answers import signal
from dlviz.views.base import CaptureRequest, Choices, Drawing, Observation, Subject, View
from dlviz.views.layers import ShownLayer, gives_last_step, shown_layers
from dlviz.views.question import SequenceInput, step_words, visible
from dlviz.views.texts import texts


class Guesses(View):
    key = "guesses"
    title = _("Readout over time")
    sentence = _("What the network would predict after each step.")
    words = _("""
This network reads a sequence step by step and predicts at the end: its last layers, the **readout**, were
trained only there. The same readout can be applied to earlier states, and each column is what it makes of one.
That shows what the state holds; it is not a prediction of the network: an early state may hold everything that
is needed in a form that the readout has not learned to read. Trust the last column, and see from where on the
others agree with it.
""")
    formula = r"\hat{y}_t = f(x_1, \dots, x_t)"
    icon = ":material/timeline:"
    places = ("look",)
    order = 130
    script = "look/guesses.js"

    def suits(self, report: NetworkReport, task: Task) -> bool:
        """A forecast after fewer values would be one of another moment."""
        return bool(shown_layers(report).guesses) and task.forecast is None

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(readouts=True)

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing | tuple[Drawing, ...]:
        readouts = observation.answered.readouts
        if readouts is None:
            return texts.APPEARS_FIRST_CAPTURE
        layer = shown_layers(subject.report).guesses[-1]
        reads = gives_last_step(subject.report.network.layer(layer.name))
        return (payload(subject.task, layer, subject.asked, readouts),
                texts.STEP_BY_STEP.format(layer=layer.name) if reads else texts.AT_ONCE)


def payload(task: Task, layer: ShownLayer, question: SequenceInput, guesses: np.ndarray) -> dict[str, Any]:
    """What is sent: the answers `(T, classes)` as rows, what was read then, when it was decided."""
    source = layer.steps[0]
    read = signal(question.inputs[source]) if source is not None and not task.downwards else None
    data = {"values": packing.floats(guesses.T), "steps": len(guesses), "read": read,
            "words": step_words(question, source, len(guesses))}
    if task.signature().loss == "mse":
        target = None if question.target is None else np.ravel(question.target).astype(float).tolist()
        return data | {"form": "numbers", "target": target, "span": states.span(guesses)}
    names = visible(task.to_words(np.arange(guesses.shape[1])))
    target = None if question.target is None else int(question.target)
    return data | {"form": "classes", "classes": names, "prediction": int(guesses[-1].argmax()), "target": target,
                   "settled": states.stable_from(guesses)}

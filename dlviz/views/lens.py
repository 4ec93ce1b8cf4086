"""The logit lens: which symbol each layer already holds likeliest, before the layers behind it have spoken."""
from __future__ import annotations

import numpy as np

from dlviz import layers
from dlviz.network import NetworkReport
from dlviz.tasks import Task
from dlviz.tasks.presentation import IGNORE
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choices, Drawing, Json, Observation, Subject, View
from dlviz.views.question import SequenceInput, visible
from dlviz.views.texts import texts


class LogitLens(View):
    key = "lens"
    title = _("Logit lens")
    sentence = _("What the network would predict at each symbol if it stopped after an earlier layer.")
    words = _("""
Each block of a transformer adds something to the vector of every symbol, which runs through all of them: the
**residual stream**. The last layers turn that vector into probabilities. The **logit lens** lets them read it earlier,
behind each block: one sees a prediction form from the bottom to the top. Early layers often still name the symbol
itself or what commonly follows it; later ones use the context.
""")
    formula = r"p^{(\ell)} = \text{softmax}\left(W\,\text{LN}(x^{(\ell)})\right)"
    icon = ":material/layers:"
    places = ("look",)
    order = 126
    script = "language/lens.js"

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return bool(task.classes) and len(read_layers(report)) > 1

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(lens=read_layers(subject.report))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing:
        early = observation.answered.lens
        return payload(subject.task, subject.asked, dict(early)) if early else texts.APPEARS_FIRST_CAPTURE


def read_layers(report: NetworkReport) -> tuple[str, ...]:
    """The layers of one shape up to the last attention, where a plain row of layers follows it; else none."""
    attending = [place for place, layer in enumerate(report.layers) if layers.get(layer.kind).attends]
    if not report.ok or not attending or report.signature.out_shape.kind != "sequence":
        return ()
    last = attending[-1]
    behind = report.layers[last + 1:]
    before = [layer.name for layer in report.layers[last:]]
    if not behind or any(layer.inputs != (name,) for layer, name in zip(behind, before)):
        return ()
    shape = report.layers[last].out_shape
    return tuple(layer.name for layer in report.layers[:last + 1] if layer.out_shape == shape)


def payload(task: Task, question: SequenceInput, early: dict[str, np.ndarray]) -> Json:
    """For each layer, the last on top, the likeliest symbol at each step and its probability; the target in words."""
    words = visible(task.classes)
    rows = [{"layer": name, "words": [words[token] for token in chances.argmax(1)],
             "probabilities": np.round(chances.max(1), 3).tolist()} for name, chances in early.items()]
    steps = len(rows[0]["words"])
    row = question.words[-1] if len(question.words[-1]) == steps else ()
    return {"rows": rows[::-1], "inputs": visible(row) if row else [str(step + 1) for step in range(steps)],
            "targets": _targets(question, words, steps)}


def _targets(question: SequenceInput, words: list[str], steps: int) -> list[str]:
    """The word that should be named at each step; empty where nobody says."""
    if not isinstance(question.target, np.ndarray) or question.target.shape != (steps,):
        return [""] * steps
    return [words[token] if token != IGNORE else "" for token in question.target]

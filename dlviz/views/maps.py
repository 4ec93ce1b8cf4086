"""What one layer gives for one test sample: feature maps, or the numbers of a vector."""
from __future__ import annotations

import numpy as np

from dlviz import layers
from dlviz.network import LayerReport, NetworkReport
from dlviz.tasks import Modality, Task
from dlviz.training.events import Captured
from dlviz.translation import _
from dlviz.views import pictures
from dlviz.views.base import CaptureRequest, Choice, Choices, Json, Observation, Subject, View
from dlviz.views.texts import texts


class Maps(View):
    key = "maps"
    title = _("Feature maps")
    sentence = _("The output of a layer for a test sample, one image for each channel.")
    places = ("train", "film")
    order = 10
    script = pictures.SCRIPT

    def suits(self, report: NetworkReport, task: Task) -> tuple[str, ...]:
        return tuple(layer.name for layer in report.layers)

    def choices(self, subject: Subject) -> tuple[Choice, ...]:
        words = tuple(f"{layer.name} · {layer.kind} · {layer.out_shape}" for layer in subject.report.layers)
        return (Choice("layer", texts.LAYER, self.suits(subject.report, subject.task), words, usual(subject.report)),)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(outputs=(choices["layer"],))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Json:
        captured, layer = observation.captured, choices["layer"]
        blocks = []
        if subject.task.modality is Modality.IMAGE and subject.task.classes:
            blocks.append(pictures.sample(subject.task, captured.sample if captured else observation.sample,
                                          captured.probabilities if captured else None))
        if captured and layer in captured.outputs:
            blocks.append(pictures.once(captured, layer, observation.dark, _block))
        return {"blocks": blocks}

    def frame(self, subject: Subject, observation: Observation, choices: Choices) -> tuple[str, np.ndarray]:
        assert observation.captured is not None
        layer = choices["layer"]
        return texts.OUTPUT_OF.format(layer=layer), np.asarray(observation.captured.outputs[layer])


def _block(captured: Captured, layer: str, dark: bool | None) -> pictures.Block:
    output = np.asarray(captured.outputs[layer])
    noun = "number" if output.ndim == 1 else "map"
    return pictures.maps(output, noun=noun, note=pictures.note(output, noun, captured.step), dark=dark)


def usual(report: NetworkReport) -> str:
    """The first activation: what the first layer has found, after its say."""
    def bends(layer: LayerReport) -> bool:
        return layers.get(layer.kind).family == "activation"

    return next((layer.name for layer in report.layers if bends(layer)), report.layers[0].name)

"""The weights of the first layer as pictures of what each neuron or kernel looks for."""
from __future__ import annotations

from dlviz.figures import first_weights
from dlviz.figures.first_weights import FirstLayer
from dlviz.network import NetworkReport
from dlviz.tasks import Modality, Task
from dlviz.training.events import Captured
from dlviz.translation import _
from dlviz.views import pictures
from dlviz.views.base import CaptureRequest, Choices, Json, Observation, Subject, View
from dlviz.views.texts import texts


class Weights(View):
    key = "weights"
    title = _("First-layer weights")
    sentence = _("The weights of each neuron or kernel of the first layer, arranged like the input image.")
    order = 20
    script = pictures.SCRIPT

    def suits(self, report: NetworkReport, task: Task) -> bool:
        """Of a picture alone: what else a network is given is not arranged like one."""
        return task.modality is Modality.IMAGE and len(report.signature.inputs) == 1

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        first = first_weights.first_layer(subject.report)
        return CaptureRequest(weights=(first.name,)) if first else CaptureRequest()

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Json | str:
        first, captured = first_weights.first_layer(subject.report), observation.captured
        if first is None:
            return texts.FIRST_LAYER_NETWORK_DOES
        if captured is None or first.name not in captured.weights:
            return observation.nothing_yet
        return {"blocks": [pictures.once(captured, first, observation.dark, _block)]}


def _block(captured: Captured, first: FirstLayer, dark: bool | None) -> pictures.Block:
    weight = captured.weights[first.name]
    maps = first_weights.pictures(weight, first)
    noun = "neuron" if weight.ndim == 2 else "kernel"
    return pictures.maps(maps, noun=noun, note=pictures.note(maps, noun, captured.step, first.name), dark=dark)

"""How the weights of any layer are spread, and how the gradient of one test sample is."""
from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dlviz.figures import weight_values
from dlviz.network import NetworkReport, attributes
from dlviz.tasks import Task
from dlviz.training.events import Captured
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choice, Choices, Drawing, Observation, Plot, Subject, View
from dlviz.views.choosable import about
from dlviz.views.texts import texts

MOST = 200_000  # parameters: all of them come out of the run at each capture
HEIGHT = 300  # px


class LayerWeights(View):
    key = "layer_weights"
    title = _("Weights of a layer")
    sentence = _("How the weights of a layer are spread, and how the gradient of one test sample is.")
    order = 58

    def suits(self, report: NetworkReport, task: Task) -> tuple[str, ...]:
        return tuple(layer.name for layer in report.layers if 0 < layer.cost.parameters <= MOST)

    def choices(self, subject: Subject) -> tuple[Choice, ...]:
        names = self.suits(subject.report, subject.task)
        words = tuple(about(subject.report.layer(name)) for name in names)
        return (Choice("layer_weights.layer", texts.LAYER, names, words),)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(parameters=(choices["layer_weights.layer"],))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing | tuple[Drawing, ...]:
        captured, layer = observation.captured, choices["layer_weights.layer"]
        start = f"{attributes(subject.experiment.network.names())[layer]}."
        weights = _values(captured.parameters, start) if captured else None
        if captured is None or weights is None:
            return observation.nothing_yet
        gradient = _values(captured.gradients, start)
        note = _note(captured, layer, weights, gradient)
        values = [weights] if gradient is None else [weights, gradient]
        titles = [texts.WEIGHTS_OF.format(layer=layer), texts.GRADIENT_OF.format(layer=layer)][:len(values)]
        return Plot((observation.run, captured.step, captured.sample, layer),
                    lambda: weight_values.histograms(titles, values, theme="page"), note, HEIGHT), note


def _values(found: Mapping[str, np.ndarray], start: str) -> np.ndarray | None:
    """All numbers of one layer in a row; None where nothing of it was captured."""
    parts = [np.ravel(value) for key, value in found.items() if key.startswith(start)]
    return np.concatenate(parts) if parts else None


def _note(captured: Captured, layer: str, weights: np.ndarray, gradient: np.ndarray | None) -> str:
    found = texts.SPREAD_AFTER.format(count=weights.size, layer=layer, step=captured.step, mean=float(weights.mean()),
                                      deviation=float(weights.std()))
    if gradient is None:
        return found
    return f"{found} {texts.GRADIENT_NORM.format(norm=float(np.linalg.norm(gradient)), sample=captured.sample)}"

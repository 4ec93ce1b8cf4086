"""Whether the network's probabilities can be believed: the reliability diagram of the last evaluation."""
from __future__ import annotations

from dlviz.figures.calibration import describe, reliability_diagram
from dlviz.network import NetworkReport
from dlviz.tasks import Task
from dlviz.training.events import FEW_CLASSES
from dlviz.translation import _
from dlviz.views.base import Beside, CaptureRequest, Choices, Observation, Plot, Subject, View

HEIGHT = 420  # px
READING = _("On the dashed diagonal a prediction is correct as often as its probability says. Where the bars end "
            "below it, the network is too sure of itself; above it, not sure enough. Below: how many samples are in "
            "each bin.")


class CalibrationView(View):
    key = "calibration"
    title = _("Calibration")
    sentence = _("How often predictions are correct, against how sure the network is of them.")
    order = 45

    def suits(self, report: NetworkReport, task: Task) -> bool:
        signature = task.signature()
        out = signature.out_shape
        return signature.loss == "cross_entropy" and out.kind == "vector" and out.numel <= FEW_CLASSES

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(evaluation=True)

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Beside | str:
        found = observation.evaluations[-1].calibration if observation.evaluations else None
        if found is None:
            return observation.nothing_yet
        plot = Plot((observation.run, observation.evaluations[-1].step, found.confidence.tobytes()),
                    lambda: reliability_diagram(found, theme="page"), describe(found), HEIGHT)
        return Beside((plot,), (observation.evaluated, f"{describe(found)}.", str(READING)))

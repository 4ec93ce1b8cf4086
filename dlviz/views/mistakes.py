"""The most confident mistakes of the last evaluation, as cards."""
from __future__ import annotations

from dlviz.figures import mistakes
from dlviz.network import NetworkReport
from dlviz.tasks import Modality, Task
from dlviz.translation import _
from dlviz.views import pictures
from dlviz.views.base import CaptureRequest, Choices, Json, Observation, Subject, View
from dlviz.views.texts import texts


class Mistakes(View):
    key = "mistakes"
    title = _("Mistakes")
    sentence = _("The wrong predictions with the highest probability, on validation samples.")
    order = 50
    script = pictures.SCRIPT

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return task.modality is Modality.IMAGE and bool(task.classes)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(evaluation=True)

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Json | str:
        if not observation.evaluations:
            return observation.nothing_yet
        task = subject.task
        cards = mistakes.cards(observation.mistakes, task.classes, lambda index: task.picture("val", index))
        note = texts.MOST_CONFIDENT_MISTAKES if cards else texts.NO_MISTAKES
        return {"blocks": [pictures.gallery(cards, note + observation.evaluated)]}

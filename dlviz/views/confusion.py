"""What was taken for what in the last evaluation: the confusion matrix, its commonest mix-ups beside it."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dlviz.figures.confusion import describe, heatmap, times, top_confusions
from dlviz.network import NetworkReport
from dlviz.tasks import Modality, Task
from dlviz.translation import _
from dlviz.views.base import Beside, CaptureRequest, Choices, Numbered, Observation, Plot, Subject, View
from dlviz.views.texts import texts

COMMON = 6  # mix-ups beside the figure
ROW, AROUND = 27, 120  # px of a class, and of what is around them
LOWEST, TALLEST = 300, 900  # px


class ConfusionView(View):
    key = "confusion"
    title = _("Confusion")
    sentence = _("How often each class was predicted as each other class.")
    order = 40

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return bool(task.classes) and task.modality in (Modality.IMAGE, Modality.POINTS)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(evaluation=True)

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Beside | str:
        if observation.confusion is None:
            return observation.nothing_yet
        return drawing(observation.confusion, subject.task.classes, observation.evaluated)


def drawing(matrix: np.ndarray, classes: Sequence[str], note: str) -> Beside:
    """The matrix int `(classes, classes)`, targets in rows; `note` says what was evaluated."""
    plot = Plot((matrix.tobytes(), tuple(classes)), lambda: heatmap(matrix, classes, theme="page"),
                describe(matrix, classes), min(TALLEST, max(LOWEST, AROUND + ROW * len(classes))),
                table=(("target", *classes), [(name, *row) for name, row in zip(classes, matrix.tolist())]))
    rows = tuple(f"{target} → {prediction}, {times(count)}"
                 for target, prediction, count in top_confusions(matrix, classes, COMMON))
    return Beside((plot,), (note, Numbered(texts.COMMON_CONFUSIONS, rows)) if rows else (note,))

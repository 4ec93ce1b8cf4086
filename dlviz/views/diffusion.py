"""From noise to a picture: what a network that takes noise off draws when it is asked for something."""
from __future__ import annotations

import numpy as np

from dlviz.figures import packing
from dlviz.network import NetworkReport
from dlviz.probes.patterns import PatternWatch
from dlviz.tasks import Task
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choice, Choices, Json, Observation, Range, Subject, View, Widget

ALL = -1
VARIANTS = 6  # pictures of one kind, each from noise of its own


class DiffusionPhrases:
    DRAW_ME = _("Draw")
    ONE_OF_EACH = _("one of each")
    NOISE_NUMBER = _("Noise")
    EACH_NUMBER_IS_OTHER_NOISE = _("Each number is other noise to begin with.")
    FROM_NOISE_TO_PICTURE = _("From noise on the left to the drawn picture on the right, with the weights after step "
                              "{step:,}.")


phrases = DiffusionPhrases()


class DiffusionStrips(View):
    key = "diffusion"
    title = _("From noise to picture")
    sentence = _("The network starts from noise and is told what to draw: each row from left to right takes noise off.")
    words = _("""
The network was only ever asked what a noisy picture looks like without its noise, or what its noise is: the one follows
from the other. Here it starts from nothing but
**noise**, and is told which digit it is to find in it. Its first answer is a blur; a little of it is put into the
picture and a little noise taken out, and it is asked again. After twenty such steps a digit is left that nobody has
written. Other noise becomes another digit of the same kind.
""")
    formula = r"x_{t'} = \sqrt{\bar\alpha_{t'}}\,\hat{x}_0 + \sqrt{1-\bar\alpha_{t'}}\;\hat\varepsilon"
    icon = ":material/brush:"
    places = ("train", "draw", "film")
    order = 2
    script = "patterns/strips.js"

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return task.diffusion is not None

    def choices(self, subject: Subject) -> tuple[Widget, ...]:
        groups = subject.task.groups
        return (Choice("diffusion.group", phrases.DRAW_ME, (ALL, *range(len(groups))), (phrases.ONE_OF_EACH, *groups),
                       ALL, kind="segments"),
                Range("diffusion.seed", phrases.NOISE_NUMBER, 0, 50, 1, 0, phrases.EACH_NUMBER_IS_OTHER_NOISE))

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(patterns=PatternWatch(drawn=_groups(subject.task, choices),
                                                    seed=int(choices["diffusion.seed"])))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Json | str:
        found = observation.result or observation.captured
        if found is None or found.patterns is None or found.patterns.drawn is None:
            return observation.note or observation.nothing_yet
        groups, drawn = _groups(subject.task, choices), found.patterns.drawn
        if len(drawn) != len(groups):
            return observation.nothing_yet
        rows = [{"name": subject.task.groups[group], "levels": [packing.levels(frame) for frame in strip]}
                for group, strip in zip(groups, drawn)]
        return {"size": list(drawn.shape[2:]), "rows": rows,
                "note": phrases.FROM_NOISE_TO_PICTURE.format(step=found.step)}

    def frame(self, subject: Subject, observation: Observation, choices: Choices) -> tuple[str, np.ndarray]:
        captured = observation.captured
        assert captured is not None and captured.patterns is not None and captured.patterns.drawn is not None
        return str(self.title), captured.patterns.drawn[:, -1].astype(np.float32) / 255


def _groups(task: Task, choices: Choices) -> tuple[int, ...]:
    """What is drawn, a row each."""
    chosen = choices["diffusion.group"]
    return tuple(range(len(task.groups))) if chosen == ALL else (int(chosen),) * VARIANTS

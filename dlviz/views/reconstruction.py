"""What comes out beside what went in, where answers are pictures."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dlviz.figures import packing
from dlviz.memoize import memoize
from dlviz.network import NetworkReport
from dlviz.probes.patterns import PatternWatch
from dlviz.tasks import Task
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choices, Json, Observation, Subject, View


class ReconstructionPhrases:
    IN_ABOVE_OUT_BELOW = _("Above what goes in, below what comes out, and last what should come out where that is "
                           "another picture. After step {step:,}; the first is the chosen test sample.")
    MEAN_SQUARED_ERROR = _("{off:.3f}")
    OUT_OF_DRAWING = _("What goes in, and what comes out {when}.")


phrases = ReconstructionPhrases()


class Reconstruction(View):
    key = "reconstruction"
    title = _("Input and output")
    sentence = _("The picture that goes in, and below it the picture that the network makes of it.")
    icon = ":material/compare:"
    places = ("train", "film")
    order = 4
    script = "patterns/pairs.js"

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return pictured(task)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(outputs=(last_layer(subject),), patterns=PatternWatch(one_of_each(subject.task)))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Json | str:
        captured = observation.captured
        if captured is None or captured.probabilities is None or captured.patterns is None:
            return observation.nothing_yet
        asked, answers = one_of_each(subject.task), captured.patterns.examples
        samples = [(captured.sample, captured.probabilities)]
        if answers is not None and len(answers) == len(asked):
            samples += list(zip(asked, answers))
        cards = [_card(subject.task, index, np.asarray(answer)) for index, answer in samples]
        return {"cards": cards, "note": phrases.IN_ABOVE_OUT_BELOW.format(step=captured.step)}

    def frame(self, subject: Subject, observation: Observation, choices: Choices) -> tuple[str, np.ndarray]:
        captured = observation.captured
        assert captured is not None and captured.probabilities is not None
        return str(self.title), np.asarray(captured.probabilities, np.float32)


class DrawnReconstruction(View):
    key = "drawn_reconstruction"
    title = _("Input and output")
    sentence = _("The picture that goes in, and the picture that the network makes of it.")
    icon = ":material/compare:"
    places = ("draw",)
    order = 4
    script = "patterns/pairs.js"

    def suits(self, report: NetworkReport, task: Task) -> bool:
        """Where somebody can draw what goes in; a network that draws is not given a drawing."""
        return pictured(task) and task.diffusion is None

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Json | str:
        """Empty before the first stroke."""
        result = observation.result
        if result is None:
            return {"cards": [], "note": observation.note or observation.hint or observation.nothing_yet}
        given = [] if observation.given is None else [observation.given]
        card = _pictures([*given, subject.task.to_picture(result.probabilities)])
        return {"cards": [card | {"title": "", "error": "", "index": -1}],
                "note": phrases.OUT_OF_DRAWING.format(when=observation.when)}


def pictured(task: Task) -> bool:
    """Whether a picture goes in and a picture comes out."""
    signature = task.signature()
    return signature.out_shape.kind == "image" and signature.inputs[0][1].kind == "image"


def last_layer(subject: Subject) -> str:
    return subject.report.layers[-1].name


@memoize(maxsize=16)
def one_of_each(task: Task) -> tuple[int, ...]:
    """The first test sample of each group, in their order."""
    labels = task.group_labels("test")
    if labels is None:
        return tuple(range(min(10, task.size("test"))))
    places = (np.flatnonzero(labels == group) for group in range(len(task.groups)))
    return tuple(int(found[0]) for found in places if len(found))


def picture_cards(task: Task, samples: Sequence[int]) -> list[Json]:
    """Test samples as they are."""
    return [_pictures([task.picture("test", index)]) | {"title": _named(task, index), "error": "", "index": index}
            for index in samples]


def _card(task: Task, index: int, answer: np.ndarray) -> Json:
    """A test sample with what the network makes of it; and what it should be, where that is not what goes in."""
    _, target = task.sample("test", index)
    shown = [task.picture("test", index), task.to_picture(answer)]
    if not np.array_equal(expected := task.to_picture(np.asarray(target)), shown[0]):
        shown.append(expected)
    off = float(np.mean(np.square(answer - np.asarray(target))))
    return _pictures(shown) | {"title": _named(task, index), "error": phrases.MEAN_SQUARED_ERROR.format(off=off),
                               "index": index}


def _pictures(shown: list[np.ndarray]) -> Json:
    return {"size": list(shown[0].shape), "levels": [packing.levels(picture) for picture in shown]}


def _named(task: Task, index: int) -> str:
    labels = task.group_labels("test")
    return str(index) if labels is None else task.groups[int(labels[index])]



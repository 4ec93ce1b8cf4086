"""The output of any layer for many samples, seen from its widest side, with the samples nearest to the chosen one."""
from __future__ import annotations

import numpy as np

from dlviz import english
from dlviz.figures import projector
from dlviz.network import NetworkReport
from dlviz.probes.patterns import PatternWatch
from dlviz.tasks import Modality, Task
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choice, Choices, Drawing, Json, Observation, Plot, Subject, View
from dlviz.views.choosable import about
from dlviz.views.reconstruction import last_layer, picture_cards
from dlviz.views.texts import texts

TALL = 460  # px


class ProjectorPhrases:
    PROJECTED = _("{count} test samples by what {layer} gives for them, after step {step:,}. The picture holds "
                  "{percent} of their variance.")
    PROJECTOR_LABEL = _("{count} test samples as points, by the output of {layer}, coloured by what they are.")
    NEAREST_PICTURES = _("The chosen test sample, and those nearest to it in all numbers of the layer; they are ringed "
                         "above.")
    NEAREST_SAMPLES = _("The chosen test sample is {sample}. Nearest to it in all numbers of the layer, and ringed "
                        "above: {names}.")


phrases = ProjectorPhrases()


class Projector(View):
    key = "projector"
    title = _("Projector")
    sentence = _("Test samples as points, placed by what a layer gives for them: near each other means alike.")
    words = _("""
A layer turns each sample into numbers, often hundreds. They are projected here onto the two directions in which the
samples differ most (**PCA**, principal component analysis). Compare an early layer with a late one: training moves
samples of a class together and classes apart. The **nearest** samples are found among all numbers of the layer, not in
the picture: what lies beside each other in it may be far apart in a direction that cannot be seen.
""")
    icon = ":material/bubble_chart:"
    places = ("train",)
    order = 60
    script = "patterns/pairs.js"

    def suits(self, report: NetworkReport, task: Task) -> tuple[str, ...] | bool:
        """Where each sample is of a group, so that it can be seen whether the groups part."""
        if not task.groups or report.signature.out_shape.kind not in ("vector", "image"):
            return False
        return tuple(layer.name for layer in report.layers)

    def choices(self, subject: Subject) -> tuple[Choice, ...]:
        names = [layer.name for layer in subject.report.layers]
        words = tuple(about(layer) for layer in subject.report.layers)
        return (Choice("projector.layer", texts.LAYER, tuple(names), words, names[max(0, len(names) - 2)]),)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(outputs=(last_layer(subject),), patterns=PatternWatch(codes=choices["projector.layer"]))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing | tuple[Drawing, ...]:
        captured, task, layer = observation.captured, subject.task, choices["projector.layer"]
        found = captured.patterns if captured else None
        if captured is None or found is None or found.codes is None:
            return observation.nothing_yet
        plane, labels = found.codes, task.group_labels("test")
        groups = np.zeros(len(plane.points), int) if labels is None else labels[:len(plane.points)].astype(int)
        near = tuple(index for index in found.nearest if index != captured.sample)
        note = phrases.PROJECTED.format(count=len(plane.points), layer=layer, step=captured.step,
                                      percent=english.percent(plane.explained_variance, 0))
        return (Plot((observation.run, captured.step, layer, captured.sample),
                     lambda: projector.scatter(plane.points, groups, task.groups, near, theme="page"),
                     phrases.PROJECTOR_LABEL.format(count=len(plane.points), layer=layer), TALL),
                note, self._neighbours(task, captured.sample, near))

    def _neighbours(self, task: Task, sample: int, near: tuple[int, ...]) -> Json | str:
        """The chosen sample and those nearest to it: as pictures where they are some, else by what they are."""
        if task.modality is Modality.IMAGE:
            return {"cards": picture_cards(task, (sample, *near)), "note": phrases.NEAREST_PICTURES}
        labels = task.group_labels("test")
        names = [str(index) if labels is None else task.groups[int(labels[index])] for index in (sample, *near)]
        return phrases.NEAREST_SAMPLES.format(sample=names[0], names=", ".join(names[1:]))

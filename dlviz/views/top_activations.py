"""What each unit of a layer responds to most: the test samples with its highest activations, and where in them."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from dlviz.figures import packing
from dlviz.inspect.explanation import TOP_SAMPLES, Explainer, ProgressCallback
from dlviz.network import LayerReport, NetworkReport
from dlviz.probes.receptive_field import ReceptiveField
from dlviz.probes.top_activations import TopActivations
from dlviz.tasks import Modality, Task
from dlviz.translation import _
from dlviz.views.base import Choice, Choices, Drawing, Json, Observation, Subject, View
from dlviz.views.choosable import about, choosable, first, unit_word
from dlviz.views.question import picture_of, visible
from dlviz.views.texts import texts

SHOWN = 32  # units at a time


@dataclass(frozen=True)
class UnitSamples:
    """What a layer's units respond to, and the rows and columns that a place of its maps sees; None where it is all."""

    found: TopActivations
    reach: tuple[ReceptiveField, ReceptiveField] | None


class TopActivationsView(View):
    key = "top_activations"
    title = _("Top activations")
    sentence = _("The test samples with the highest activations of each unit of a layer.")
    icon = ":material/favorite:"
    places = ("explain",)
    order = 20
    script = "explain/top_activations.js"

    def suits(self, report: NetworkReport, task: Task) -> tuple[str, ...]:
        return tuple(choosable(report)) if task.supervised else ()

    def choices(self, subject: Subject) -> tuple[Choice, ...]:
        found = choosable(subject.report)
        layer = Choice("layer", texts.LAYER, tuple(found), tuple(map(about, found.values())), first(found), width=265)
        if classes_of(subject.task) is None:
            return (layer,)
        return layer, Choice("order", texts.ORDER, ("number", "agreed"), (texts.BY_NUMBER, texts.AGREED), width=200)

    def examine(self, explainer: Explainer, subject: Subject, choices: Choices,
                progress: ProgressCallback) -> UnitSamples:
        layer = choices["layer"]
        image = explainer.task.modality is Modality.IMAGE
        return UnitSamples(explainer.top_activations(layer, progress), explainer.reach(layer) if image else None)

    def refinements(self, subject: Subject, observation: Observation, choices: Choices) -> tuple[Choice, ...]:
        if not isinstance(observation.examined, UnitSamples):
            return ()
        units = len(observation.examined.found.values)
        words = tuple(texts.TO.format(first=at, count=min(units, at + SHOWN) - 1) for at in range(0, units, SHOWN))
        return (Choice("page", texts.UNITS, tuple(range(len(words))), words, width=160),)

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing:
        if not isinstance(observation.examined, UnitSamples):
            return texts.APPEARS_FIRST_CAPTURE
        return payload(subject, choices["layer"], observation.examined, choices.get("order") == "agreed",
                       choices["page"])


def classes_of(task: Task) -> np.ndarray | None:
    """The class of each test sample that was looked through; None where samples have no class."""
    labels = task.labels("test")
    return None if labels is None else labels[:TOP_SAMPLES].astype(int)


def payload(subject: Subject, layer: str, unit_samples: UnitSamples, agreed_first: bool, page: int) -> Json:
    found, targets = unit_samples.found, classes_of(subject.task)
    names, dead = subject.task.classes, found.dead()
    classes = None if targets is None else targets[found.samples]
    order = list(range(len(found.values)))
    if agreed_first and classes is not None:
        order.sort(key=lambda unit: (bool(dead[unit]), -common(classes[unit])[1], common(classes[unit])[0]))
    shown = order[page * SHOWN:(page + 1) * SHOWN]
    report = subject.report.layer(layer)
    units = [_unit(subject, unit_samples, unit, bool(dead[unit]), None if classes is None else classes[unit], names)
             for unit in shown]
    samples = sorted({int(sample) for unit in shown if not dead[unit] for sample in found.samples[unit]})
    total = min(TOP_SAMPLES, subject.task.size("test"))
    word = unit_word(report)
    return {"word": word, "units": units, "samples": {str(n): _sample(subject, n) for n in samples},
            "note": " ".join(filter(None, (_note(report, total), _framed(subject, layer, unit_samples),
                                           texts.NOT_ALL_IT_RESPONDS_TO)))}


def _note(layer: LayerReport, total: int) -> str:
    image = layer.known_out_shape.kind == "image"
    return (texts.TOP_OF_CHANNELS if image else texts.TOP_OF_UNITS).format(count=total, layer=layer.name)


def _framed(subject: Subject, layer: str, unit_samples: UnitSamples) -> str:
    if unit_samples.reach:
        return texts.FRAME_RECEPTIVE_FIELD_HIGHEST
    steps = subject.report.layer(layer).known_out_shape.kind == "sequence"
    return texts.MARK_STEP_HIGHEST_ACTIVATION if steps else ""


def common(classes: np.ndarray) -> tuple[int, int]:
    """The class that comes most often, and how often."""
    (best, count), = Counter(classes.tolist()).most_common(1)
    return best, count


def _unit(subject: Subject, unit_samples: UnitSamples, unit: int, dead: bool, classes: np.ndarray | None,
          names: tuple[str, ...]) -> Json:
    if dead:
        return {"number": unit, "about": texts.CONSTANT_OUTPUT, "top": []}
    about = ""
    if classes is not None:
        best, count = common(classes)
        about = texts.OF_ARE.format(count=count, total=len(classes),
                                    target=names[best]) if count > 1 else texts.ALL_DIFFERENT_CLASSES
    found, reach = unit_samples.found, unit_samples.reach
    targets = None if classes is None else [names[number] for number in classes]
    samples = [{"sample": int(sample), "value": float(value), "target": targets and targets[rank]}
               | _place(subject, sample, reach, found.places[unit, rank])
               for rank, (sample, value) in enumerate(zip(found.samples[unit], found.values[unit]))
               if np.isfinite(value)]
    return {"number": unit, "about": about, "top": samples}


def _place(subject: Subject, sample: int, reach: tuple[ReceptiveField, ReceptiveField] | None,
           place: np.ndarray) -> Json:
    """Where in the sample: a frame [top, left, bottom, right] in a picture, or a step of an input."""
    if subject.task.modality is Modality.IMAGE:
        if reach is None or len(place) != 2:
            return {"frame": None}
        height, width = subject.report.signature.inputs[0][1].axes[1:]
        top, bottom = reach[0].extent(int(place[0]), height)
        left, right = reach[1].extent(int(place[1]), width)
        return {"frame": None if (top, left, bottom, right) == (0, 0, height, width) else [top, left, bottom, right]}
    return {"frame": None, "step": int(place[0]) if len(place) else None}


def _sample(subject: Subject, number: int) -> Json:
    """A test sample as it is shown: a picture, or words."""
    task = subject.task
    if task.modality is Modality.IMAGE:
        picture = task.picture("test", number)
        return {"ink": packing.levels(picture), "size": list(picture.shape)}
    inputs, target = task.sample("test", number)
    picture = picture_of(inputs)
    if picture is not None:
        return {"ink": packing.levels(picture), "size": list(picture.shape)}
    words = task.view(inputs, target).inputs
    shown = [visible(row) if values.ndim == 1 else [f"{step[0]:z.1f}".replace("-", "−") for step in values]
             for row, values in zip(words, inputs)]
    return {"words": shown}

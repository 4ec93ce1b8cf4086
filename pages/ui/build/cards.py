"""What the build page shows of an experiment: the palette, the cards with their pictures, what flows in.

Plain data for the stack editor, from one check of the design. Draws nothing and changes nothing.
"""
from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import zip_longest

import numpy as np

from dlviz import layers, network, tasks
from dlviz.errors import LayerError
from dlviz.figures.tiles import data_url, thumbnail
from dlviz.inspect.preview import preview
from dlviz.layers import CATALOGUE, FAMILIES
from dlviz.network import LayerReport, NetworkReport, causality, repairs
from dlviz.spec import Experiment, LayerSpec, NetworkSpec
from dlviz.translation import catalogue
from pages.ui.build.own_sample import OwnSample
from pages.ui.build.stack import InputCard, LayerCard, PaletteFamily, Problem

PICTURE, MAPS = (121, 61), 8  # px of a card's picture; the feature maps on it, four in a row
STRIP = (121, 18)  # of a list of symbols that flows in: one row


@dataclass(frozen=True)
class DesignView:
    """One experiment, checked and ready to be shown.

    Attributes:
        report: what `network.check` found.
        outputs: layer name -> its output for the sample, `(C, H, W)` or `(D,)`, of the layers that work.
        sample: what flows in for these pictures, one array an input; empty while the task's data is not there.
        peeking: layer name -> what is to be said of it, of those that let an output see what it has to name.
        digest: of all that the outputs hang on.
        own: whether the sample is the user's own, and no test sample.
    """

    task: tasks.Task
    report: NetworkReport
    peeking: Mapping[str, LayerError]
    outputs: Mapping[str, np.ndarray]
    sample: tuple[np.ndarray, ...]
    cards: tuple[LayerCard, ...]
    inputs: tuple[InputCard, ...]
    digest: str
    dark: bool
    own: bool = False

    @cached_property
    def pictured(self) -> tuple[LayerCard, ...]:
        """The cards with pictures of what their layers give, which are drawn when somebody asks for them."""
        return tuple(LayerCard(**{**card, "picture": self._picture(card["name"])}) for card in self.cards)

    def _picture(self, name: str) -> str | None:
        if name not in self.outputs:
            return None
        return data_url(thumbnail(self.outputs[name], *PICTURE, most=MAPS, normalise="unit", dark=self.dark))


def palette() -> tuple[PaletteFamily, ...]:
    """All kinds of layers by family, in the catalogue's order."""
    return tuple(
        PaletteFamily(family=key, title=family.title, color_light=family.light, color_dark=family.dark,
                      layers=[{"kind": kind, "sentence": cls.sentence()} for kind, cls in CATALOGUE.items()
                              if cls.family == key])
        for key, family in FAMILIES.items())


def task_of(experiment: Experiment) -> tasks.Task:
    """TaskError for an unknown task."""
    return tasks.get(experiment.task.name, experiment.task.fields)


def view(experiment: Experiment, dark: bool, sample: int = 0, own: OwnSample | None = None) -> DesignView:
    """Check an experiment and make its cards; the last ones are remembered. TaskError for an unknown task.

    Of a test sample by its number, or of the user's own.
    """
    ready = task_of(experiment).ready()
    return _view(experiment.without_layout().to_json(indent=None), ready, dark, own or sample, catalogue())


@lru_cache(maxsize=64)
def _view(text: str, ready: bool, dark: bool, which: int | OwnSample, language: Hashable) -> DesignView:
    experiment = Experiment.model_validate_json(text)
    task = task_of(experiment)
    report = network.check(experiment.network, task.signature(), experiment.training.batch_size)
    peeking = causality.peeking(experiment.network, task.signature())
    sample, outputs = _through(experiment, task, ready, which)
    digest = hashlib.blake2s(f"{text} {which}".encode(), digest_size=8).hexdigest()
    return DesignView(task, report, peeking, outputs, sample, _cards(experiment, report, peeking),
                      _inputs(task, report, sample, dark), digest, dark, not isinstance(which, int))


def _through(experiment: Experiment, task: tasks.Task, ready: bool,
             which: int | OwnSample) -> tuple[tuple[np.ndarray, ...], dict[str, np.ndarray]]:
    """A sample, and what each layer gives for it; nothing of a test sample whose data is not there."""
    if not isinstance(which, int):
        return which.inputs, preview(experiment, inputs=which.inputs)
    if not ready:
        return (), {}
    index = min(which, task.size("test") - 1)
    return task.sample("test", index)[0], preview(experiment, index)


def _cards(experiment: Experiment, report: NetworkReport,
           peeking: Mapping[str, LayerError]) -> tuple[LayerCard, ...]:
    return tuple(_card(spec, layer, _problem(experiment, report, peeking, layer))
                 for spec, layer in zip(experiment.network.layers, report.layers))


def _card(spec: LayerSpec, layer: LayerReport, problem: Problem | None) -> LayerCard:
    known = layer.out_shape is not None
    return LayerCard(name=spec.name, kind=spec.kind,
                     family=CATALOGUE[spec.kind].family if spec.kind in CATALOGUE else "",
                summary=summary(spec), out_shape=str(layer.out_shape) if known else None,
                parameters=layer.cost.parameters if known else None,
                multiply_adds=layer.cost.multiply_adds if known else None,
                picture=None, inputs=list(layer.inputs), inputs_explicit=spec.inputs is not None, error=problem,
                trainable=spec.trainable)


def summary(spec: LayerSpec) -> str:
    """The layer's fields in short; nothing where they are wrong, which the card's error says."""
    try:
        return layers.declare(spec.kind, spec.fields, spec.name).summary()
    except LayerError:
        return ""


def _problem(experiment: Experiment, report: NetworkReport, peeking: Mapping[str, LayerError],
             layer: LayerReport) -> Problem | None:
    error = layer.error or peeking.get(layer.name)
    if error is None:
        return None
    offer = repair(experiment.network, report, layer.name)
    return Problem(sentence=error.sentence, repair={"label": offer.label} if offer else None,
                   warning=layer.error is None)


def repair(design: NetworkSpec, report: NetworkReport, name: str) -> repairs.Repair | None:
    """What the button on a card does: mends its error, or keeps the layer from seeing what is to be named."""
    mend = repairs.repair if report.layer(name).error else causality.repair
    return mend(design, report, name)


def _inputs(task: tasks.Task, report: NetworkReport, sample: tuple[np.ndarray, ...],
            dark: bool) -> tuple[InputCard, ...]:
    pictures = [data_url(thumbnail(array, *(PICTURE if array.ndim > 1 else STRIP), colors="grey", dark=dark))
                for array in sample]
    return tuple(InputCard(name=name, title=task.title, shape=str(shape), picture=picture)
                 for (name, shape), picture in zip_longest(report.signature.inputs, pictures))

"""Down to the neuron: the units of a chain of dense layers as circles, their weights as links between them.

Which links are sent is decided here: all of a small network, the strongest of each unit of a large one.
"""
from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from dlviz import layers
from dlviz.figures import packing
from dlviz.network import LayerReport, NetworkReport, attributes
from dlviz.tasks import Task
from dlviz.training.events import Captured
from dlviz.translation import _, numeral
from dlviz.views.base import CaptureRequest, Choices, Json, Observation, Subject, View

LINKS = 500  # that a browser draws without a stutter
UNITS = 256  # of one layer; circles of more cannot be told apart
INPUTS = 32  # inputs that are circles too; more are a picture or a row
PICTURES = 32  # units of the first layer whose weights are sent as pictures, all at once


@dataclass(frozen=True)
class UnitColumn:
    """One column of units.

    Attributes:
        layer: the dense layer; empty for what goes in.
        output: the layer whose output the circles show: the dense one, or the last function behind it.
        width: how many units. key: what its parameters' keys begin with.
    """

    layer: str
    output: str
    width: int
    key: str = ""


class Neurons(View):
    key = "neurons"
    title = _("Neurons")
    sentence = _("Every neuron as a circle, its weights as links, and what it adds up for one test sample.")
    order = 15
    script = "neurons/main.js"
    answers = ("focus", "edit")
    edits = "edit"

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return bool(stages(report))

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        found = stages(subject.report)
        names = tuple(stage.layer for stage in found[1:])
        shown = tuple(stage.output for stage in found[1:])
        return CaptureRequest(outputs=tuple(dict.fromkeys((*names, *shown))), parameters=names,
                              plane=subject.task.plane is not None)

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Json | str:
        captured, found = observation.captured, stages(subject.report)
        if captured is None or not all(f"{stage.key}.weight" in captured.parameters for stage in found[1:]) \
                or not all(stage.output in captured.outputs for stage in found[1:]):
            return observation.nothing_yet
        inputs, target = subject.task.sample("test", captured.sample % subject.task.size("test"))
        values = [inputs[0].reshape(-1), *(captured.outputs[stage.output] for stage in found[1:])]
        focus = _focus(found, choices.get("focus"))
        drawn = [_links(stage, captured, room) for stage, room in zip(found[1:], _room(found))]
        pictures = _maps(found, captured) if subject.task.plane else _weights(found, captured, inputs)
        return {"stages": [_stage(subject, stage, value, picture) for stage, value, picture
                           in zip(found, values, pictures)],
                "links": drawn, "total": sum(links["total"] for links in drawn), "step": captured.step,
                "loss": _finite(captured.loss), "sample": captured.sample,
                "target": _named(subject.task, target), "focus": _sums(found, values, captured, focus),
                "editable": observation.editable, "over": observation.over, "run": observation.run}


def stages(report: NetworkReport) -> tuple[UnitColumn, ...]:
    """The columns of a network that is a chain of dense layers, what goes in first; nothing for another network."""
    if not report.ok or len(report.signature.inputs) != 1:
        return ()
    (name, shape), = report.signature.inputs
    if shape.kind not in ("vector", "image"):
        return ()
    found, before, keys = [UnitColumn("", "", shape.numel)], name, attributes(report.network.names())
    for layer in report.layers:
        after = _next(found, layer, keys[layer.name]) if layer.inputs == (before,) else None
        if after is None:
            return ()
        found, before = after, layer.name
    narrow = all(stage.width <= UNITS for stage in found[1:])
    return tuple(found) if len(found) > 1 and narrow else ()


def _next(found: list[UnitColumn], layer: LayerReport, key: str) -> list[UnitColumn] | None:
    """The columns after one more layer; None where it is none of a chain of dense layers."""
    spec, shape = layers.get(layer.kind), layer.known_out_shape
    if spec.converts == ("image", "vector") and len(found) == 1:
        return found
    if shape.kind != "vector":
        return None
    if spec.family == "dense":
        return [*found, UnitColumn(layer.name, layer.name, shape.numel, key)]
    if spec.passes:
        return found
    if spec.arithmetic == "curve" and len(found) > 1:
        return [*found[:-1], replace(found[-1], output=layer.name)]
    return None


def _room(found: tuple[UnitColumn, ...]) -> list[int | None]:
    """How many links of each unit are drawn, for each dense layer: None for all, 0 where its inputs are a picture."""
    drawn = [stage for before, stage in pairwise(found) if before.layer or before.width <= INPUTS]
    total = sum(before.width * stage.width for before, stage in pairwise(found) if stage in drawn)
    if total <= LINKS:
        return [None if stage in drawn else 0 for stage in found[1:]]
    each = max(1, LINKS // sum(stage.width for stage in drawn))
    return [each if stage in drawn else 0 for stage in found[1:]]


def _links(stage: UnitColumn, captured: Captured, room: int | None) -> Json:
    """The weights that are drawn: `places` are those in the flat table `(units, inputs)`, null for all of them."""
    weight = captured.parameters[f"{stage.key}.weight"]
    gradient = captured.gradients.get(f"{stage.key}.weight")
    places = None if room is None else strongest(weight, room)
    read = np.ravel if places is None else lambda table: np.ravel(table)[places]
    bias = captured.parameters.get(f"{stage.key}.bias")
    return {"key": stage.key, "units": weight.shape[0], "inputs": weight.shape[1], "total": int(weight.size),
            "places": None if places is None else places.tolist(), "weights": packing.floats(read(weight)),
            "gradients": None if gradient is None else packing.floats(read(gradient)),
            "biases": None if bias is None else packing.floats(bias)}


def strongest(weight: np.ndarray, room: int) -> np.ndarray:
    """The places in the flat table of the `room` largest weights, above or below zero, of each row, in order."""
    units, inputs = weight.shape
    if room >= inputs:
        return np.arange(weight.size)
    if not room:
        return np.zeros(0, np.int64)
    columns = np.argpartition(-np.abs(weight), room - 1, axis=1)[:, :room]
    return np.sort((np.arange(units)[:, None] * inputs + columns).ravel())


def _stage(subject: Subject, stage: UnitColumn, values: np.ndarray, pictures: Json | None) -> Json:
    (name, shape), = subject.report.signature.inputs
    picture = list(shape.axes) if not stage.layer and shape.kind == "image" else None
    return {"name": stage.layer or name, "output": stage.output, "width": stage.width, "picture": picture,
            "pictures": pictures, "values": packing.floats(values), "labels": _labels(subject, stage)}


def _labels(subject: Subject, stage: UnitColumn) -> list[str] | None:
    """What is written beside each circle: features of a point, classes of the answer."""
    if not stage.layer:
        return [feature.symbol for feature in subject.task.plane.features] if subject.task.plane else None
    last = stage.width == len(subject.task.classes) and stage.output == subject.report.layers[-1].name
    return list(subject.task.classes) if last else None


def _maps(found: tuple[UnitColumn, ...], captured: Captured) -> list[Json | None]:
    """What each unit of the small layers says over the plane."""
    maps = [None if captured.plane is None else captured.plane.units.get(stage.output) for stage in found]
    return [None if each is None else {"height": each.levels.shape[1], "width": each.levels.shape[2],
                                       "levels": packing.levels(each.levels)} for each in maps]


def _weights(found: tuple[UnitColumn, ...], captured: Captured, inputs: tuple[np.ndarray, ...]) -> list[Json | None]:
    """The weights of the first layer's units as pictures, where it sees an image and has few units."""
    pictures: list[Json | None] = [None] * len(found)
    if inputs[0].ndim != 3 or found[1].width > PICTURES:
        return pictures
    weight = captured.parameters[f"{found[1].key}.weight"].reshape(found[1].width, *inputs[0].shape).mean(1)
    most = float(np.abs(weight).max()) or 1.0
    pictures[1] = {"height": weight.shape[1], "width": weight.shape[2],
                   "levels": packing.levels((127.5 + 127.5 * weight / most).round().clip(0, 255))}
    return pictures


def _focus(found: tuple[UnitColumn, ...], answer: Any) -> tuple[int, int] | None:
    """The unit that the browser names as `[stage, unit]`; None for anything else."""
    match answer:
        case [int(stage), int(unit)] if 1 <= stage < len(found) and 0 <= unit < found[stage].width:
            return stage, unit
    return None


def _sums(found: tuple[UnitColumn, ...], values: list[np.ndarray], captured: Captured, focus: tuple[int, int] | None,
          ) -> Json | None:
    """Everything that one unit adds up, and where its output goes."""
    if focus is None:
        return None
    number, unit = focus
    stage = found[number]
    gradient, bias = (captured.gradients.get(f"{stage.key}.{name}") for name in ("weight", "bias"))
    after = found[number + 1] if number + 1 < len(found) else None
    return {"stage": number, "unit": unit, "weights": packing.floats(captured.parameters[f"{stage.key}.weight"][unit]),
            "gradients": None if gradient is None else packing.floats(gradient[unit]),
            "biasGradient": None if bias is None else _finite(bias[unit]),
            "sum": _finite(captured.outputs[stage.layer][unit]), "value": _finite(values[number][unit]),
            "out": None if after is None else packing.floats(captured.parameters[f"{after.key}.weight"][:, unit])}


def _named(task: Task, target: np.ndarray | int) -> str:
    if isinstance(target, int):
        return task.classes[target] if target < len(task.classes) else str(target)
    return ", ".join(numeral(f"{value:g}") for value in np.ravel(target)[:4])


def _finite(value: float | np.floating | None) -> float | None:
    return float(value) if value is not None and np.isfinite(value) else None

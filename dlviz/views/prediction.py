"""What a network says to one picture: a bar for each class, and the maps of every layer."""
from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlviz import layers
from dlviz.figures import tiles
from dlviz.layers import Family
from dlviz.network import NetworkReport
from dlviz.tasks import Task
from dlviz.tasks.modality import Modality
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choices, Json, Observation, Subject, View

LINE = 12  # maps of a closed layer, as many as fit beside the bars on a usual screen
NONE: frozenset[str] = frozenset()
MOST_MAPS, MOST_NUMBERS = 128, 2048  # of one layer, so that a message stays small
DIGITS = 4  # of a probability that are sent


class Prediction(View):
    key = "answer"
    title = _("Prediction")
    sentence = _("The probability of each class, and the output of every layer.")
    places = ("draw",)
    order = 10
    script = "answer/main.js"
    answers = ("open",)

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return task.modality is Modality.IMAGE and bool(task.classes)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(outputs=subject.report.network.names())

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Json:
        """1 to 5 ms and 5 to 250 KB. While there is no answer, its place is taken, with the hint in it."""
        result = observation.result
        data = payload(rows(subject.report), subject.task.classes, result.probabilities if result else None,
                       result.outputs if result else {}, opened(choices.get("open")))
        return data | {"target": observation.target, "when": observation.when, "note": observation.note,
                       "hint": observation.hint}


@dataclass(frozen=True)
class AnswerRow:
    """A layer as a row shows it: `count` maps of `height` x `width`; of 1 x 1 for the numbers of a vector."""

    name: str
    kind: str
    family: Family
    shape: str
    count: int
    height: int
    width: int

    @property
    def vector(self) -> bool:
        return self.height == self.width == 1


def payload(rows: Sequence[AnswerRow], classes: Sequence[str], probabilities: np.ndarray | None,
            outputs: Mapping[str, np.ndarray], opened: frozenset[str]) -> dict[str, Any]:
    """What is sent, as plain JSON: no NaN in it, whatever the network says."""
    heights = None
    if probabilities is not None and np.isfinite(probabilities).all():
        heights = [round(float(probability), DIGITS) for probability in probabilities]
    return {"classes": list(classes), "probabilities": heights,
            "palettes": [_palette(dark=False), _palette(dark=True)],
            "layers": [_layer(row, outputs.get(row.name), row.name in opened) for row in rows]}


def opened(names: Any) -> frozenset[str]:
    """The layers that the browser says are open."""
    return frozenset(name for name in names if isinstance(name, str)) if isinstance(names, list) else NONE


def rows(report: NetworkReport) -> tuple[AnswerRow, ...]:
    """The layers of a network that can be built, in order."""
    return tuple(_row(layer.name, layer.kind, layer.out_shape.axes) for layer in report.layers if layer.out_shape)


def _row(name: str, kind: str, axes: tuple[int, ...]) -> AnswerRow:
    count, height, width = (1, *axes) if len(axes) == 2 else axes if len(axes) == 3 else (axes[0], 1, 1)
    family = layers.FAMILIES[layers.get(kind).family]
    return AnswerRow(name, kind, family, " × ".join(f"{axis:,}" for axis in axes), count, height, width)


def _layer(row: AnswerRow, output: np.ndarray | None, open_: bool) -> dict[str, Any]:
    limit = MOST_NUMBERS if row.vector else MOST_MAPS
    line = limit if row.vector else LINE
    sent = min(row.count, limit if open_ else line)
    return {"name": row.name, "kind": row.kind, "colors": [row.family.light, row.family.dark],
            "shape": row.shape, "count": row.count, "height": row.height, "width": row.width,
            "vector": row.vector, "limit": limit, "line": line, "open": open_,
            "levels": None if output is None else _levels(output, sent)}


def _levels(output: np.ndarray, sent: int) -> str:
    """The first `sent` maps as base64 bytes, places in the palette: 128 is zero, 0 is no number.

    One scale for all maps of the layer, those that are not sent included. 15 times as fast as PNG files.
    """
    span = np.abs(output, where=np.isfinite(output), out=np.zeros_like(output)).max()
    with np.errstate(invalid="ignore", over="ignore"):
        places = output[:sent] / (span or 1) * 127
    levels = np.where(np.isfinite(places), np.rint(places) + 128, 0).astype(np.uint8)
    return base64.b64encode(levels.tobytes()).decode()


@lru_cache(maxsize=2)
def _palette(*, dark: bool) -> str:
    """The 256 colours of every other picture of maps, as base64 of red, green, blue, red, ..."""
    numbers = np.concatenate([[np.nan], np.arange(-127, 128)])
    return base64.b64encode(tiles.tile(numbers, gap=0, columns=256, dark=dark)[0].tobytes()).decode()

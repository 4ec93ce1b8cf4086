"""The plane of codes: where samples lie by the narrowest layer, and what the rest of the network draws of a place."""
from __future__ import annotations

from typing import Any

import numpy as np

from dlviz import english
from dlviz.figures import packing
from dlviz.network import NetworkReport
from dlviz.network.narrowest import narrowest
from dlviz.probes.patterns import MAP, CodePlane, PatternCapture, PatternWatch
from dlviz.tasks import Task
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choice, Choices, Json, Observation, Subject, View
from dlviz.views.reconstruction import pictured

SMALLER = 10  # times fewer numbers than pixels: else it is no code
FAR = 1e6  # a place that a browser names lies nearer


class CodePlanePhrases:
    BEHIND_THE_POINTS = _("Behind the points")
    DECODED = _("Decoded pictures")
    POINTS_ONLY = _("Points only")
    THE_NUMBERS_OF = _("The two numbers of {layer}")
    WIDEST_PLANE_OF = _("The plane in which the {numbers} numbers of {layer} differ most; it holds {percent} of their "
                        "variance")
    CODES_OF = _("{count} test samples by what {layer} gives for them, after step {step:,}.")


phrases = CodePlanePhrases()


class CodePlaneView(View):
    key = "code_plane"
    title = _("Plane of codes")
    sentence = _("Each test sample as a point, placed by its code. Drag through the plane: the decoder draws.")
    words = _("""
Everything that the network knows of a sample passes through its narrowest layer: that is its **code**. Samples with
similar codes lie close together here. The layers after it, the **decoder**, make a picture of any code, also of those
that no sample has. Where a code has more than two numbers, the plane is the one in which the codes differ most (PCA).
""")
    icon = ":material/scatter_plot:"
    places = ("train",)
    order = 3
    script = "patterns/plane.js"
    answers = ("place",)

    def suits(self, report: NetworkReport, task: Task) -> bool:
        """Where there is a code that is far smaller than a picture."""
        name = narrowest(report) if pictured(task) else None
        pixels = report.signature.inputs[0][1].numel
        return name is not None and report.layer(name).known_out_shape.numel * SMALLER <= pixels

    def choices(self, subject: Subject) -> tuple[Choice, ...]:
        return (Choice("code_plane.behind", phrases.BEHIND_THE_POINTS, (True, False),
                       (phrases.DECODED, phrases.POINTS_ONLY), kind="segments"),)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(patterns=PatternWatch(
            codes=narrowest(subject.report) or "", walk=_place(choices.get("place")),
            plane=bool(choices["code_plane.behind"])))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Json | str:
        captured = observation.captured
        found = captured.patterns if captured else None
        if captured is None or found is None or found.codes is None:
            return observation.nothing_yet
        name = narrowest(subject.report) or ""
        labels = subject.task.group_labels("test")
        plane, count = found.codes, len(found.codes.points)
        named = np.zeros(count, np.uint8) if labels is None else labels[:count]
        return {"points": packing.floats(plane.points), "labels": packing.levels(named),
                "names": list(subject.task.groups), "low": plane.low, "high": plane.high,
                "behind": _behind(subject.task, found) if choices["code_plane.behind"] else None,
                "walked": _walked(subject.task, found), "place": _place(choices.get("place")),
                "title": _title(plane, name), "note": phrases.CODES_OF.format(count=count, layer=name,
                                                                            step=captured.step)}


def _place(answer: Any) -> tuple[float, float] | None:
    """The place that the browser names as `[x, y]`; None for anything else."""
    match answer:
        case [int() | float() as x, int() | float() as y] if abs(x) < FAR and abs(y) < FAR:
            return float(x), float(y)
    return None


def _behind(task: Task, found: PatternCapture) -> Json | None:
    """The pictures all over the plane, as one of tiles half as large as they are."""
    if found.plane is None:
        return None
    pictures = np.stack([task.to_picture(values) for values in found.plane]).astype(np.float32)
    count, height, width = pictures.shape
    half = pictures[:, :height // 2 * 2, :width // 2 * 2].reshape(count, height // 2, 2, width // 2, 2).mean((2, 4))
    tiles = half.reshape(MAP, MAP, *half.shape[1:]).swapaxes(1, 2).reshape(MAP * half.shape[1], -1)
    return {"size": list(tiles.shape), "levels": packing.levels(np.rint(tiles))}


def _walked(task: Task, found: PatternCapture) -> Json | None:
    if found.walked is None:
        return None
    picture = task.to_picture(found.walked)
    return {"size": list(picture.shape), "levels": packing.levels(picture)}


def _title(plane: CodePlane, layer: str) -> str:
    if plane.axes.shape[1] <= 2:
        return phrases.THE_NUMBERS_OF.format(layer=layer)
    return phrases.WIDEST_PLANE_OF.format(numbers=plane.axes.shape[1], layer=layer,
                                        percent=english.percent(plane.explained_variance, 0))

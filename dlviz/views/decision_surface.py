"""What a network says over the plane: its answer with the points over it, and each unit of its small layers."""
from __future__ import annotations

import numpy as np

from dlviz.figures import packing
from dlviz.memoize import memoize
from dlviz.network import NetworkReport
from dlviz.probes.plane_maps import SIDE, THUMB, PlaneMaps, UnitMaps, plane_thumbs
from dlviz.tasks import PlaneTask, Task
from dlviz.tasks.base import SplitName
from dlviz.tasks.plane import EXTENT
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choices, Json, Observation, Subject, View
from dlviz.views.texts import texts

MOST_POINTS = 500  # that are drawn of a split


class DecisionSurface(View):
    key = "decision_surface"
    title = _("Decision surface")
    sentence = _("The prediction at each place of the plane, and the output of each unit of the small layers.")
    icon = ":material/gradient:"
    places = ("train", "look", "film")
    order = 5
    script = "plane/surface.js"

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return task.plane is not None

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(plane=True)

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Json:
        task, maps = subject.task.plane, _maps(observation)
        assert task is not None
        columns = [{"name": texts.FEATURES, "units": _units(_feature_maps(task)),
                    "labels": [feature.symbol for feature in task.features]}]
        columns += [{"name": name, "units": _units(units), "labels": []} for name, units in maps.units.items()] \
            if maps else []
        return {"side": SIDE, "thumb": THUMB, "extent": EXTENT, "classes": list(task.classes), "columns": columns,
                "output": packing.levels(maps.output) if maps else None,
                "note": "" if maps else observation.nothing_yet,
                "train": _points(task, "train"), "test": _points(task, "test")}

    def frame(self, subject: Subject, observation: Observation, choices: Choices) -> tuple[str, np.ndarray]:
        maps = _maps(observation)
        assert maps is not None
        return str(self.title), maps.output.astype(np.float32)


def _maps(observation: Observation) -> PlaneMaps | None:
    """Those of a run that is watched, or of one that is asked."""
    return next((found.plane for found in (observation.result, observation.captured) if found and found.plane), None)


def _units(units: UnitMaps) -> Json:
    return {"levels": packing.levels(units.levels), "most": [round(float(most), 4) for most in units.most]}


@memoize(maxsize=16)
def _feature_maps(task: PlaneTask) -> UnitMaps:
    return plane_thumbs(task.encode(task.grid(SIDE)))


@memoize(maxsize=32)
def _points(task: PlaneTask, split: SplitName) -> Json:
    """The first points of a split: places as float32, and their classes as bytes or numbers as float32."""
    drawn = task.points(split)
    targets = drawn.targets[:MOST_POINTS]
    packed = packing.levels(targets) if task.classes else packing.floats(targets)
    return {"places": packing.floats(drawn.points[:MOST_POINTS]), "targets": packed}

"""Points that a user set by hand or read from a file: they travel in the experiment, as one compact text."""
from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from pydantic import Field, field_validator, model_validator

from dlviz.english import count
from dlviz.tasks import points_file
from dlviz.tasks.base import SplitName
from dlviz.tasks.plane import EXTENT, LETTERS, PlaneTask, PointSet, PointsField
from dlviz.tasks.plane_classes import Circles
from dlviz.tasks.points_text import LEAST, MOST, from_text, to_text

HELD_OUT: dict[SplitName, tuple[int, ...]] = {"train": (0, 1, 3), "val": (2,), "test": (4,)}  # place in each five


class OwnPoints(PlaneTask):
    """Points that you set by hand or read from a file, each of a class."""

    coordinates: str = Field(default=to_text(Circles(noise=0.02).draw(np.random.default_rng(1), 60)), max_length=5_000,
                             description="The points: x and y in hundredths, and the letter of the class.")
    class_names: str = Field(default="", max_length=400,
                             description="Names of the classes A, B, ..., with commas between them; empty for letters.")
    name: ClassVar[str] = "points"
    title: ClassVar[str] = "Own points"
    metric: ClassVar[str] = "points right"
    stands_for: ClassVar[str] = "Any table of two measurements and a class."
    limits: ClassVar[str] = "Real tables have dozens of columns and gaps; here there are two, and all is known."

    @field_validator("coordinates")
    @classmethod
    def _readable(cls, text: str) -> str:
        labels = from_text(text).targets
        if labels.max() == 0:
            raise ValueError("points of two classes or more are needed, and all are of class A")
        return text

    @model_validator(mode="after")
    def _named(self) -> Self:
        names, needed = self._names(), int(from_text(self.coordinates).targets.max()) + 1
        if names and (len(names) < needed or not all(names) or len(set(names)) < len(names)):
            raise ValueError(f"{count(needed, 'different name')} are needed, one for each class, "
                             f"and {self.class_names[:60]!r} came")
        return self

    def _names(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.class_names.split(",")) if self.class_names.strip() else ()

    @property
    def classes(self) -> tuple[str, ...]:
        needed = int(from_text(self.coordinates).targets.max()) + 1
        return (self._names() or tuple(LETTERS))[:needed]

    @property
    def own_points(self) -> PointsField:
        return PointsField("coordinates", self.coordinates, LEAST, MOST, EXTENT)

    def read_points(self, text: str) -> dict[str, str]:
        return points_file.read(text)

    def splits(self) -> dict[SplitName, PointSet]:
        """Of each five points in their order three are learned from, so that a new point moves no other one."""
        drawn = from_text(self.coordinates)
        place = np.arange(len(drawn.targets)) % 5
        chosen: dict[SplitName, np.ndarray] = {name: np.isin(place, places) for name, places in HELD_OUT.items()}
        return {name: PointSet(drawn.points[rows], drawn.targets[rows]) for name, rows in chosen.items()}

"""Points that a user set by hand or read from a file: they travel in the experiment, as one compact text."""
from __future__ import annotations

import re
from typing import ClassVar, Self

import numpy as np
from pydantic import Field, field_validator, model_validator

from dlviz.english import count
from dlviz.tasks.base import SplitName
from dlviz.tasks.plane import EXTENT, LETTERS, PlaneTask, PointSet
from dlviz.tasks.plane_classes import Circles

LEAST, MOST = 5, 400  # points: one for each of validation and test in five; the text is to fit into a link
STEPS = 100  # of a coordinate of 1
_POINT = re.compile(r"(-?\d{1,3}) (-?\d{1,3}) ([A-J])")
HELD_OUT: dict[SplitName, tuple[int, ...]] = {"train": (0, 1, 3), "val": (2,), "test": (4,)}  # place in each five


def to_text(points: PointSet) -> str:
    """Points of classes as the text that `from_text` reads; coordinates are rounded to hundredths, and cut at the edge.

    `-45 30 A; 12 8 B`: x and y in hundredths, and the letter of the class.
    """
    cells = np.rint(np.clip(points.points, -EXTENT, EXTENT) * STEPS).astype(int)
    return "; ".join(f"{x} {y} {LETTERS[label]}" for (x, y), label in zip(cells.tolist(), points.targets.tolist()))


def from_text(text: str) -> PointSet:
    """The points of a text. ValueError, in a sentence, for anything else."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if not LEAST <= len(parts) <= MOST:
        raise ValueError(f"{LEAST} to {MOST} points are needed, and there are {len(parts)}")
    read = [_point(part, number) for number, part in enumerate(parts, 1)]
    return PointSet(np.array([(x, y) for x, y, _ in read], float) / STEPS,
                    np.array([label for *_, label in read], np.int64))


def _point(text: str, number: int) -> tuple[int, int, int]:
    found = _POINT.fullmatch(text)
    if not found:
        raise ValueError(f"point {number} must be two whole numbers (hundredths) and a letter from A to J, such as "
                         f"'-45 30 A', and it is {text[:20]!r}")
    x, y, label = int(found[1]), int(found[2]), LETTERS.index(found[3])
    if max(abs(x), abs(y)) > EXTENT * STEPS:
        raise ValueError(f"point {number} must lie within -{EXTENT * STEPS:.0f} and {EXTENT * STEPS:.0f}, "
                         f"and it is {text!r}")
    return x, y, label


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
    points_field: ClassVar[str] = "coordinates"

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

    def splits(self) -> dict[SplitName, PointSet]:
        """Of each five points in their order three are learned from, so that a new point moves no other one."""
        drawn = from_text(self.coordinates)
        place = np.arange(len(drawn.targets)) % 5
        chosen: dict[SplitName, np.ndarray] = {name: np.isin(place, places) for name, places in HELD_OUT.items()}
        return {name: PointSet(drawn.points[rows], drawn.targets[rows]) for name, rows in chosen.items()}

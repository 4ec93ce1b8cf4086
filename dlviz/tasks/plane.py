"""What tasks over points in the plane share: coordinates, features, splits. A subclass says where its points lie.

The plane is the square from -1 to 1 in x and in y; noise may carry points a little beyond. Knows no network.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi
from typing import Annotated, ClassVar, Self

import numpy as np
import torch
from pydantic import Field, model_validator

from dlviz.errors import TaskError
from dlviz.memoize import memoize
from dlviz.shapes import Shape, Signature
from dlviz.tasks.base import Data, Split, SplitName, Task
from dlviz.tasks.modality import Modality
from dlviz.tasks.presentation import CLASSES
from dlviz.translation import _, _n

EXTENT = 1.2  # a surface is drawn from -EXTENT to EXTENT: the square, and room for what noise carries out of it
LETTERS = "ABCDEFGHIJ"  # names of classes
WAVES = 2  # periods of the sines across the square


@dataclass(frozen=True)
class Feature:
    """One number that a network may get of a point, scaled so that an evenly filled square has mean 0 and spread 1."""

    symbol: str
    raw: Callable[[np.ndarray, np.ndarray], np.ndarray]
    mean: float
    spread: float

    def of(self, points: np.ndarray) -> np.ndarray:
        """Of points `(N, 2)`: `(N,)`."""
        return (self.raw(points[:, 0], points[:, 1]) - self.mean) / self.spread


def _sine(values: np.ndarray) -> np.ndarray:
    return np.sin(WAVES * pi * values)


FEATURES: dict[str, Feature] = {  # field of a task -> feature; of x even in -1..1: var x = 1/3, var x² = 4/45
    "x": Feature("x", lambda x, y: x, 0, (1 / 3) ** 0.5),
    "y": Feature("y", lambda x, y: y, 0, (1 / 3) ** 0.5),
    "x_squared": Feature("x²", lambda x, y: x * x, 1 / 3, (4 / 45) ** 0.5),
    "y_squared": Feature("y²", lambda x, y: y * y, 1 / 3, (4 / 45) ** 0.5),
    "x_times_y": Feature("xy", lambda x, y: x * y, 0, 1 / 3),
    "sin_x": Feature("sin x", lambda x, y: _sine(x), 0, 0.5 ** 0.5),
    "sin_y": Feature("sin y", lambda x, y: _sine(y), 0, 0.5 ** 0.5),
}
Switch = Annotated[bool, Field(strict=True)]


@dataclass(frozen=True)
class PointSet:
    """Points `(N, 2)` and what is to be said of each: int64 `(N,)` classes, or float32 `(N, 1)` numbers."""

    points: np.ndarray
    targets: np.ndarray


@dataclass(frozen=True)
class PointsField:
    """The field of a task that holds points which a user sets, its text, and the bounds of what may be set.

    Attributes:
        least, most: points.
        extent: of a coordinate.
    """

    name: str
    text: str
    least: int
    most: int
    extent: float


class PlaneTask(Task):
    """Points in the plane: which features a network gets of each is a matter of switches."""

    x: Switch = Field(default=True, description="Feature x. Each feature is scaled to mean 0 and spread 1.")
    y: Switch = Field(default=True, description="Feature y.")
    x_squared: Switch = Field(default=False, description="Feature x².")
    y_squared: Switch = Field(default=False, description="Feature y².")
    x_times_y: Switch = Field(default=False, description="Feature xy.")
    sin_x: Switch = Field(default=False, description="Feature sin x: two waves from left to right.")
    sin_y: Switch = Field(default=False, description="Feature sin y: two waves from bottom to top.")
    modality: ClassVar[Modality] = Modality.POINTS
    sample_noun: ClassVar[str] = "points"
    limits: ClassVar[str] = "Two numbers can be drawn; a photograph has millions, and nobody sees that space."
    metric: ClassVar[str] = "points right"

    @model_validator(mode="after")
    def _any_feature(self) -> Self:
        if not self.features:
            raise ValueError("at least one feature is on, or the network sees nothing of a point")
        return self

    @property
    def example(self) -> str:
        return "0.5 -0.2"

    @property
    def plane(self) -> PlaneTask:
        return self

    @property
    def features(self) -> tuple[Feature, ...]:
        """Those that are on, in the order of the network's inputs."""
        return tuple(feature for name, feature in FEATURES.items() if getattr(self, name))

    @property
    def own_points(self) -> PointsField | None:
        """Where a user sets the points; None where they are drawn."""
        return None

    def read_points(self, text: str) -> dict[str, str]:
        """The fields of this task with the points of a CSV file. TaskError for what is none, or another task."""
        raise TaskError(_("The task {title}", title=self.title), _("draws its points"), _("a file of points was given"),
                        _("Choose a task of own points."))

    def splits(self) -> dict[SplitName, PointSet]:
        """All points, the same at each call."""
        raise NotImplementedError

    def points(self, split: SplitName) -> PointSet:
        """The points of a split, as they lie in the plane."""
        return _splits(self)[split]

    def encode(self, points: np.ndarray) -> np.ndarray:
        """Points `(N, 2)` as the network gets them, float32 `(N, features)`."""
        return np.stack([feature.of(points) for feature in self.features], 1).astype(np.float32)

    def grid(self, side: int) -> np.ndarray:
        """The middles of `side` x `side` cells that fill the drawn plane `(side * side, 2)`, the top row first."""
        middles = EXTENT * ((np.arange(side) + 0.5) * 2 / side - 1)
        x, y = np.meshgrid(middles, middles[::-1])
        return np.stack([x.ravel(), y.ravel()], 1)

    def signature(self) -> Signature:
        inputs = (("features", Shape("vector", (len(self.features),))),)
        if not self.classes:
            return Signature(inputs, Shape("vector", (1,)), "mse", _("a number from -1 to 1"), tolerance=0.1)
        return Signature(inputs, Shape("vector", (len(self.classes),)), "cross_entropy",
                         CLASSES.filled(count=len(self.classes)))

    def data(self) -> Data:
        return _tensors(self)

    # shown and typed

    def input_words(self, inputs: tuple[np.ndarray, ...]) -> tuple[tuple[str, ...], ...]:
        """Each feature with its value before it was scaled."""
        return (tuple(f"{feature.symbol} = {value * feature.spread + feature.mean:.2f}".replace("-", "−")
                      for feature, value in zip(self.features, inputs[0])),)

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        words = text.replace(",", " ").split()
        if len(words) != 2:
            raise self.refuse(_("takes the two coordinates of a point"),
                              _n("{count:,} number was typed", "{count:,} numbers were typed", count=len(words)))
        return (self.encode(np.array([[self._coordinate(word) for word in words]]))[0],)

    def _coordinate(self, word: str) -> float:
        try:
            value = float(word)
        except ValueError:
            raise self.refuse(_("takes numbers"), _("{word!r} is none", word=word[:30])) from None
        if not abs(value) <= EXTENT:
            raise self.refuse(_("takes coordinates from -{most} to {most}", most=EXTENT),
                              _("{word} is not between them", word=word[:30]))
        return value


@memoize(maxsize=16)
def _splits(task: PlaneTask) -> dict[SplitName, PointSet]:
    return task.splits()


@memoize(maxsize=16)
def _tensors(task: PlaneTask) -> Data:
    return Data(*(_split(task, task.points(name)) for name in ("train", "val", "test")))


def _split(task: PlaneTask, drawn: PointSet) -> Split:
    return Split((torch.from_numpy(task.encode(drawn.points)),), torch.from_numpy(drawn.targets))


class DrawnPoints(PlaneTask):
    """Points drawn from a seed, with noise."""

    noise: float = Field(default=0.05, ge=0, le=0.5,
                         description="How far points are moved off their place: the spread of a normal distribution.")
    samples: int = Field(default=250, ge=10, le=5_000, description="How many points there are to learn from.")
    data_seed: int = Field(default=0, ge=0, le=2**31 - 1, description="Decides which points are drawn.")
    held_out: ClassVar[int] = 250  # points in each of validation and test

    def draw(self, random: np.random.Generator, count: int) -> PointSet:
        """`count` points, the same for the same generator state."""
        raise NotImplementedError

    def moved(self, random: np.random.Generator, points: np.ndarray) -> np.ndarray:
        """The points with noise."""
        return points + random.normal(0, self.noise, points.shape) if self.noise else points

    def splits(self) -> dict[SplitName, PointSet]:
        """Each from a generator of its own, so that validation and test do not change with `samples`."""
        sizes: dict[SplitName, int] = {"train": self.samples, "val": self.held_out, "test": self.held_out}
        return {name: self.draw(np.random.default_rng((self.data_seed, number)), size)
                for number, (name, size) in enumerate(sizes.items())}


def even_classes(random: np.random.Generator, count: int, classes: int) -> np.ndarray:
    """Classes `(count,)` int64, of each as many as of the others, or one more, in random order."""
    return random.permutation(np.arange(count) % classes)

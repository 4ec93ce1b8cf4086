"""Classes of points in the plane: circles, XOR, moons, gaussians, spirals."""
from __future__ import annotations

from math import pi
from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.tasks.plane import LETTERS, DrawnPoints, PointSet, even_classes

GAP = 0.05  # between the quadrants of XOR and the axes
RADIUS = 0.9  # of the outermost ring, and of a spiral's end


class _TwoClasses(DrawnPoints):
    classes: ClassVar[tuple[str, ...]] = tuple(LETTERS[:2])


class _SomeClasses(DrawnPoints):
    number_of_classes: int = Field(default=2, ge=2, le=6, description="How many classes there are.")

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(LETTERS[:self.number_of_classes])


class Circles(_SomeClasses):
    """A disc of points, and rings around it: which one is a point of?"""

    name: ClassVar[str] = "circles"
    title: ClassVar[str] = "Circles"
    stands_for: ClassVar[str] = "Classes that no straight line separates: one encloses the other."

    def draw(self, random: np.random.Generator, count: int) -> PointSet:
        """Rings with gaps of half their width, points even over their area."""
        ring = even_classes(random, count, self.number_of_classes)
        width = RADIUS / (1.5 * self.number_of_classes - 0.5)
        inner = 1.5 * width * ring
        radius = np.sqrt(random.uniform(inner ** 2, (inner + width) ** 2))
        angle = random.uniform(0, 2 * pi, count)
        return PointSet(self.moved(random, _polar(radius, angle)), ring)


class Xor(_TwoClasses):
    """Points in four quadrants; opposite ones are of the same class."""

    name: ClassVar[str] = "xor"
    title: ClassVar[str] = "XOR"
    stands_for: ClassVar[str] = "The problem that one layer of weights cannot solve (Minsky and Papert 1969)."

    def draw(self, random: np.random.Generator, count: int) -> PointSet:
        classes = even_classes(random, count, 2)
        size = random.uniform(GAP, RADIUS, (count, 2))
        right = random.choice((-1, 1), count)
        sides = np.stack([right, np.where(classes == 0, right, -right)], 1)
        return PointSet(self.moved(random, size * sides), classes)


class Moons(_TwoClasses):
    """Two half moons, each reaching into the other's hollow."""

    name: ClassVar[str] = "moons"
    title: ClassVar[str] = "Moons"
    stands_for: ClassVar[str] = "Classes that a straight line separates badly and a gentle curve well."

    def draw(self, random: np.random.Generator, count: int) -> PointSet:
        classes = even_classes(random, count, 2)
        side, angle = np.where(classes == 0, 1, -1), random.uniform(0, pi, count)
        moon = _polar(np.full(count, 0.55), angle) - (0.27, 0.14)
        return PointSet(self.moved(random, moon * side[:, None]), classes)


class Gaussians(_SomeClasses):
    """Round clouds of points, one for each class."""

    name: ClassVar[str] = "gaussians"
    title: ClassVar[str] = "Gaussians"
    noise: float = Field(default=0.15, ge=0, le=0.5,
                         description="How wide the clouds are: the spread of a normal distribution.")
    stands_for: ClassVar[str] = "Classes that straight lines separate: a single linear layer is enough."

    def draw(self, random: np.random.Generator, count: int) -> PointSet:
        classes = even_classes(random, count, self.number_of_classes)
        middles = _polar(np.full(count, 0.6), pi / 4 + 2 * pi * classes / self.number_of_classes)
        return PointSet(self.moved(random, middles), classes)


class Spiral(_SomeClasses):
    """Arms that wind around each other: which arm is a point of?"""

    noise: float = Field(default=0.02, ge=0, le=0.5,
                         description="How far points are moved off their place: the spread of a normal distribution.")
    turns: float = Field(default=1.25, ge=0.25, le=2, description="How often an arm winds around the middle.")
    name: ClassVar[str] = "spiral"
    title: ClassVar[str] = "Spiral"
    stands_for: ClassVar[str] = "Classes that only a strongly bent border separates (Lang and Witbrock 1988)."

    def draw(self, random: np.random.Generator, count: int) -> PointSet:
        arm, along = even_classes(random, count, self.number_of_classes), random.uniform(0.05, 1, count)
        angle = 2 * pi * (self.turns * along + arm / self.number_of_classes)
        return PointSet(self.moved(random, _polar(RADIUS * along, angle)), arm)


def _polar(radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Points `(N, 2)`; the angle runs from the right over the top."""
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)

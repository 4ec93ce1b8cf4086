"""Numbers over the plane: a tilted plane, and hills and hollows."""
from __future__ import annotations

from typing import ClassVar

import numpy as np

from dlviz.tasks.plane import DrawnPoints, PointSet

HILLS = ((-0.6, 0.3, 1), (0.0, 0.65, -1), (0.6, 0.3, 1),  # x, y, height
         (-0.6, -0.45, -1), (0.0, -0.25, 1), (0.6, -0.5, -1))
WIDTH = 0.28  # of a hill: its spread


class _Regression(DrawnPoints):
    metric: ClassVar[str] = "numbers right to within 0.1"

    def height(self, points: np.ndarray) -> np.ndarray:
        """What is to be said at points `(N, 2)`: `(N,)`, from -1 to 1."""
        raise NotImplementedError

    def draw(self, random: np.random.Generator, count: int) -> PointSet:
        """Points over the whole square; noise moves them after their height was taken."""
        points = random.uniform(-1, 1, (count, 2))
        heights = self.height(points).astype(np.float32)[:, None]
        return PointSet(self.moved(random, points), heights)


class Slope(_Regression):
    """A number at each point: it rises evenly from one corner of the square to the opposite one."""

    name: ClassVar[str] = "plane"
    title: ClassVar[str] = "Plane"
    stands_for: ClassVar[str] = "Linear regression."

    def height(self, points: np.ndarray) -> np.ndarray:
        return points.sum(1) / 2


class Hill(_Regression):
    """A number at each point: three hills and three hollows."""

    name: ClassVar[str] = "hill"
    title: ClassVar[str] = "Hills"
    stands_for: ClassVar[str] = "Regression of something that is not linear."

    def height(self, points: np.ndarray) -> np.ndarray:
        tops = np.array(HILLS)
        distances = ((points[:, None] - tops[None, :, :2]) ** 2).sum(2)
        return np.clip((np.exp(-distances / (2 * WIDTH ** 2)) * tops[:, 2]).sum(1), -1, 1)

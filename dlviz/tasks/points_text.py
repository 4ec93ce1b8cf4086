"""Points as one compact text, as experiments carry them: `-45 30 A; 12 8 B`, hundredths and the letter of the class."""
from __future__ import annotations

import re

import numpy as np

from dlviz.tasks.plane import EXTENT, LETTERS, PointSet

LEAST, MOST = 5, 400  # points: one for each of validation and test in five; the text is to fit into a link
STEPS = 100  # of a coordinate of 1
_POINT = re.compile(r"(-?\d{1,3}) (-?\d{1,3}) ([A-J])")


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

"""Reads points from the text of a CSV file: two columns of numbers and one of classes. Knows no page."""
from __future__ import annotations

import csv
import math

import numpy as np

from dlviz.errors import TaskError
from dlviz.tasks.plane import LETTERS, PointSet
from dlviz.tasks.points_text import LEAST, MOST, to_text
from dlviz.translation import Words, _, _n

MOST_CHARACTERS = 100_000
LONGEST_NAME = 30
FILLED = 0.95  # of the square, by the points that were read


def read(text: str) -> dict[str, str]:
    """The fields of the task whose points these are. TaskError, in one sentence, for what is no such file.

    Columns stand between commas, semicolons or tabs (between semicolons and tabs, 1,5 is a number too); a first line
    without numbers is a heading. Each axis is scaled to fill the square. The order is mixed, so that each class has
    its part in validation and test.
    """
    if len(text) > MOST_CHARACTERS:
        raise _refuse(_("may hold {most:,} characters at most", most=MOST_CHARACTERS),
                      _("it holds {count:,}", count=len(text)))
    rows = _rows(text)
    if not LEAST <= len(rows) <= MOST:
        raise _refuse(_("needs {most} to {most_2} points", most=LEAST, most_2=MOST),
                      _("it holds {count}", count=len(rows)))
    names = sorted({name for *_, name in rows})
    if not 2 <= len(names) <= len(LETTERS):
        raise _refuse(_("needs 2 to {count} different classes in its third column", count=len(LETTERS)),
                      _("it has {count}", count=len(names)))
    order = np.random.default_rng(0).permutation(len(rows))
    points = _scaled(np.array([(x, y) for x, y, _ in rows]))[order]
    labels = np.array([names.index(name) for *_, name in rows])[order]
    return {"coordinates": to_text(PointSet(points, labels)), "class_names": ", ".join(names)}


def _rows(text: str) -> list[tuple[float, float, str]]:
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    mark = next((mark for mark in ";\t" if lines and mark in lines[0]), ",")
    cells = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=mark)]
    heading = bool(cells) and all(_number(cell, mark) is None for cell in cells[0])
    return [_row(row, number, mark) for number, row in enumerate(cells, 1) if not (heading and number == 1)]


def _row(row: list[str], number: int, mark: str) -> tuple[float, float, str]:
    if len(row) != 3:
        raise _refuse(_("needs three columns, x, y and the class"),
                      _n("line {number} has {count:,} column", "line {number} has {count:,} columns", count=len(row),
                         number=number))
    x, y = (_number(cell, mark) for cell in row[:2])
    if x is None or y is None:
        wrong = row[0] if x is None else row[1]
        raise _refuse(_("needs numbers in its first two columns"),
                      _("{wrong!r} in line {number} is none", wrong=wrong[:30], number=number))
    name = row[2]
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable() or "," in name:
        raise _refuse(_("needs a class of 1 to {most} characters without a comma in its third column",
                        most=LONGEST_NAME),
                      _("line {number} has {name!r}", number=number, name=name[:LONGEST_NAME]))
    return x, y, name


def _number(cell: str, mark: str) -> float | None:
    try:
        value = float(cell if mark == "," else cell.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < 1e12 else None


def _scaled(points: np.ndarray) -> np.ndarray:
    """Each axis from -FILLED to FILLED; one on which all points are the same is 0."""
    low, high = points.min(0), points.max(0)
    middle, half = (low + high) / 2, (high - low) / 2
    return np.where(half > 0, (points - middle) / np.where(half > 0, half, 1) * FILLED, 0)


def _refuse(expected: Words, came: Words) -> TaskError:
    return TaskError(_("The file of points"), expected, came,
                     _("Choose a CSV file with a line such as 1.5, -0.3, cat for each point."))

"""A run's curves on the axes of a sketch: as many heights, from 0 to 1, as a learner has drawn. Knows no page."""
from __future__ import annotations

import numpy as np

from dlviz.lessons.lesson import Question
from dlviz.lessons.questions import CURVES, POINTS
from dlviz.runs.info import Snapshot

LOSS_TOP = 2.5  # of the axis for a loss, where the question says nothing: that of guessing among ten is 2.3


def top(question: Question, curve: str) -> float:
    """The value at the upper end of the axis."""
    return 1.0 if curve.endswith("accuracy") else question.high or LOSS_TOP


def heights(snapshot: Snapshot, question: Question) -> dict[str, list[float | None]]:
    """Each curve of the question as the run had it; None where it had no value yet, 1 where it left the axes."""
    found = {name: _resampled(*_column(snapshot, name), snapshot.info.planned_steps) for name in question.curves}
    return {name: [None if value is None else min(1.0, max(0.0, value / top(question, name))) for value in values]
            for name, values in found.items() if any(value is not None for value in values)}


def label(curve: str) -> str:
    """What the curve is called, in the current language."""
    return str(CURVES[curve])


def _column(snapshot: Snapshot, name: str) -> tuple[np.ndarray, np.ndarray]:
    split, _, what = name.partition("_")
    if split == "train":
        return np.asarray(snapshot.train["step"], float), np.asarray(snapshot.train[what], float)
    known = snapshot.evaluations
    values = [one.val_loss if what == "loss" else one.val_accuracy for one in known]
    return np.array([one.step for one in known], float), np.array(values, float)


def _resampled(steps: np.ndarray, values: np.ndarray, planned: int) -> list[float | None]:
    """At evenly spread steps from 0 to the last planned; a noisy curve as the mean around each."""
    good = np.isfinite(values)
    steps, values = steps[good], values[good]
    if not len(steps) or not planned:
        return [None] * POINTS
    at = np.linspace(0, planned, POINTS)
    near = [values[np.abs(steps - one) <= planned / (2 * (POINTS - 1))] for one in at]
    line = np.interp(at, steps, values)
    return [float(some.mean()) if len(some) else float(line[index]) if steps[0] <= at[index] <= steps[-1] else None
            for index, some in enumerate(near)]

"""Whether a run's accuracy is good against chance, which decides the colour in which it is said. Draws nothing."""
from __future__ import annotations

from dlviz import tasks
from dlviz.runs.info import RunInfo


def is_good(info: RunInfo) -> bool:
    """At least half of what lies between guessing and no mistake; without a test accuracy nothing is good."""
    if info.test_accuracy is None:
        return False
    chance = chance_of(info)
    return info.test_accuracy - chance >= (1 - chance) / 2


def chance_of(info: RunInfo) -> float:
    """The accuracy of blind guesses: one in as many as there are classes, for each symbol that must be right."""
    task = info.experiment.task
    signature = tasks.get(task.name, task.fields).signature()
    if signature.loss != "cross_entropy":
        return 0.0  # a number within a tolerance
    *lengths, classes = signature.out_shape.axes
    return (1 / classes) ** (lengths[0] if signature.exact_match and lengths else 1)

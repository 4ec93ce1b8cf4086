"""A study preset on a design of the user's own: quick enough for a class, on little data where needed.

Only how much is trained is changed (the share of the data and the epochs), never what is. Knows no run.
"""
from __future__ import annotations

import math

from dlviz import tasks
from dlviz.runs.estimate import training_seconds
from dlviz.spec import Experiment
from dlviz.tasks import Task

ENOUGH = 25.0  # seconds that all runs of a study may take as far as arithmetic can tell; in truth it is more
CORES = 2  # that they share on a small machine
SAMPLES = 1_100  # little data: some of it is learned by heart within these
EPOCHS = 40  # on little data
LEAST = 5  # epochs on little data, however slow the network is


def little(own: Experiment, runs: int) -> Experiment:
    """The design on about `SAMPLES` samples, for `EPOCHS` epochs (or its own), while there is time."""
    if not _task(own).supervised:
        return quick(own, runs)
    size = _size(own)
    train_fraction = min(own.training.train_fraction, float(f"{SAMPLES / size:.2g}"))
    per_epoch = math.ceil(train_fraction * size / own.training.batch_size)
    epochs = max(LEAST, min(max(EPOCHS, own.training.epochs), _steps(own, runs) // per_epoch))
    return _with(own, train_fraction, epochs)


def quick(own: Experiment, runs: int) -> Experiment:
    """The design on as much of its data, for as many of its epochs, as there is time for."""
    training = own.training
    per_epoch = training.steps_per_epoch(_size(own) if _task(own).supervised else None)
    steps, planned = _steps(own, runs), per_epoch * training.epochs
    if planned <= steps:
        return own
    if not _task(own).supervised:
        return _with(own, training.train_fraction, max(1, round(steps / per_epoch)))
    train_fraction = max(training.train_fraction * steps / planned, min(training.train_fraction, SAMPLES / _size(own)))
    train_fraction = float(f"{train_fraction:.1g}")
    left = math.ceil(train_fraction * _size(own) / training.batch_size)
    return _with(own, train_fraction, max(1, min(training.epochs, round(steps / left))))


def _steps(own: Experiment, runs: int) -> int:
    """How many updates each of the runs may make."""
    return max(1, int(CORES * ENOUGH / runs / training_seconds(own, 1)))


def _task(own: Experiment) -> Task:
    return tasks.get(own.task.name, own.task.fields)


def _size(own: Experiment) -> int:
    return _task(own).size("train")


def _with(own: Experiment, train_fraction: float, epochs: int) -> Experiment:
    training = own.training.model_copy(update={"train_fraction": train_fraction, "epochs": epochs})
    return own.model_copy(update={"training": training})

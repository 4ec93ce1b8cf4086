"""How long a training or a survey would take, told from the arithmetic alone. A rough word, never a promise."""
from __future__ import annotations

from dlviz import network as net
from dlviz import tasks
from dlviz.spec import Experiment

PASSES = 3  # multiply-adds of an update: forward once, backward twice
A_SECOND = 8e9  # multiply-adds that one core does in training small networks
A_STEP = 0.6e-3  # seconds that each update costs beside them


def training_seconds(experiment: Experiment, steps: int) -> float:
    """About how many seconds `steps` updates take on one core."""
    task = tasks.get(experiment.task.name, experiment.task.fields)
    cost = net.check(experiment.network, task.signature()).multiply_adds
    return steps * (A_STEP + PASSES * cost * experiment.training.batch_size / A_SECOND)


def measuring_seconds(experiment: Experiment, samples: int, times: int) -> float:
    """About how many seconds one core takes to measure the loss of `samples` samples so many times."""
    task = tasks.get(experiment.task.name, experiment.task.fields)
    cost = net.check(experiment.network, task.signature()).multiply_adds
    return times * (A_STEP + cost * samples / A_SECOND)

"""A norm over the batch and batches of one sample: said before the training, and only where torch would refuse it."""
from __future__ import annotations

import pytest

from dlviz import tasks
from dlviz.algorithms import DQN, REINFORCE, ActorCritic
from dlviz.errors import SpecError
from dlviz.presets.base import layers, linear
from dlviz.spec import Experiment, TaskSpec, TrainingSpec
from dlviz.training import events as ev
from dlviz.training import lone_samples
from dlviz.training.loop import train

FLAT, NORM = ("flat", "Flatten"), ("norm", "BatchNorm1d")
MAPS = (("conv", "Conv2d", {"out_channels": 2, "kernel_size": 3}), ("norm", "BatchNorm2d"), ("relu", "ReLU"), FLAT)


def experiment(task: str, *rows: tuple, fields: dict | None = None, **training: object) -> Experiment:
    return Experiment(network=layers(*rows), task=TaskSpec(name=task, fields=fields or {}),
                      training=TrainingSpec(**{"epochs": 1, **training}))


@pytest.mark.parametrize(("made", "which"), [
    (experiment("spiral", linear("hidden", 4), NORM, linear("out", 2), batch_size=1), "a batch"),
    (experiment("spiral", linear("hidden", 4), NORM, linear("out", 2), fields={"samples": 501}, batch_size=10),
     "the last batch of an epoch"),
    (experiment("catch", FLAT, linear("hidden", 4), NORM, linear("out", 3), batch_size=1), "a batch"),
    (experiment("cartpole", linear("hidden", 4), NORM, linear("out", 2), batch_size=1,
                algorithm=ActorCritic(copies=1)), "a batch"),
    (experiment("gridworld", FLAT, linear("hidden", 4), NORM, linear("out", 4), batch_size=1, algorithm=REINFORCE()),
     "a batch"),
])
def test_a_norm_over_one_number_is_refused_in_a_sentence(made: Experiment, which: str):
    task = tasks.get(made.task.name, made.task.fields)
    size = task.size("train") if task.supervised else 0
    if which.startswith("the last"):
        assert size % made.training.batch_size == 1
    with pytest.raises(SpecError, match=f"needs two or more, but {which} has one. Choose another batch_size") as caught:
        list(train(made, device="cpu"))
    assert caught.value.sentence.startswith("Layer norm (BatchNorm1d) takes mean and spread")


@pytest.mark.parametrize("made", [
    experiment("spiral", linear("hidden", 4), NORM, linear("out", 2), batch_size=2),
    experiment("spiral", linear("hidden", 4), ("norm", "LayerNorm"), linear("out", 2), batch_size=1),
    experiment("catch", *MAPS, linear("out", 3), batch_size=1, algorithm=DQN(copies=1, memory=20)),
    experiment("cartpole", linear("hidden", 4), NORM, linear("out", 2), batch_size=1,
               algorithm=ActorCritic(copies=2)),
])
def test_what_has_enough_numbers_trains(made: Experiment):
    task = tasks.get(made.task.name, made.task.fields)
    lone_samples.require(made, task)
    assert any(isinstance(event, ev.Step) for event, _ in zip(train(made, device="cpu"), range(6)))

"""Training loops that misbehave on purpose, to test the processes around them. Loaded by name in workers."""
from __future__ import annotations

import os
import time

from dlviz.errors import TaskError
from dlviz.training import events as ev
from dlviz.training.control import Save, Stop


def warm() -> None:
    """Nothing to load."""


def raises(experiment, control, *, checkpoint, resume, device):
    yield ev.Started(0, 10, 5, "cpu", 1)
    yield ev.Step(1, 0.5, 0.5, 0.1)
    raise ValueError("the weights are\ngone fishing")


def out_of_memory(experiment, control, *, checkpoint, resume, device):
    yield ev.Started(0, 10, 5, "cpu", 1)
    raise MemoryError


def missing_data(experiment, control, *, checkpoint, resume, device):
    raise TaskError("The file t10k", "has 7 bytes", "it has 6", "Put it back.")
    yield


def dies(experiment, control, *, checkpoint, resume, device):
    """Is killed in its second step, each time, before any checkpoint."""
    yield ev.Started(0, 10, 5, "cpu", 1)
    yield ev.Step(1, 0.5, 0.5, 0.1)
    os.kill(os.getpid(), 9)


def deaf(experiment, control, *, checkpoint, resume, device):
    """Trains and never listens; writes a checkpoint only when asked to, which it never notices."""
    yield ev.Started(0, 10**9, 10**9, "cpu", 1)
    for step in range(1, 10**9):
        yield ev.Step(step, 0.5, 0.5, 0.1)
        time.sleep(0.01)


def obedient(experiment, control, *, checkpoint, resume, device):
    """Counts steps through a checkpoint that is only a number."""
    step = int(checkpoint.read_text()) if checkpoint.exists() else 0
    yield ev.Started(step, 10**9, 10**9, "cpu", 1)
    while True:
        match control.take():
            case Save():
                checkpoint.write_text(str(step))
                yield ev.Checkpointed(step, str(checkpoint))
            case Stop():
                yield ev.Ended(step, "stopped")
                return
        step += 1
        yield ev.Step(step, 1 / step, 0.5, 0.1)
        time.sleep(0.001)


def greedy(experiment, control, *, checkpoint, resume, device):
    """Takes 20 MB a step, up to 1 GB."""
    import torch

    yield ev.Started(0, 50, 50, "cpu", 1)
    taken = []
    for step in range(1, 51):
        taken.append(torch.ones(5_000_000))
        yield ev.Step(step, 0.5, 0.5, 0.1)
    yield ev.Ended(50, "stopped")

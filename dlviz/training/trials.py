"""Tries changes to an experiment on short copies: what do they reach in the same few updates from the same seed?

Beside it the oldest check of all: can the network learn one batch by heart (Karpathy, A Recipe for Training Neural
Networks, 2019)? Bounded in updates and in CPU time. Knows no process, no page, and not what a change is for.
"""
from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import count, islice

import torch

from dlviz.spec import Experiment
from dlviz.training import metrics
from dlviz.training.events import Outcome, Progressed, TrialsCompared
from dlviz.training.learner import Learner

STEPS = 300  # updates of each copy, unless the experiment plans fewer
SECONDS = 20.0  # of CPU time for the first copy, and for the batch; later copies make as many updates as the first
FEWEST = 20  # updates that are made whatever they cost
SAMPLES = 1_000  # of the validation split that copies are judged on
BATCH, BATCH_STEPS = 16, 150  # samples of the one batch, and updates to learn it
HALVED = 0.1  # of the validation loss: how much lower it must be to count as better


def compare(experiment: Experiment, changed: Sequence[Experiment], device: str | None = None,
            clock: Callable[[], float] = time.process_time) -> Iterator[Progressed | TrialsCompared]:
    """Train a short copy of the experiment, then of each changed one until one is better; Tried on the way.

    The last event is Compared. Nothing of it is kept. SpecError or TaskError for what cannot be trained.
    """
    of = (len(changed) + 1) * STEPS + BATCH_STEPS
    losses: list[tuple[float, float]] = []
    for pair in _by_heart(Learner(_on_one_batch(experiment), device), clock):
        losses.append(pair)
        yield Progressed(len(losses), of)
    first = yield from _copy(experiment, device, STEPS, clock, BATCH_STEPS, of)
    outcomes: list[Outcome] = []
    for number, change in enumerate(changed, start=1):
        begun = BATCH_STEPS + number * STEPS
        outcomes.append((yield from _copy(change, device, first.steps, None, begun, of)))
        if better(outcomes[-1], first):
            break
    yield TrialsCompared(first, tuple(outcomes), losses[0][0], *losses[-1])


def better(outcome: Outcome, than: Outcome) -> bool:
    """Whether a change helped: a clearly lower validation loss, or clearly more right at no higher loss."""
    if not math.isfinite(outcome.val_loss):
        return False
    if not math.isfinite(than.val_loss):
        return True
    more = outcome.val_accuracy - than.val_accuracy
    return more > -0.02 and (outcome.val_loss < (1 - HALVED) * than.val_loss
                             or (more > 0.03 and outcome.val_loss <= than.val_loss))


def _copy(experiment: Experiment, device: str | None, steps: int, clock: Callable[[], float] | None, done: int,
          of: int) -> Generator[Progressed, None, Outcome]:
    learner = Learner(experiment, device)
    began = clock() if clock else 0.0
    for batch in islice(_batches(learner), min(steps, learner.planned_steps)):
        if not math.isfinite(learner.update(batch).loss):
            break
        yield Progressed(done + learner.step, of)
        if clock and learner.step >= FEWEST and clock() - began > SECONDS:
            break
    judged = metrics.evaluate(learner.network, learner.val.first(SAMPLES), learner.device, learner.step, details=False)
    return Outcome(learner.step, judged.val_loss, judged.val_accuracy)


def _batches(learner: Learner) -> Iterator[torch.Tensor]:
    return (batch for epoch in count() for batch in learner.batches(epoch, 0))


def _on_one_batch(experiment: Experiment) -> Experiment:
    """The experiment with small batches and a rate that stays; one of them will be the only one."""
    training = experiment.training.model_copy(update={"batch_size": min(BATCH, experiment.training.batch_size)})
    return experiment.model_copy(update={"training": training})


def _by_heart(learner: Learner, clock: Callable[[], float]) -> Iterator[tuple[float, float]]:
    """Loss and accuracy of one and the same batch, again and again."""
    batch, began = next(learner.batches(0, 0)), clock()
    while learner.step < BATCH_STEPS and (learner.step < FEWEST or clock() - began < SECONDS):
        step = learner.update(batch)
        yield step.loss, step.accuracy
        if not math.isfinite(step.loss):
            return

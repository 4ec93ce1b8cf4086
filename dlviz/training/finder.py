"""A search for a learning rate: it rises a thousandfold and more over 100 batches while the loss is watched.

Leslie N. Smith, Cyclical Learning Rates for Training Neural Networks, 2017. It works on a copy with the weights and
the optimizer's state of the moment, so training goes on as if nothing had been. Knows no process and no page.
"""
from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from itertools import count, islice

import numpy as np
import torch

from dlviz.schedules import Plan
from dlviz.training.events import Found, Tried
from dlviz.training.learner import Learner

LOW, HIGH = 1e-6, 10.0  # the first and the last rate
STEPS = 100
WORSE = 4.0  # times the lowest loss: there is nothing more to see beyond
WIDTH = 2.5  # rates over which the loss is averaged, as the spread of a Gaussian
SKIPPED = 3  # rates at the start whose slope is noise
FALL = 0.03  # share of the first loss that a fall must have to count


class _Rising:
    """In a schedule's place: from LOW to HIGH, each rate the same number of times as large as the one before."""

    def at(self, step: int, plan: Plan) -> float:
        return rate(step)


def rate(step: int) -> float:
    return LOW * (HIGH / LOW) ** (step / (STEPS - 1))


def search(state: Learner) -> Iterator[Tried | Found]:
    """Try the rates one after the other; Tried after each, and Found at the end. `state` is left as it is."""
    losses: list[float] = []
    devices = [state.device] if state.device.type == "cuda" else []
    with torch.random.fork_rng(devices):
        learner = _copied(state)
        for batch in islice(_batches(state), STEPS):
            losses.append(learner.update(batch).loss)
            yield Tried(len(losses), STEPS)
            if not math.isfinite(losses[-1]) or _averaged(losses)[-1] > WORSE * max(min(_averaged(losses)), 1e-9):
                break
    yield found(np.array([rate(step) for step in range(len(losses))]), np.array(losses))


def _copied(state: Learner) -> Learner:
    """A learner of its own with the same weights and optimizer state; data and task are shared."""
    learner = copy.copy(state)
    learner.start_over()
    learner.network.load_state_dict(state.network.state_dict())
    learner.optimizer.load_state_dict(copy.deepcopy(state.optimizer.state_dict()))
    learner.optimizer.param_groups[0]["initial_lr"] = 1.0
    learner.schedule, learner.falls = _Rising(), None
    return learner


def _batches(state: Learner) -> Iterator[torch.Tensor]:
    """Batches of an order that no epoch of the run has; begun anew when the data is short."""
    orders = (state.batches(-epoch, 0) for epoch in count(1))
    return (batch for order in orders for batch in order)


def _averaged(losses: list[float]) -> list[float]:
    """Each loss with the few before it: what ends the search, so that one bad batch does not."""
    return [sum(losses[max(0, i - 4):i + 1]) / len(losses[max(0, i - 4):i + 1]) for i in range(len(losses))]


def found(rates: np.ndarray, losses: np.ndarray) -> Found:
    """The rate at which the loss falls fastest, and why; from losses of rising rates, both `(n,)`."""
    kept = np.isfinite(losses)
    rates, losses = rates[kept], losses[kept]
    smoothed = smooth(losses)
    chosen = steepest(rates, smoothed)
    suggestion = None if chosen is None else float(f"{rates[chosen]:.2g}")
    return Found(rates.astype(np.float32), losses.astype(np.float32), smoothed.astype(np.float32), suggestion,
                 _sentence(rates, smoothed, suggestion))


def smooth(losses: np.ndarray) -> np.ndarray:
    """Each loss averaged with its neighbours on both sides, the nearest counting most."""
    at = np.arange(len(losses))
    weights = np.exp(-(at[:, None] - at[None]) ** 2 / (2 * WIDTH ** 2))
    return weights @ losses / weights.sum(1)


def steepest(rates: np.ndarray, smoothed: np.ndarray) -> int | None:
    """Where the loss falls fastest on the way to its lowest point; None where it hardly falls."""
    lowest = int(smoothed.argmin()) if len(smoothed) else 0
    if lowest <= SKIPPED or smoothed[:lowest].max() - smoothed[lowest] < FALL * smoothed[0]:
        return None
    slope = np.gradient(smoothed, np.log(rates))
    return SKIPPED + int(slope[SKIPPED:lowest].argmin())


def _sentence(rates: np.ndarray, smoothed: np.ndarray, suggestion: float | None) -> str:
    if suggestion is None:
        return ("The loss fell at no learning rate that was tried, so there is none to suggest. The network may be "
                "too deep for its activations, or its first weights may be unlucky: try another init or seed.")
    lowest = rates[int(smoothed.argmin())]
    return (f"At {suggestion:g} the loss falls fastest (the steepest descent). It is lowest at about {lowest:.1g} and "
            "rises soon after: a rate there would be on the brink, so one well before it is taken.")

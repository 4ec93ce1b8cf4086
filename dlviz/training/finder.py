"""A search for a learning rate: it rises a thousandfold and more over 100 batches while the loss is watched.

Leslie N. Smith, Cyclical Learning Rates for Training Neural Networks, 2017. What the curve suggests is then tried
for some batches each, since the fastest fall is often only that to guessing the commonest answer. It works on a copy
with the weights and the optimizer's state of the moment, so training goes on as if nothing had been. Knows no process
and no page.
"""
from __future__ import annotations

import copy
import math
from collections.abc import Generator, Iterator
from dataclasses import replace
from itertools import count, islice

import numpy as np
import torch

from dlviz import chance
from dlviz.schedules import Constant
from dlviz.training.events import Progressed, RateFound, Suggestion
from dlviz.training.learner import Learner

LOW, HIGH = 1e-6, 10.0  # the first and the last rate
STEPS = 100
WORSE = 4.0  # times the lowest loss: there is nothing more to see beyond
WIDTH = 2.5  # rates over which the loss is averaged, as the spread of a Gaussian
SKIPPED = 3  # rates at the start whose slope is noise
TRIAL, MOST = 150, 4  # batches for which each suggestion is tried, and how many there are at most
LAST = 30  # batches at the end of a trial whose loss counts
NOTHING = ("The loss fell at no learning rate that was tried, so there is none to suggest. The network may be too deep "
           "for its activations, or its first weights may be unlucky: try another init or seed.")
FALL = 0.03  # share of the first loss that a fall must have to count


def rate(step: int) -> float:
    """From LOW to HIGH, each rate the same number of times as large as the one before."""
    return LOW * (HIGH / LOW) ** (step / (STEPS - 1))


def search(state: Learner) -> Iterator[Progressed | RateFound]:
    """Try the rates one after the other; Tried after each, and Found at the end. `state` is left as it is."""
    with chance.restored([state.device] if state.device.type == "cuda" else []):
        losses = yield from _rise(state)
        rates = np.array([rate(step) for step in range(len(losses))])
        curve = found(rates, np.array(losses))
        trials: dict[float, list[float]] = {}
        for suggestion in curve.suggestions:
            trials[suggestion.rate] = yield from _trial(state, suggestion.rate, len(losses) + TRIAL * len(trials),
                                                        len(losses) + TRIAL * len(curve.suggestions))
    yield decided(curve, trials)


def _rise(state: Learner) -> Generator[Progressed, None, list[float]]:
    """The losses of rising rates."""
    losses: list[float] = []
    learner = _copied(state)
    for batch in islice(_batches(state), STEPS):
        losses.append(learner.update(batch).loss)
        yield Progressed(len(losses), STEPS + TRIAL * MOST)
        if not math.isfinite(losses[-1]) or _averaged(losses)[-1] > WORSE * max(min(_averaged(losses)), 1e-9):
            break
    return losses


def _trial(state: Learner, value: float, done: int, of: int) -> Generator[Progressed, None, list[float]]:
    """The losses of a short training from the same weights, on the same batches, with one rate."""
    losses: list[float] = []
    learner = _copied(state)
    learner.optimizer.param_groups[0]["initial_lr"] = value
    learner.set_schedule(Constant())
    for batch in islice(_batches(state), TRIAL):
        losses.append(learner.update(batch).loss)
        yield Progressed(done + len(losses), of)
        if not math.isfinite(losses[-1]):
            break
    return losses


def _copied(state: Learner) -> Learner:
    """A learner of its own with the same weights and optimizer state; data and task are shared."""
    learner = copy.copy(state)
    learner.reset()
    learner.network.load_state_dict(state.network.state_dict())
    learner.optimizer.load_state_dict(copy.deepcopy(state.optimizer.state_dict()))
    learner.optimizer.param_groups[0]["initial_lr"] = 1.0
    learner.lr_lambda, learner.plateau = rate, None  # rises in a schedule's place
    return learner


def _batches(state: Learner) -> Iterator[torch.Tensor]:
    """Batches of an order that no epoch of the run has; begun anew when the data is short."""
    orders = (state.batches(-epoch, 0) for epoch in count(1))
    return (batch for order in orders for batch in order)


def _averaged(losses: list[float]) -> list[float]:
    """Each loss with the few before it: what ends the search, so that one bad batch does not."""
    return [sum(losses[max(0, i - 4):i + 1]) / len(losses[max(0, i - 4):i + 1]) for i in range(len(losses))]


def found(rates: np.ndarray, losses: np.ndarray) -> RateFound:
    """What to make of the losses of rising rates, both `(n,)`; the first suggestion counts until all were tried."""
    finite = np.isfinite(losses)
    rates, losses = rates[finite], losses[finite]
    smoothed = smooth(losses)
    ways = suggestions(rates, smoothed)
    return RateFound(rates.astype(np.float32), losses.astype(np.float32), smoothed.astype(np.float32),
                 ways[0].rate if ways else None, ways[0].reason if ways else NOTHING, ways)


def decided(curve: RateFound, trials: dict[float, list[float]]) -> RateFound:
    """The same with the suggestion that did best when it was tried; of several that did as well, the middle one."""
    if not trials:
        return curve
    ends = {value: np.array(losses[-LAST:]) for value, losses in trials.items() if np.isfinite(losses).all()}
    if not ends:
        return replace(curve, suggestion=None, sentence=NOTHING, suggestions=())
    best = min(ends.values(), key=np.mean)
    room = best.mean() + 2 * best.std() / math.sqrt(len(best))
    equal = sorted(value for value, end in ends.items() if end.mean() <= room)
    chosen = equal[len(equal) // 2]
    ways = tuple(replace(way, loss=float(ends[way.rate].mean()) if way.rate in ends else None)
                 for way in curve.suggestions)
    reason = next(way.reason for way in ways if way.rate == chosen)
    place = ("the middle one" if len(equal) % 2 else "the larger one" if len(equal) == 2 else
             "the larger of the two in the middle")
    why = (f"Each was tried for {TRIAL} batches: {chosen:g} came to the lowest loss" if len(equal) == 1 else
           f"Each was tried for {TRIAL} batches: {len(equal)} did equally well, and {chosen:g} is {place}")
    return replace(curve, suggestion=chosen, sentence=f"{reason} {why}.", suggestions=ways)


def suggestions(rates: np.ndarray, smoothed: np.ndarray) -> tuple[Suggestion, ...]:
    """Rates that the curve speaks for, each with its reason; none where the loss hardly falls."""
    steep, lowest = steepest(rates, smoothed), int(smoothed.argmin()) if len(smoothed) else 0
    if steep is None:
        return ()
    first, last = valley(smoothed)
    inside, tenth = _round(rates[first + 2 * (last - first) // 3]), _round(rates[lowest] / 10)
    middle = _round(math.sqrt(inside * tenth))
    ways = (Suggestion(middle, "Middle", f"{middle:g} lies half way, on this scale, between the valley and a tenth of "
                                         "the lowest point."),
            Suggestion(inside, "Valley",
                       f"At {inside:g} two thirds of the longest unbroken fall are done (the valley)."),
            Suggestion(tenth, "Tenth", f"{tenth:g} is a tenth of the rate at which the loss is lowest; there the "
                                       "network is on the brink."),
            Suggestion(_round(rates[steep]), "Steepest", f"At {_round(rates[steep]):g} the loss falls fastest (the "
                                                         "steepest descent)."))
    return tuple({way.rate: way for way in reversed(ways)}.values())[::-1]


def _round(value: float) -> float:
    return float(f"{value:.2g}")


def valley(smoothed: np.ndarray) -> tuple[int, int]:
    """Where the longest stretch begins and ends on which the loss falls without a break."""
    falls = np.concatenate([[False], np.diff(smoothed) < 0, [False]])
    edges = np.flatnonzero(np.diff(falls.astype(int)))
    begins, ends = edges[::2], edges[1::2]
    longest = int((ends - begins).argmax())
    return int(begins[longest]), int(ends[longest])


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

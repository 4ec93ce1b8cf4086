"""What the doctor reads of a run: its past as columns, and the few summaries that all checks share.

Knows no illness. Every summary is None where there is too little to say.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dlviz import layers
from dlviz.layers import Layer
from dlviz.layers.traits import Traits
from dlviz.network import LayerReport, NetworkReport
from dlviz.probes.health import LayerHealth
from dlviz.spec import Experiment
from dlviz.training.events import Ended, Evaluated, Health
from dlviz.training.history import History

STEPS = 30  # updates before much can be said
HEALTH_CHECKS = 3  # of its health
LEARNS = 0.8  # of the first loss: a network that is still above it has learned next to nothing
BETTER = 0.95  # of the loss of the best constant answer: so much below it, a network makes use of its input
KNOWN = 0.9  # share right: whoever gets so much right is not in need of a doctor's design
CLOSE = 0.2  # of the loss of the best constant answer: what counts as known where answers are numbers
PATIENCE = 120  # updates before a loss that stands still means something
AROUND = 10  # updates whose mean loss stands for one of them
CREEPING = 1e-4  # of the weights: an update this small gets nowhere
DONE = 0.5  # of the first loss: below it a slow training may simply be nearly done
FAR = 4.0  # times the first loss
FLAT = 0.05  # of the loss: less change than that from one quarter of the run to the next is standing still


@dataclass(frozen=True)
class RunRecord:
    """A run's past.

    Attributes:
        train: the columns `loss`, `accuracy`, `learning_rate`, one value an update.
        ended: how training ended; None where a process was lost, or is still at work.
        over: whether nothing more will come.
        chance_loss: the loss of a network that knows nothing; None where nobody has worked it out.
        constant_loss: the loss of the best answer that ignores its input.
    """

    train: Mapping[str, np.ndarray]
    evaluations: Sequence[Evaluated]
    health: Sequence[Health]
    ended: Ended | None = None
    over: bool = False
    chance_loss: float | None = None
    constant_loss: float | None = None

    @classmethod
    def of(cls, history: History) -> RunRecord:
        train = {name: column.values for name, column in history.train.items()}
        started = history.started
        return cls(train, history.evaluations, history.health, history.ended, history.ended is not None,
                   started and started.chance_loss, started and started.constant_loss)


@dataclass(frozen=True)
class RunEvidence:
    """One run before the doctor."""

    experiment: Experiment
    report: NetworkReport
    record: RunRecord

    @property
    def steps(self) -> int:
        return len(self.record.train["loss"])

    @property
    def diverged(self) -> bool:
        return self.record.ended is not None and self.record.ended.reason == "diverged"

    @property
    def young(self) -> bool:
        """Whether it has too little of a past to be judged by it."""
        return not self.diverged and not self.ruined and (self.steps < STEPS or len(self.record.health) < HEALTH_CHECKS)

    @property
    def ruined(self) -> bool:
        """Whether it has ended far above where it began."""
        return self.over and self.last_loss > FAR * self.first_loss

    @property
    def over(self) -> bool:
        return self.record.over or self.record.ended is not None

    # the curve

    @cached_property
    def first_loss(self) -> float:
        """Before the first update: that of a network that guesses."""
        return _mean(self.record.train["loss"][:1])

    @cached_property
    def last_loss(self) -> float:
        return _mean(self.record.train["loss"][-self.window:])

    @property
    def window(self) -> int:
        """Updates that stand for 'now'."""
        return max(10, self.steps // 10)

    @property
    def accuracy(self) -> float:
        """Share that was right in the last batches."""
        return _mean(self.record.train["accuracy"][-self.window:])

    @cached_property
    def peak_loss(self) -> float:
        """The highest that was a number."""
        known = self.record.train["loss"][np.isfinite(self.record.train["loss"])]
        return float(known.max()) if len(known) else math.nan

    @cached_property
    def reached(self) -> float:
        """The lower of the last losses in training and validation: dropout makes training look worse than it is."""
        validated = [each.val_loss for each in self.record.evaluations[-1:]]
        return min(value for value in (self.last_loss, *validated, math.inf) if not math.isnan(value))

    @property
    def learns(self) -> bool:
        """Whether its loss has fallen noticeably, and below what can be had without looking at the input."""
        return self.reached < LEARNS * self.first_loss and not self.ignores

    @property
    def ignores(self) -> bool:
        """Whether the best answer that ignores its input is as good; False where that is not known."""
        constant = self.record.constant_loss
        return constant is not None and self.reached > BETTER * constant

    @property
    def knows(self) -> bool:
        """Whether it does well: most answers right, or numbers close to their targets."""
        if self.accuracy >= KNOWN or any(each.val_accuracy >= KNOWN for each in self.record.evaluations[-1:]):
            return True
        numbers, constant = self.report.signature.loss == "mse", self.record.constant_loss
        return numbers and constant is not None and self.reached < CLOSE * constant

    @property
    def creeps(self) -> bool:
        """Whether its updates are so small that it is still about where it began."""
        ratio = self.update_ratio(self.brisk)
        return ratio is not None and ratio < CREEPING and self.last_loss >= DONE * self.first_loss

    @cached_property
    def resting(self) -> bool:
        """Whether its loss hardly falls any more while it hurries."""
        if len(self.brisk_losses) < PATIENCE:
            return False
        part = len(self.brisk_losses) // 4
        earlier, (before, now) = _mean(self.brisk_losses[part:2 * part]), self.quarters
        return now >= (1 - FLAT) * before and now >= (1 - 2 * FLAT) * earlier

    @cached_property
    def useful_from(self) -> int:
        """The first step around which it beat the best constant answer; the first of all where that is not known."""
        losses, constant = self.record.train["loss"], self.record.constant_loss
        if constant is None or len(losses) < AROUND:
            return 1
        means = np.convolve(losses, np.full(AROUND, 1 / AROUND), "valid")
        below = np.flatnonzero(means < BETTER * constant)
        return int(below[0]) + AROUND if len(below) else len(losses) + 1

    @property
    def settled(self) -> bool:
        """Whether what it has reached may be held against it."""
        return self.over or self.resting

    @cached_property
    def quarters(self) -> tuple[float, float]:
        """Mean loss of the last two quarters of the updates while it hurried."""
        part = max(1, len(self.brisk_losses) // 4)
        return _mean(self.brisk_losses[-2 * part:-part]), _mean(self.brisk_losses[-part:])

    @property
    def rate(self) -> float:
        """The learning rate that it began with; a schedule or its user may have changed it since."""
        return self.experiment.training.optimizer.learning_rate

    # the layers

    @cached_property
    def declared(self) -> dict[str, Layer]:
        """Each layer with its fields."""
        return {spec.name: layers.declare(spec.kind, spec.fields) for spec in self.experiment.network.layers}

    @cached_property
    def traits(self) -> dict[str, Traits]:
        return {name: layer.traits() for name, layer in self.declared.items()}

    @cached_property
    def gains(self) -> dict[str, float]:
        """How much larger than what comes in a layer's first sums are, where its first weights were chosen."""
        found = {layer.name: self.declared[layer.name].gain(*layer.known_in_shapes)
                 for layer in self.report.layers if layer.name in self.weighted}
        return {name: gain for name, gain in found.items() if gain is not None}

    def activations(self, condition: Callable[[Traits], bool]) -> list[str]:
        """The activations for which `condition` holds, in the network's order."""
        return [name for name, traits in self.traits.items() if traits.pointwise and condition(traits)]

    @cached_property
    def above(self) -> dict[str, frozenset[str]]:
        """For each layer, all that its output depends on: layers and inputs."""
        found: dict[str, frozenset[str]] = {}
        for layer in self.report.layers:
            found[layer.name] = frozenset(layer.inputs).union(*(found.get(name, ()) for name in layer.inputs))
        return found

    def layers_of(self, condition: Callable[[LayerReport], bool]) -> list[LayerReport]:
        return [layer for layer in self.report.layers if condition(layer)]

    @cached_property
    def weighted(self) -> list[str]:
        """Layers with weights that mix numbers, in the network's order; normalizations only scale."""
        def mixes(layer: LayerReport) -> bool:
            return layer.cost.parameters > 0 and not self.traits[layer.name].normalizes

        return [layer.name for layer in self.layers_of(mixes)]

    @cached_property
    def recent(self) -> Sequence[Health]:
        """The health checks of the last third, at least `HEALTH_CHECKS`."""
        count = max(HEALTH_CHECKS, len(self.record.health) // 3)
        return self.record.health[-count:]

    def median(self, name: str, read: Callable[[LayerHealth], float | None],
               health_checks: Iterable[Health] | None = None) -> float | None:
        """Of one number of one layer over the recent looks (or those given), leaving out what is no
        number."""
        health_checks = self.recent if health_checks is None else health_checks
        values = [read(health_check.layers[name]) for health_check in health_checks if name in health_check.layers]
        return median(values)

    def update_ratio(self, health_checks: Iterable[Health] | None = None) -> float | None:
        """How far an update moves the weights, as a share of them: of the layer in the middle."""
        health_checks = list(self.recent if health_checks is None else health_checks)
        return median(self.median(name, lambda layer: layer.update_ratio, health_checks) for name in self.weighted)

    @cached_property
    def _hurries(self) -> np.ndarray:
        """For each update whether the learning rate was at least half its highest: a schedule may end near
        zero."""
        rates = self.record.train["learning_rate"]
        return rates >= rates.max(initial=0) / 2

    @property
    def brisk(self) -> list[Health]:
        """Health checks at times when it hurried."""
        last = len(self._hurries)
        return [health_check for health_check in self.record.health if last
                and self._hurries[min(health_check.step, last) - 1]]

    @cached_property
    def brisk_losses(self) -> np.ndarray:
        """The loss of each update while it hurried."""
        return self.record.train["loss"][self._hurries]

    def gradient(self, health_check: Health) -> float:
        """Length of the whole gradient in one look; may be infinite or NaN."""
        norms = [layer.gradient_norm for layer in health_check.layers.values() if layer.gradient_norm is not None]
        return math.hypot(*norms)


def median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None and math.isfinite(value)]
    return float(np.median(known)) if known else None


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else math.nan

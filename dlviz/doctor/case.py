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
from dlviz.network import LayerReport, NetworkReport
from dlviz.probes.health import LayerHealth
from dlviz.spec import Experiment
from dlviz.training.events import Ended, Evaluated, Health
from dlviz.training.history import History

STEPS = 30  # updates before much can be said
LOOKS = 3  # looks at its health
LEARNS = 0.8  # of the first loss: a network that is still above it has learned next to nothing


@dataclass(frozen=True)
class Record:
    """A run's past. `train` has the columns `loss`, `accuracy`, `learning_rate`, one value an update."""

    train: Mapping[str, np.ndarray]
    evaluations: Sequence[Evaluated]
    health: Sequence[Health]
    ended: Ended | None = None

    @classmethod
    def of(cls, history: History) -> Record:
        train = {name: column.values for name, column in history.train.items()}
        return cls(train, history.evaluations, history.health, history.ended)


@dataclass(frozen=True)
class Case:
    """One run before the doctor."""

    experiment: Experiment
    report: NetworkReport
    record: Record

    @property
    def steps(self) -> int:
        return len(self.record.train["loss"])

    @property
    def diverged(self) -> bool:
        return self.record.ended is not None and self.record.ended.reason == "diverged"

    @property
    def early(self) -> bool:
        return not self.diverged and (self.steps < STEPS or len(self.record.health) < LOOKS)

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

    @property
    def learns(self) -> bool:
        """Whether its loss has fallen noticeably."""
        return self.last_loss < LEARNS * self.first_loss

    @property
    def rate(self) -> float:
        """The learning rate that it began with; a schedule or its user may have changed it since."""
        return self.experiment.training.optimizer.learning_rate

    # the layers

    def layers_of(self, wanted: Callable[[LayerReport], bool]) -> list[LayerReport]:
        return [layer for layer in self.report.layers if wanted(layer)]

    @cached_property
    def weighted(self) -> list[str]:
        """Layers with weights that mix numbers, in the network's order; normalizations only scale."""
        def mixes(layer: LayerReport) -> bool:
            return layer.cost.parameters > 0 and layers.get(layer.kind).family != "normalization"

        return [layer.name for layer in self.layers_of(mixes)]

    @cached_property
    def recent(self) -> Sequence[Health]:
        """The looks of the last third, at least `LOOKS`."""
        count = max(LOOKS, len(self.record.health) // 3)
        return self.record.health[-count:]

    def median(self, name: str, read: Callable[[LayerHealth], float | None],
               looks: Iterable[Health] | None = None) -> float | None:
        """Of one number of one layer over the recent looks (or those given), leaving out what is no
        number."""
        looks = self.recent if looks is None else looks
        values = [read(look.layers[name]) for look in looks if name in look.layers]
        return median(values)

    def update_ratio(self, looks: Iterable[Health] | None = None) -> float | None:
        """How far an update moves the weights, as a share of them: of the layer in the middle."""
        looks = list(self.recent if looks is None else looks)
        return median(self.median(name, lambda layer: layer.update_ratio, looks) for name in self.weighted)

    @cached_property
    def _hurries(self) -> np.ndarray:
        """For each update whether the learning rate was at least half its highest: a schedule may end near
        zero."""
        rates = self.record.train["learning_rate"]
        return rates >= rates.max(initial=0) / 2

    @property
    def brisk(self) -> list[Health]:
        """Looks at times when it hurried."""
        last = len(self._hurries)
        return [look for look in self.record.health if last and self._hurries[min(look.step, last) - 1]]

    @cached_property
    def brisk_losses(self) -> np.ndarray:
        """The loss of each update while it hurried."""
        return self.record.train["loss"][self._hurries]

    def gradient(self, look: Health) -> float:
        """Length of the whole gradient in one look; may be infinite or NaN."""
        norms = [layer.gradient_norm for layer in look.layers.values() if layer.gradient_norm is not None]
        return math.hypot(*norms)


def median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None and math.isfinite(value)]
    return float(np.median(known)) if known else None


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else math.nan

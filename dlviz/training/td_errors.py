"""How far what the network says of a move is from what came of it: the temporal-difference error (Sutton 1988)."""
from __future__ import annotations

from dataclasses import dataclass

import torch

RECORDS = 500  # of one run, about


@dataclass(frozen=True, slots=True)
class TDErrors:
    """The mean absolute error of the batches since the last of these, up to `step`; before the weights moved."""

    step: int
    mean: float


class TDErrorRecorder:
    """Takes the errors of each update, and sums up so many updates that a run has about RECORDS records."""

    def __init__(self, planned_steps: int) -> None:
        self._every = max(1, planned_steps // RECORDS)
        self._means: list[float] = []

    def add(self, errors: torch.Tensor) -> None:
        self._means.append(errors.detach().abs().mean().item())

    def record(self, step: int) -> TDErrors | None:
        """What the last updates were like, where a record is due after this one."""
        if step % self._every or not self._means:
            return None
        means, self._means = self._means, []
        return TDErrors(step, sum(means) / len(means))

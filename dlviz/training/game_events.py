"""What training on games says besides: the games that ended, and the temporal-difference error (Sutton 1988)."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

RECORDS = 500  # of one run, about


@dataclass(frozen=True)
class GamesPlayed:
    """Games that ended while the network learned from them, as columns, one value a game."""

    step: np.ndarray  # int64 (n,): the update before or in which it ended
    returns: np.ndarray  # float32 (n,): the sum of its rewards
    length: np.ndarray  # int32 (n,): moves
    exploration: np.ndarray  # float32 (n,): the fraction of random moves, or how undecided the network was, 0 to 1


@dataclass(frozen=True, slots=True)
class TDErrors:
    """How far what the network says of a move is from what came of it.

    The mean absolute error of the batches since the last of these, up to `step`; before the weights moved.
    """

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

"""What follows from a validation loss: a lower learning rate on a plateau, an early end with the best weights.

Both hear the loss of the whole validation split, once an epoch. Knows no loop and no events.
"""
from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

from dlviz.english import count
from dlviz.schedules import THRESHOLD, Plateau


class Falls:
    """How often a plateau has lowered the learning rate; counts as torch's `ReduceLROnPlateau` does."""

    def __init__(self, schedule: Plateau):
        self.schedule = schedule
        self.count, self.bad, self.best = 0, 0, math.inf

    def hear(self, loss: float) -> bool:
        """Take in an evaluation; True when the learning rate falls now."""
        if loss < self.best * (1 - THRESHOLD):
            self.best, self.bad = loss, 0
        else:
            self.bad += 1
        if self.bad <= self.schedule.patience:
            return False
        self.count, self.bad = self.count + 1, 0
        return True

    def lowered(self, rate: float) -> float:
        """The rate after all falls; multiplied one by one, for torch's very numbers."""
        for _ in range(self.count):
            rate *= self.schedule.factor
        return rate

    def values(self) -> dict[str, Any]:
        return {"count": self.count, "bad": self.bad, "best": self.best}

    def recall(self, values: dict[str, Any]) -> None:
        self.count, self.bad, self.best = values["count"], values["bad"], values["best"]


class Best:
    """The weights with the lowest validation loss so far, and whether it is time to end; Keras's `EarlyStopping`."""

    def __init__(self, patience: int):
        self.patience = patience
        self.loss, self.step, self.bad = math.inf, 0, 0
        self.weights: dict[str, torch.Tensor] = {}

    @property
    def over(self) -> bool:
        return self.bad >= self.patience

    def hear(self, loss: float, step: int, network: nn.Module) -> None:
        if loss < self.loss:
            self.loss, self.step, self.bad = loss, step, 0
            self.weights = {name: value.detach().clone() for name, value in network.state_dict().items()}
        else:
            self.bad += 1

    def put_back(self, network: nn.Module, step: int) -> str:
        """Give the network its best weights; a sentence on why training ended and what was put back."""
        early = f"Training stopped early, after step {step:,}: " \
                f"{count(self.patience, 'evaluation')} in a row brought no lower validation loss. " if self.over else ""
        if not self.weights or self.step == step:
            return early
        network.load_state_dict(self.weights)
        return f"{early}The weights of step {self.step:,} were put back: their validation loss, " \
               f"{self.loss:.4f}, was the lowest."

    def values(self) -> dict[str, Any]:
        return {"loss": self.loss, "step": self.step, "bad": self.bad}

    def recall(self, values: dict[str, Any], weights: dict[str, torch.Tensor]) -> None:
        self.loss, self.step, self.bad = values["loss"], values["step"], values["bad"]
        self.weights = weights

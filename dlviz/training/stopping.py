"""What follows from a validation loss: a lower learning rate on a plateau, an early end with the best weights.

Both get the loss of the whole validation split, once an epoch. Knows no loop and no events.
"""
from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

from dlviz.english import count
from dlviz.schedules import THRESHOLD, Schedule


class PlateauTracker:
    """How often a plateau has lowered the learning rate; counts as torch's `ReduceLROnPlateau` does.

    Of a schedule that follows the loss: its `factor` and `patience`.
    """

    def __init__(self, schedule: Schedule):
        arguments = schedule.arguments()
        self.factor, self.patience = arguments["factor"], arguments["patience"]
        self.reductions, self.num_bad_epochs, self.best = 0, 0, math.inf

    def update(self, loss: float) -> bool:
        """Take in an evaluation; True when the learning rate falls now."""
        if loss < self.best * (1 - THRESHOLD):
            self.best, self.num_bad_epochs = loss, 0
        else:
            self.num_bad_epochs += 1
        if self.num_bad_epochs <= self.patience:
            return False
        self.reductions, self.num_bad_epochs = self.reductions + 1, 0
        return True

    def reduce(self, rate: float) -> float:
        """The rate after all reductions; multiplied one by one, for torch's very numbers."""
        for _ in range(self.reductions):
            rate *= self.factor
        return rate

    def state_dict(self) -> dict[str, Any]:
        return {"reductions": self.reductions, "num_bad_epochs": self.num_bad_epochs, "best": self.best}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.reductions, self.num_bad_epochs, self.best = (state[key] for key in self.state_dict())


class EarlyStopping:
    """The weights with the lowest validation loss so far, and whether it is time to end; Keras's `EarlyStopping`."""

    def __init__(self, patience: int):
        self.patience = patience
        self.best, self.best_step, self.wait = math.inf, 0, 0
        self.best_weights: dict[str, torch.Tensor] = {}

    @property
    def should_stop(self) -> bool:
        return self.wait >= self.patience

    def update(self, loss: float, step: int, network: nn.Module) -> None:
        """Take in an evaluation of the network after `step` updates."""
        if loss < self.best:
            self.best, self.best_step, self.wait = loss, step, 0
            self.best_weights = {name: value.detach().clone() for name, value in network.state_dict().items()}
        else:
            self.wait += 1

    def restore_best_weights(self, network: nn.Module, step: int) -> str:
        """Give the network its best weights; a sentence on why training ended and what was put back."""
        early = f"Training stopped early, after step {step:,}: " \
                f"{count(self.patience, 'evaluation')} in a row brought no lower validation loss. " \
            if self.should_stop else ""
        if not self.best_weights or self.best_step == step:
            return early
        network.load_state_dict(self.best_weights)
        return f"{early}The weights of step {self.best_step:,} were put back: their validation loss, " \
               f"{self.best:.4f}, was the lowest."

    def state_dict(self) -> dict[str, Any]:
        """All but the weights, which are tensors."""
        return {"best": self.best, "best_step": self.best_step, "wait": self.wait}

    def load_state_dict(self, state: dict[str, Any], best_weights: dict[str, torch.Tensor]) -> None:
        self.best, self.best_step, self.wait = (state[key] for key in self.state_dict())
        self.best_weights = best_weights

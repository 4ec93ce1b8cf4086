"""Who plays and learns: one class an algorithm, each of which makes moves and gives the loss of one update.

Knows no loop, no optimizer of the network, and no particular game or algorithm.
"""
from __future__ import annotations

from typing import Any, ClassVar, TypeVar

import numpy as np
import torch

from dlviz.algorithms import Algorithm
from dlviz.games.record import MemoryStrip
from dlviz.network import Network
from dlviz.spec import Experiment
from dlviz.training.game_events import TDErrorRecorder
from dlviz.training.playing.arena import Arena

Arrays = dict[str, torch.Tensor]
Values = dict[str, Any]
Kind = TypeVar("Kind", bound=Algorithm)


class Player:
    """What all of them share: the network, the games, random numbers of their own."""

    algorithm: ClassVar[type[Algorithm]]

    def __init__(self, experiment: Experiment, network: Network, device: torch.device, planned_steps: int) -> None:
        self.experiment, self.network, self.device, self.planned_steps = experiment, network, device, planned_steps
        self.random = np.random.default_rng(experiment.seed)
        self.errors = TDErrorRecorder(planned_steps)
        self.step = 0

    def copies(self) -> int:
        """How many games are played side by side."""
        raise NotImplementedError

    def enter(self, arena: Arena) -> None:
        """Take a place at these games."""
        self.arena = arena
        self.sign = -1.0 if arena.game.adversarial else 1.0

    def loss(self) -> torch.Tensor:
        """Play, and what is to be made smaller by one update."""
        raise NotImplementedError

    def updated(self, learning_rate: float) -> None:
        """The network was updated with this rate."""
        self.step += 1

    def exploration(self) -> float:
        """The fraction of moves that are not what the network holds for best, or how undecided it is: 0 to 1."""
        raise NotImplementedError

    def strip(self) -> MemoryStrip | None:
        """What is remembered, as little boards; None where nothing is, or where there are no boards."""
        return None

    def state_dict(self) -> tuple[Arrays, Values]:
        return {}, {"random": self.random.bit_generator.state}

    def load_state_dict(self, arrays: Arrays, values: Values, step: int) -> None:
        self.random.bit_generator.state, self.step = values["random"], step

    @torch.no_grad()
    def outputs(self, observations: np.ndarray) -> np.ndarray:
        """What the network says of these positions `(N, actions)`, in evaluation mode."""
        self.network.eval()
        found = self.network(tensor(observations).to(self.device)).cpu().numpy()
        self.network.train()
        return found


def tensor(array: np.ndarray) -> torch.Tensor:
    """The same numbers, not copied."""
    return torch.from_numpy(array)  # pyright: ignore[reportUnknownMemberType]  # torch does not say what it takes


def settings_of(experiment: Experiment, kind: type[Kind]) -> Kind:
    """The experiment's algorithm, for who plays by this kind."""
    found = experiment.training.algorithm
    assert isinstance(found, kind)
    return found


def under(arrays: Arrays, prefix: str) -> Arrays:
    """Those whose names begin so, without it."""
    return {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}

"""Replay memory: the latest moves, from which batches are drawn at random (Lin 1992; Mnih et al. 2015)."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from dlviz.games.record import MemoryStrip


@dataclass(frozen=True)
class Moves:
    """Some moves. Axes: B moves.

    Attributes:
        before, after: what the player was shown `(B, *shape)` float32.
        actions: int64 `(B,)`; rewards: float32 `(B,)`; ended: bool `(B,)`, where the game was won or lost by it.
        allowed: bool `(B, actions)`, what may be done next.
    """

    before: torch.Tensor
    actions: torch.Tensor
    rewards: torch.Tensor
    after: torch.Tensor
    ended: torch.Tensor
    allowed: torch.Tensor


class ReplayMemory:
    """The last `capacity` moves, each 2 observations and some bytes; the oldest makes room for the newest."""

    def __init__(self, capacity: int, shape: tuple[int, ...], actions: int) -> None:
        self.capacity, self.count = capacity, 0  # count: of all moves that ever came
        self.drawn = np.zeros(0, np.int64)  # places of the batch that was drawn last
        self._arrays: dict[str, np.ndarray] = {
            "before": np.zeros((capacity, *shape), np.float32), "actions": np.zeros(capacity, np.int64),
            "rewards": np.zeros(capacity, np.float32), "after": np.zeros((capacity, *shape), np.float32),
            "ended": np.zeros(capacity, bool), "allowed": np.zeros((capacity, actions), bool)}

    def __len__(self) -> int:
        return min(self.count, self.capacity)

    def add(self, **columns: np.ndarray) -> None:
        """Remember moves, one row each; of more than there is room for the last."""
        rows = len(columns["actions"])
        places = np.arange(self.count, self.count + rows)[-self.capacity:] % self.capacity
        for name, array in self._arrays.items():
            array[places] = columns[name][-self.capacity:]
        self.count += rows

    def draw(self, random: np.random.Generator, size: int) -> Moves:
        """So many moves at random, some perhaps twice."""
        self.drawn = random.integers(0, len(self), size)
        return Moves(**{name: _tensor(array[self.drawn]) for name, array in self._arrays.items()})

    def strip(self, most: int) -> MemoryStrip | None:
        """Moves spread evenly over the memory, oldest first, at most so many; None where they are no boards."""
        if self._arrays["before"].ndim != 4 or not len(self):
            return None
        drawn = (self.drawn - self.count) % self.capacity - self.capacity + len(self)  # places as ages from the oldest
        spread = np.linspace(0, len(self) - 1, min(max(0, most - len(drawn)), len(self))).round().astype(np.int64)
        ages = np.union1d(spread, drawn[drawn >= 0])
        places = (self.count - len(self) + ages) % self.capacity
        boards: np.ndarray = self._arrays["before"][places]
        numbers = np.arange(1, int(boards.shape[1]) + 1)[:, None, None]
        codes: np.ndarray = np.where(boards > 0, numbers, 0).max(1)
        return MemoryStrip(codes.astype(np.uint8), np.isin(places, self.drawn), len(self), self.capacity)

    def state_dict(self) -> dict[str, torch.Tensor]:
        """All that is remembered; what has never been written is left out."""
        return {name: _tensor(array[:len(self)]) for name, array in self._arrays.items()}

    def load_state_dict(self, state: dict[str, torch.Tensor], count: int) -> None:
        self.count = count
        for name, array in self._arrays.items():
            array[:len(self)] = state[name].numpy()


def _tensor(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(array)  # pyright: ignore[reportUnknownMemberType]  # torch does not say what it takes

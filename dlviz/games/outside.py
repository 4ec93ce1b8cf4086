"""A game from elsewhere: any object with Gymnasium's `reset(seed=)` and `step(action)`, one a copy.

Gymnasium itself is not needed. What such an object remembers cannot be stored: a training that goes on from a
checkpoint begins new games.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from dlviz.games.base import Game


class OutsideGame(Game):
    """Copies of one such environment, each an object of its own."""

    make: ClassVar[Any]  # gives a fresh environment
    reveals = "numbers"

    def __init__(self, copies: int) -> None:
        super().__init__(copies)
        self._environments = [type(self).make() for _ in range(copies)]
        self.shown = np.zeros((copies, *self.shape), np.float32)
        self.cut = np.zeros(copies, bool)  # broken off by the environment itself

    def begin(self, fresh: np.ndarray) -> None:
        for copy in np.flatnonzero(fresh).tolist():
            observation, _ = self._environments[copy].reset(seed=int(self.random.integers(2**31)))
            self.shown[copy] = observation

    def move(self, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        rewards, over = np.zeros(self.copies), np.zeros(self.copies, bool)
        for copy, (environment, action) in enumerate(zip(self._environments, actions.tolist())):
            self.shown[copy], rewards[copy], over[copy], self.cut[copy], *_ = environment.step(action)
        self.moves[self.cut] = self.limit
        return rewards, over

    def observe(self) -> np.ndarray:
        return self.shown.copy()

    def frame(self) -> np.ndarray:
        return self.shown[0].ravel().copy()

    def guide(self) -> np.ndarray:
        """Nobody knows a rule for it: any action."""
        return self.random.integers(0, len(self.actions), self.copies)


def outside(make: Callable[[], Any], *, lowest: float, highest: float, limit: int = 1_000) -> type[OutsideGame]:
    """A game of such environments. `lowest` and `highest` are the returns that score 0 and 1.

    TypeError for an environment whose observations are no array of numbers, or whose actions cannot be counted.
    """
    first = make()
    space, count = getattr(first, "observation_space", None), getattr(getattr(first, "action_space", None), "n", None)
    shape = getattr(space, "shape", None)
    if not shape or count is None:
        raise TypeError("An environment needs an observation_space with a shape and an action_space with n actions, as "
                        "Gymnasium's Box and Discrete have them; wrap it so that it has.")
    names = tuple(f"action {number}" for number in range(int(count)))
    return type("OutsideGame", (OutsideGame,), {"make": staticmethod(make), "shape": tuple(map(int, shape)),
                                                "actions": names, "lowest": lowest, "highest": highest,
                                                "limit": limit})

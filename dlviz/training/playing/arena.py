"""Games on their way: who plays them is told what happened, and the outcome of each that ends is noted."""
from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlviz.games import Game
from dlviz.training import events as ev

RECENT = 100  # games whose mean score stands for how well it plays now


@dataclass(frozen=True)
class Turn:
    """What one move in each copy brought; axes N copies. `after` is before a new game begins."""

    before: np.ndarray
    actions: np.ndarray
    rewards: np.ndarray
    after: np.ndarray
    ended: np.ndarray  # won or lost
    broken_off: np.ndarray  # too long
    allowed: np.ndarray  # after it


class Arena:
    """Copies of a game, played on and on."""

    def __init__(self, game: Game, seed: int) -> None:
        self.game = game
        self.observations, info = game.reset(seed=seed)
        self.allowed: np.ndarray = info["action_mask"]
        self._returns = np.zeros(game.copies)
        self._lengths = np.zeros(game.copies, np.int64)
        self._outcomes: list[tuple[float, int]] = []  # not yet told
        self.recent: deque[float] = deque(maxlen=RECENT)  # returns

    def begin(self) -> None:
        """Break all games off, and begin new ones."""
        self.observations, info = self.game.reset()
        self.allowed = info["action_mask"]
        self._returns[:], self._lengths[:] = 0, 0

    def step(self, actions: np.ndarray, counted: np.ndarray | None = None) -> Turn:
        """Make these moves `(N,)`; the outcomes of games in copies that are not `counted` `(N,)` are not noted."""
        before = self.observations
        sides = np.where(self.game.adversarial & (self.game.moves % 2 == 1), -1, 1)
        self.observations, rewards, ended, broken_off, info = self.game.step(actions)
        self.allowed = info["action_mask"]
        self._returns += sides * rewards
        self._lengths += 1
        over = ended | broken_off
        if over.any():
            self._note(over if counted is None else over & counted)
            self._returns[over], self._lengths[over] = 0, 0
        return Turn(before, actions, rewards, info["final_obs"], ended, broken_off, self.allowed)

    def _note(self, over: np.ndarray) -> None:
        self._outcomes += zip(self._returns[over].tolist(), self._lengths[over].tolist())
        self.recent.extend(self._returns[over].tolist())

    def news(self, step: int, exploration: float) -> Iterator[ev.GamesPlayed]:
        """The games that ended since the last call, as one event; nothing when none did."""
        if self._outcomes:
            returns, lengths = zip(*self._outcomes)
            count = len(self._outcomes)
            yield ev.GamesPlayed(np.full(count, step, np.int64), np.array(returns, np.float32),
                                 np.array(lengths, np.int32), np.full(count, exploration, np.float32))
            self._outcomes = []

    def state_dict(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Arrays and plain values; the latter with the state of the game's random numbers."""
        arrays = {f"game.{name}": value for name, value in self.game.state_dict().items()}
        arrays |= {"observations": self.observations, "allowed": self.allowed, "returns": self._returns,
                   "lengths": self._lengths}
        return arrays, {"random": self.game.random.bit_generator.state, "recent": list(self.recent)}

    def load_state_dict(self, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> None:
        self.game.load_state_dict({name.removeprefix("game."): value for name, value in arrays.items()
                                   if name.startswith("game.")})
        self.observations, self.allowed = arrays["observations"], arrays["allowed"]
        self._returns, self._lengths = arrays["returns"].copy(), arrays["lengths"].copy()
        self.game.random.bit_generator.state = values["random"]
        self.recent = deque(values["recent"], maxlen=RECENT)
        self._outcomes = []

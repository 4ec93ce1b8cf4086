"""What a game is: several copies played side by side, with Gymnasium's `reset` and `step`. NumPy only, no network.

Axes: N copies. A copy whose game is over begins a new one within the same `step`, as Gymnasium's vector environments do
in their mode `SAME_STEP`: the observation is that of the new game, `info["final_obs"]` holds those before it.
"""
from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

Info = dict[str, Any]


class Game:
    """Copies of one game. A subclass says how a game begins, what a move does and what a player is shown.

    Class attributes:
        actions: what a player can do, in words; the index is the action.
        shape: of one observation, without the copies' axis.
        lowest, highest: the return (the sum of rewards) of the worst and of the best game there can be.
        limit: moves after which a game is broken off (truncated): nobody has won or lost by then.
        adversarial: whether two players move in turn, each shown the board as its own; a reward is the mover's.
        reveals: how `frame` is drawn: `cells` of `legend`, or `cart`.
        legend: a word for each code of a frame of cells.
        planes: of an observation that is a board, a word of the legend for each plane.
    """

    actions: ClassVar[tuple[str, ...]]
    shape: ClassVar[tuple[int, ...]]
    lowest: ClassVar[float] = 0.0
    highest: float = 1.0  # of the kind, but where each board has another
    limit: ClassVar[int]
    adversarial: ClassVar[bool] = False
    reveals: ClassVar[str] = "cells"
    legend: ClassVar[tuple[str, ...]] = ()
    planes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, copies: int) -> None:
        self.copies = copies
        self.random = np.random.default_rng(0)
        self.moves = np.zeros(copies, np.int64)  # of the game that each copy plays
        self.autoreset = True  # False: a game that is over stays as it ended

    def reset(self, *, seed: int | None = None) -> tuple[np.ndarray, Info]:
        """Begin a new game in every copy; returns the observations `(N, *shape)` float32."""
        if seed is not None:
            self.random = np.random.default_rng(seed)
        self.moves[:] = 0
        self.begin(np.ones(self.copies, bool))
        return self.observe(), {"action_mask": self.allowed()}

    def step(self, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, Info]:
        """One move `(N,)` in every copy: observations, rewards `(N,)` float32, terminated, truncated, info."""
        rewards, terminated = self.move(np.asarray(actions))
        self.moves += 1
        truncated = ~terminated & (self.moves >= self.limit)
        ended, final = terminated | truncated, self.observe()
        fresh = ended & self.autoreset
        if fresh.any():
            self.moves[fresh] = 0
            self.begin(fresh)
        observations = self.observe() if fresh.any() else final
        return observations, rewards.astype(np.float32), terminated, truncated, {"final_obs": final,
                                                                                  "action_mask": self.allowed()}

    def begin(self, fresh: np.ndarray) -> None:
        """A new game in the copies that `fresh` `(N,)` marks."""
        raise NotImplementedError

    def move(self, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What an action does in every copy: rewards `(N,)` and which games are over `(N,)`."""
        raise NotImplementedError

    def observe(self) -> np.ndarray:
        """What the player of each copy is shown, float32 `(N, *shape)`; an array of its own."""
        raise NotImplementedError

    def allowed(self) -> np.ndarray:
        """Which actions may be taken now, bool `(N, actions)`."""
        return np.ones((self.copies, len(self.actions)), bool)

    def frame(self) -> np.ndarray:
        """What a person is shown of the first copy: uint8 cells `(H, W)`, or float32 numbers `(D,)`."""
        raise NotImplementedError

    def guide(self) -> np.ndarray:
        """What a simple rule, which nobody had to learn, would do in each copy `(N,)`."""
        raise NotImplementedError

    def every_place(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Observations of the same board with the player at each place `(P, *shape)`, and the places `(P, 2)`.

        None where there are too many boards for a map of them.
        """
        return None

    def lay(self, *board: Any) -> None:
        """Go on on another board, of games that have several: what `GameTask.board` says."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, np.ndarray]:
        """All arrays that decide how the games go on; the random numbers are `random`'s own."""
        return {name: value for name, value in vars(self).items() if isinstance(value, np.ndarray)}

    def load_state_dict(self, state: dict[str, np.ndarray]) -> None:
        """Go on from there."""
        for name in self.state_dict():
            setattr(self, name, np.array(state[name]))

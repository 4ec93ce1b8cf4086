"""A gridworld: from any free cell to the goal, around walls, not into the pit (as in Russell and Norvig, ch. 17)."""
from __future__ import annotations

from functools import lru_cache

import numpy as np

from dlviz.games.base import Game
from dlviz.games.compass import MOVES

PLAN = ("...#.G", ".#...P", ".#.##.", "...#..", ".#....", ".#.#..")  # # wall, G goal, P pit
STEP = -0.02  # reward of each move
REWARDS = {"G": 1.0, "P": -1.0, ".": 0.0}  # of reaching a cell, by its letter


class Gridworld(Game):
    """Each move costs 0.02; the goal gives 1 and the pit takes 1, and both end the game."""

    actions = ("up", "right", "down", "left")
    shape = (1, len(PLAN), len(PLAN[0]))
    lowest, highest, limit = 0.0, 0.8512, 50  # highest: the mean over all places to begin from, by value iteration
    legend = ("empty", "wall", "goal", "pit", "player")
    planes = ("player",)

    def __init__(self, copies: int, plan: tuple[str, ...] = PLAN) -> None:
        super().__init__(copies)
        self.place = np.zeros((copies, 2), np.int64)
        self.lay(plan)

    def lay(self, plan: tuple[str, ...]) -> None:
        """Play on this board from now on; the walls stand where they stood, for games go on from their places."""
        self.plan = plan
        self.walls, self.rewards, free = cells_of(plan)
        self.free = np.argwhere(free)
        self.highest = Gridworld.highest if plan == PLAN else best_return(plan)

    def begin(self, fresh: np.ndarray) -> None:
        self.place[fresh] = self.free[self.random.integers(0, len(self.free), fresh.sum())]

    def move(self, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        tried = np.clip(self.place + MOVES[actions], 0, np.array(self.walls.shape) - 1)
        blocked = self.walls[tried[:, 0], tried[:, 1]]
        self.place = np.where(blocked[:, None], self.place, tried)
        reached = self.rewards[self.place[:, 0], self.place[:, 1]]
        return reached + STEP, reached != 0

    def observe(self) -> np.ndarray:
        return self._shown(self.place)

    def _shown(self, places: np.ndarray) -> np.ndarray:
        """One plane, 1 where the player is: the walls are the same in every game, so they tell nothing."""
        board = np.zeros((len(places), *self.shape), np.float32)
        board[np.arange(len(places)), 0, places[:, 0], places[:, 1]] = 1
        return board

    def frame(self) -> np.ndarray:
        cells = np.select([self.walls, self.rewards > 0, self.rewards < 0], [1, 2, 3]).astype(np.uint8)
        cells[tuple(self.place[0])] = 4
        return cells

    def every_place(self) -> tuple[np.ndarray, np.ndarray]:
        return self._shown(self.free), self.free

    def guide(self) -> np.ndarray:
        """The way that costs least, by value iteration."""
        return self.optimal_values()[self.place[:, 0], self.place[:, 1]].argmax(1)

    def optimal_values(self) -> np.ndarray:
        """The value of each action in each cell `(H, W, actions)` of who plays best, undiscounted."""
        return iterated_values(self.plan)


def cells_of(plan: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Walls, the reward of reaching each cell, and where a game can begin; each `(H, W)`."""
    letters = np.array([list(row) for row in plan])
    rewards = np.select([letters == letter for letter in REWARDS], list(REWARDS.values()))
    return letters == "#", rewards, letters == "."


@lru_cache(maxsize=64)
def iterated_values(plan: tuple[str, ...]) -> np.ndarray:
    """Value iteration (Bellman 1957): `(H, W, actions)`, shared, not to be written to."""
    walls, rewards, free = cells_of(plan)
    cells, found = np.argwhere(free), np.zeros((*walls.shape, len(MOVES)))
    values = np.zeros(walls.shape)
    for _ in range(Gridworld.limit):
        for action, change in enumerate(MOVES):
            to = np.clip(cells + change, 0, np.array(walls.shape) - 1)
            to = np.where(walls[to[:, 0], to[:, 1]][:, None], cells, to)
            reached = rewards[to[:, 0], to[:, 1]]
            beyond = np.where(reached == 0, values[to[:, 0], to[:, 1]], 0)
            found[cells[:, 0], cells[:, 1], action] = STEP + reached + beyond
        values = found.max(2)
    return found


def best_return(plan: tuple[str, ...]) -> float:
    """The mean return of who plays best, over all places to begin from; -1 without any."""
    free = cells_of(plan)[2]
    return float(iterated_values(plan).max(2)[free].mean()) if free.any() else -1.0

"""Snake: eat apples, grow, and run neither into the wall nor into yourself."""
from __future__ import annotations

import numpy as np

from dlviz.games.base import Game
from dlviz.games.compass import MOVES

SIDE = 6
APPLE = 1.0  # reward
DEATH = -1.0
PATIENCE = 60  # moves without an apple after which a game is broken off


class Snake(Game):
    """A board of 6 x 6; an apple gives 1 and makes the snake longer by one, running into something takes 1."""

    actions = ("up", "right", "down", "left")
    shape = (3, SIDE, SIDE)
    lowest, highest, limit = -1.0, float(SIDE * SIDE - 2), 1_000
    legend = ("empty", "apple", "body", "head")
    planes = ("body", "head", "apple")

    def __init__(self, copies: int) -> None:
        super().__init__(copies)
        self.age = np.zeros((copies, SIDE, SIDE), np.int64)  # moves that a piece of the body will still lie there
        self.head = np.zeros((copies, 2), np.int64)
        self.apple = np.zeros((copies, 2), np.int64)
        self.length = np.zeros(copies, np.int64)
        self.hunger = np.zeros(copies, np.int64)  # moves since the last apple

    def begin(self, fresh: np.ndarray) -> None:
        count = int(fresh.sum())
        self.head[fresh] = self.random.integers(1, SIDE - 1, (count, 2))
        self.age[fresh] = 0
        copies = np.flatnonzero(fresh)
        self.age[copies, self.head[fresh, 0], self.head[fresh, 1] - 1] = 1
        self.age[copies, self.head[fresh, 0], self.head[fresh, 1]] = 2
        self.length[fresh], self.hunger[fresh] = 2, 0
        self._place_apples(copies)

    def _place_apples(self, copies: np.ndarray) -> None:
        """An apple on a free cell of each of these copies, all free cells alike."""
        if len(copies):
            tickets = self.random.random((len(copies), SIDE * SIDE))
            tickets[self.age[copies].reshape(len(copies), -1) > 0] = -1
            self.apple[copies] = np.stack(np.divmod(tickets.argmax(1), SIDE), 1)

    def move(self, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        copies, to = np.arange(self.copies), self.head + MOVES[actions]
        outside = ((to < 0) | (to >= SIDE)).any(1)
        to = np.clip(to, 0, SIDE - 1)
        eats = ~outside & (to == self.apple).all(1)
        self.age = np.where(eats[:, None, None], self.age, np.maximum(self.age - 1, 0))
        dead = outside | (self.age[copies, to[:, 0], to[:, 1]] > 0)
        self.length += eats
        self.head = np.where(dead[:, None], self.head, to)
        alive = np.flatnonzero(~dead)
        self.age[alive, to[alive, 0], to[alive, 1]] = self.length[alive]
        full = self.length == SIDE * SIDE
        self._place_apples(np.flatnonzero(eats & ~full))
        self.hunger = np.where(eats, 0, self.hunger + 1)
        self.moves[self.hunger >= PATIENCE] = self.limit  # it only circles: broken off by this move's count
        return np.where(dead, DEATH, np.where(eats, APPLE, 0.0)), dead | full

    def observe(self) -> np.ndarray:
        """Three planes: the body, 1 at the head and less towards the tail; the head; the apple."""
        board, copies = np.zeros((self.copies, *self.shape), np.float32), np.arange(self.copies)
        board[:, 0] = self.age / self.length[:, None, None]
        board[copies, 1, self.head[:, 0], self.head[:, 1]] = 1
        board[copies, 2, self.apple[:, 0], self.apple[:, 1]] = 1
        return board

    def frame(self) -> np.ndarray:
        cells = np.where(self.age[0] > 0, 2, 0).astype(np.uint8)
        cells[tuple(self.apple[0])] = 1
        cells[tuple(self.head[0])] = 3
        return cells

    def guide(self) -> np.ndarray:
        """Towards the apple, over cells that are free now; any free cell where no way is left."""
        return np.array([self._towards(copy) for copy in range(self.copies)])

    def _towards(self, copy: int) -> int:
        free = np.pad(self.age[copy] <= 1, 1)
        to = self.head[copy] + MOVES
        far = np.abs(to - self.apple[copy]).sum(1) + 100 * ~free[to[:, 0] + 1, to[:, 1] + 1]
        return int(far.argmin())

"""Catch: a ball falls, a paddle of one cell below it moves, and either catches it or does not.

Mnih et al., Recurrent Models of Visual Attention, 2014; the board is that of bsuite (Osband et al. 2020).
"""
from __future__ import annotations

from typing import ClassVar

import numpy as np

from dlviz.games.base import Game


class Catch(Game):
    """A board of 10 rows and 5 columns; the reward comes with the last row: 1 for a catch, -1 for a miss."""

    rows: ClassVar[int] = 10
    columns: ClassVar[int] = 5
    actions = ("left", "stay", "right")
    shape = (1, rows, columns)
    lowest, highest, limit = -1.0, 1.0, 100
    legend = ("empty", "ball", "paddle")
    planes = ("paddle",)  # and the ball, by the same number

    def __init__(self, copies: int) -> None:
        super().__init__(copies)
        self.ball = np.zeros((copies, 2), np.int64)  # row, column
        self.paddle = np.zeros(copies, np.int64)

    def begin(self, fresh: np.ndarray) -> None:
        self.ball[fresh, 0] = 0
        self.ball[fresh, 1] = self.random.integers(0, self.columns, fresh.sum())
        self.paddle[fresh] = self.columns // 2

    def move(self, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        self.paddle = np.clip(self.paddle + actions - 1, 0, self.columns - 1)
        self.ball[:, 0] += 1
        over = self.ball[:, 0] == self.rows - 1
        return np.where(over, np.where(self.ball[:, 1] == self.paddle, 1.0, -1.0), 0.0), over

    def observe(self) -> np.ndarray:
        board = np.zeros((self.copies, *self.shape), np.float32)
        copies = np.arange(self.copies)
        board[copies, 0, self.ball[:, 0], self.ball[:, 1]] = 1
        board[copies, 0, self.rows - 1, self.paddle] = 1
        return board

    def frame(self) -> np.ndarray:
        cells = np.zeros((self.rows, self.columns), np.uint8)
        cells[self.rows - 1, self.paddle[0]] = 2
        cells[tuple(self.ball[0])] = 1
        return cells

    def guide(self) -> np.ndarray:
        return np.sign(self.ball[:, 1] - self.paddle) + 1

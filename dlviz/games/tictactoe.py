"""Tic-tac-toe, played against oneself or against an opponent that knows every answer."""
from __future__ import annotations

from functools import cache

import numpy as np

from dlviz.games.base import Game

LINES = np.array([[0, 1, 2], [3, 4, 5], [6, 7, 8],  # rows
                  [0, 3, 6], [1, 4, 7], [2, 5, 8], [0, 4, 8], [2, 4, 6]])
Board = tuple[int, ...]  # nine cells: 1 is the mover's, -1 the other's, 0 is empty


class TicTacToe(Game):
    """Three in a row wins. Whoever moves is shown its own crosses and the other's; 1 for the move that wins."""

    actions = tuple(f"{row} {column}" for row in ("top", "middle", "bottom")
                    for column in ("left", "centre", "right"))
    shape = (2, 3, 3)
    lowest, highest, limit, adversarial = -1.0, 1.0, 10, True
    legend = ("empty", "cross", "nought")
    planes = ("cross", "nought")  # the mover's own, and the other's

    def __init__(self, copies: int) -> None:
        super().__init__(copies)
        self.board = np.zeros((copies, 9), np.int64)  # 1: who moves; -1: the other
        self.turn = np.zeros(copies, np.int64)  # 0 while the one who began moves

    def begin(self, fresh: np.ndarray) -> None:
        self.board[fresh], self.turn[fresh] = 0, 0

    def move(self, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        copies = np.arange(self.copies)
        if (self.board[copies, actions] != 0).any():
            raise ValueError("a cell that is taken cannot be taken again; see info['action_mask']")
        self.board[copies, actions] = 1
        won = (self.board[:, LINES] == 1).all(2).any(1)
        over = won | (self.board != 0).all(1)
        self.board, self.turn = -self.board, 1 - self.turn
        return won.astype(np.float64), over

    def observe(self) -> np.ndarray:
        return np.stack([self.board == 1, self.board == -1], 1).reshape(self.copies, *self.shape).astype(np.float32)

    def allowed(self) -> np.ndarray:
        return self.board == 0

    def frame(self) -> np.ndarray:
        """Crosses are those of who began."""
        own = self.board[0] * (1 - 2 * self.turn[0])
        return np.where(own == 1, 1, np.where(own == -1, 2, 0)).astype(np.uint8).reshape(3, 3)

    def guide(self) -> np.ndarray:
        found = [moves(tuple(board)) for board in self.board.tolist()]
        return np.array([max(values, key=values.__getitem__) for values in found])


class TicTacToeMatch(TicTacToe):
    """The same against an opponent, which begins every other game; rewards are the player's: 1, 0 or -1.

    The opponent plays perfectly, but for a quarter of its moves, which are any: who never errs meets too few boards.
    """

    adversarial = False
    slips = 0.25

    def begin(self, fresh: np.ndarray) -> None:
        super().begin(fresh)
        begun = fresh & (self.random.random(self.copies) < 0.5)
        for copy in np.flatnonzero(begun).tolist():
            self._answer(copy)

    def move(self, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        rewards, over = super().move(actions)
        for copy in np.flatnonzero(~over).tolist():
            rewards[copy], over[copy] = self._answer(copy)
        return rewards, over

    def _answer(self, copy: int) -> tuple[float, bool]:
        """The opponent's move in one copy: the player's reward, and whether the game is over."""
        board = self.board[copy]
        found = moves(tuple(board.tolist()))
        best = [move for move, value in found.items() if value == max(found.values())]
        choices = list(found) if self.random.random() < self.slips else best
        board[choices[self.random.integers(len(choices))]] = 1
        won = bool((board[LINES] == 1).all(1).any())
        over = won or bool((board != 0).all())
        self.board[copy], self.turn[copy] = -board, 1 - self.turn[copy]
        return -float(won), over


@cache
def moves(board: Board) -> dict[int, int]:
    """What each move is worth when both play perfectly: 1, 0 or -1 (minimax, 4,520 boards)."""
    return {cell: _after(tuple(1 if at == cell else value for at, value in enumerate(board)))
            for cell in range(9) if board[cell] == 0}


def _after(board: Board) -> int:
    """The value for who has just moved."""
    cells = np.array(board)
    if (cells[LINES] == 1).all(1).any():
        return 1
    if 0 not in board:
        return 0
    return -max(moves(tuple(-value for value in board)).values())



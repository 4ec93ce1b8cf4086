"""The games that can be learnt: each names its game, what its outcome is called, and what it is worth."""
from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from pydantic import Field, ValidationError, field_validator

from dlviz import games
from dlviz.errors import TaskError
from dlviz.games import gridworld
from dlviz.tasks.game import GameTask
from dlviz.translation import _


class LearnCatch(GameTask):
    """A ball falls: move the paddle below it in time."""

    name: ClassVar[str] = "catch"
    title: ClassVar[str] = "Catch"
    metric: ClassVar[str] = "balls caught"
    limits: ClassVar[str] = "Real cameras show no ten rows of five cells, and the ball seldom falls straight."
    make = games.Catch
    rule: ClassVar[str] = "always towards the ball"


class LearnGridworld(GameTask):
    """A maze: find the way to the goal, around the walls and not into the pit."""

    cells: str = Field(default="/".join(gridworld.PLAN), max_length=60,
        description="The board, row by row: # is a wall, G a goal (+1), P a pit (-1), a dot a free cell.")
    name: ClassVar[str] = "gridworld"
    title: ClassVar[str] = "Gridworld"
    metric: ClassVar[str] = "the best return"
    limits: ClassVar[str] = ("Here every cell is known and nothing else moves; in the world there are too "
                             "many places for a map.")
    make = games.Gridworld
    rule: ClassVar[str] = "the shortest way, computed by value iteration"

    @field_validator("cells")
    @classmethod
    def _can_be_won(cls, cells: str) -> str:
        rows, size = cells.split("/"), len(gridworld.PLAN)
        if [len(row) for row in rows] != [size] * size or set(cells) - {"#", "/", *gridworld.REWARDS}:
            raise ValueError(f"{size} rows of {size} cells are needed, each #, G, P or a dot, with / between the rows")
        if gridworld.best_return(tuple(rows)) <= 0:
            raise ValueError("a goal is needed that can be reached from most of the free cells")
        return cells

    def board(self) -> tuple[Any, ...]:
        return (tuple(self.cells.split("/")),)

    def reward_at(self, row: int, column: int) -> float | None:
        rows = self.cells.split("/")
        inside = 0 <= row < len(rows) and 0 <= column < len(rows)
        return gridworld.REWARDS.get(rows[row][column]) if inside else None

    def with_reward(self, row: int, column: int, reward: float) -> GameTask:
        letter = next((letter for letter, found in gridworld.REWARDS.items() if found == reward), None)
        if self.reward_at(row, column) is None or letter is None:
            raise TaskError(_("A reward"), _("must be +1, −1 or 0, at a cell that is no wall"),
                            _("{reward:g} was asked for in row {row}, column {column}", reward=reward, row=row + 1,
                              column=column + 1), _("Click another cell."))
        rows = self.cells.split("/")
        rows[row] = rows[row][:column] + letter + rows[row][column + 1:]
        try:
            return type(self)(cells="/".join(rows))
        except ValidationError as error:
            raise TaskError(_("The gridworld"), _("must keep a goal that can be reached from most of its cells"),
                            _("this click would take the last one away"),
                            _("Click another cell first, so that it becomes a goal.")) from error


class LearnCartPole(GameTask):
    """A pole stands on a cart: push the cart so that it does not fall."""

    name: ClassVar[str] = "cartpole"
    title: ClassVar[str] = "CartPole"
    metric: ClassVar[str] = "500 moves upright"
    limits: ClassVar[str] = "A simulation has no friction, no delay and no motor that wears out."
    make = games.CartPole
    rule: ClassVar[str] = "push to where the pole is falling"
    points: ClassVar[str] = "moves upright"
    stands_for: ClassVar[str] = "Control: keeping something unstable steady."


class LearnSnake(GameTask):
    """A snake on a board of 6 x 6: eat apples, grow, and run into nothing."""

    name: ClassVar[str] = "snake"
    title: ClassVar[str] = "Snake"
    metric: ClassVar[str] = "the board filled"
    limits: ClassVar[str] = "Six by six cells can be learnt by heart in part; a larger board asks for planning."
    make = games.Snake
    rule: ClassVar[str] = "always towards the apple, around what is in the way"
    points: ClassVar[str] = "apples (less 1 for a crash)"


class LearnTicTacToe(GameTask):
    """Three in a row: learnt against itself, tested against an opponent that errs in a quarter of its moves."""

    name: ClassVar[str] = "tictactoe"
    title: ClassVar[str] = "Tic-tac-toe"
    metric: ClassVar[str] = "games not lost"
    limits: ClassVar[str] = ("It has 5,478 boards, so that values can be learnt nearly one by one; chess has "
                             "more than 10^40.")
    make = games.TicTacToe
    make_test = games.TicTacToeMatch
    rule: ClassVar[str] = "perfect play, computed by minimax"
    stands_for: ClassVar[str] = "Board games learnt by self-play, as AlphaZero learnt chess and Go."

    def score(self, returns: np.ndarray) -> float:
        return float((returns >= 0).mean())

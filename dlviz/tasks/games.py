"""The games that can be learnt: each names its game, what its outcome is called, and what it is worth."""
from __future__ import annotations

from typing import ClassVar

import numpy as np

from dlviz import games
from dlviz.tasks.game import GameTask


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

    name: ClassVar[str] = "gridworld"
    title: ClassVar[str] = "Gridworld"
    metric: ClassVar[str] = "the best return"
    limits: ClassVar[str] = ("Here every cell is known and nothing else moves; in the world there are too "
                             "many places for a map.")
    make = games.Gridworld
    rule: ClassVar[str] = "the shortest way, computed by value iteration"


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

"""Games of our own, each one file: several copies side by side in NumPy, with Gymnasium's `reset` and `step`."""
from __future__ import annotations

from dlviz.games.base import Game
from dlviz.games.cartpole import CartPole
from dlviz.games.catch import Catch
from dlviz.games.gridworld import Gridworld
from dlviz.games.snake import Snake
from dlviz.games.tictactoe import TicTacToe, TicTacToeMatch

__all__ = ["CartPole", "Catch", "Game", "Gridworld", "Snake", "TicTacToe", "TicTacToeMatch"]

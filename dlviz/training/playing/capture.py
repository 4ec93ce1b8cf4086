"""What a viewer is shown of a network that plays: a game of its own, its answer at each place, what it remembers."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dlviz.games.record import GameCapture, GameQuestion, GameRecord, play_game
from dlviz.tasks import GameTask

MOST = 500  # moves of a game that is shown


def record(task: GameTask, answer: Callable[[np.ndarray], np.ndarray], question: GameQuestion) -> GameRecord:
    """The game asked for. `answer` says a number for each action of observations `(N, *shape)`."""
    return play_game(task.play(1), lambda observation: answer(observation[None])[0], question, MOST)


def capture(task: GameTask, answer: Callable[[np.ndarray], np.ndarray], seed: int) -> GameCapture:
    """A game that the network plays, and what it says with the player at each place, where the game has places."""
    places = task.play(1).every_place()
    found = None if places is None else (answer(places[0]), places[1])
    return GameCapture(record(task, answer, GameQuestion(seed)), found)

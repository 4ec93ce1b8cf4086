"""A game of two players on the page Play: how it ended, for the person."""
from __future__ import annotations

import itertools

import numpy as np
import pytest

from dlviz.games import TicTacToe
from dlviz.games.record import GameQuestion, play_game
from dlviz.views.game import own_data


@pytest.mark.parametrize(("side", "own", "other", "outcome"), [
    (0, (0, 1, 2), (3, 4), "won"), (1, (0, 1, 2), (3, 4, 8), "won"), (0, (3, 4, 8), (0, 1, 2), "lost"),
    (1, (3, 4), (0, 1, 2), "lost")])
def test_of_two_players_the_result_is_told_from_the_persons_side(side: int, own, other, outcome: str):
    """The other makes its moves in a row, whatever happens; a person who won has a return of 1, whoever began."""
    plies = itertools.count()
    question = GameQuestion(1, own, side)
    record = play_game(TicTacToe(1), lambda _: np.eye(9)[[*other, 0][next(plies) // 2]], question, 9)
    data = own_data(TicTacToe(1), record, question)
    assert record.over and (data["outcome"], data["total"]) == (outcome, "1" if outcome == "won" else "−1")

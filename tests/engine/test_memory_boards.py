"""The replay memory as tiny boards: what lies in each cell, in the large board's words."""
from __future__ import annotations

import numpy as np
import pytest

from dlviz.games import Catch, Game, Gridworld, Snake, TicTacToe
from dlviz.training.playing.memory import ReplayMemory


@pytest.mark.parametrize("kind", [Catch, Gridworld, Snake, TicTacToe])
def test_a_tiny_board_of_the_memory_shows_what_lies_in_each_cell(kind: type[Game]):
    """Each of the tiny boards in words is the large board in words, as far as the observation tells them apart."""
    game, memory = kind(1), ReplayMemory(4, kind.shape, len(kind.actions))
    observations, info = game.reset(seed=3)
    nothing = np.zeros(1)
    memory.add(before=observations, actions=nothing, rewards=nothing, after=observations, ended=nothing,
               allowed=info["action_mask"])
    strip = memory.strip(4)
    assert strip is not None and len(kind.planes) == kind.shape[0] and set(kind.planes) <= set(kind.legend)
    tiny = np.array(["empty", *kind.planes])[strip.boards[0]]
    large = np.array(kind.legend)[game.frame()]
    assert ((tiny == large) | (tiny == "empty") | (large == "ball")).all()
    assert set(large.ravel()) & set(kind.planes) == set(tiny.ravel()) - {"empty"}

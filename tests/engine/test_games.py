"""Each game against one played by hand and its known constants; all of them against what a game promises."""
from __future__ import annotations

import math

import numpy as np
import pytest

from dlviz.games import CartPole, Catch, Game, Gridworld, Snake, TicTacToe, TicTacToeMatch
from dlviz.games.record import GameQuestion, play_game
from dlviz.games.tictactoe import moves

GAMES = (Catch, Gridworld, CartPole, Snake, TicTacToe, TicTacToeMatch)


def play(game: Game, steps: int, seed: int = 5) -> list[tuple[np.ndarray, ...]]:
    """What comes of allowed moves drawn from a seed."""
    random = np.random.default_rng(seed)
    observations, info = game.reset(seed=seed)
    found = [(observations,)]
    for _ in range(steps):
        actions = np.where(info["action_mask"], random.random(info["action_mask"].shape), -1).argmax(1)
        *news, info = game.step(actions)
        found.append((*news, info["final_obs"]))
    return found


@pytest.mark.parametrize("kind", GAMES, ids=lambda kind: kind.__name__)
def test_the_same_seed_and_moves_give_the_same_games(kind: type[Game]):
    one, other = play(kind(7), 60), play(kind(7), 60)
    assert all(np.array_equal(a, b) for left, right in zip(one, other) for a, b in zip(left, right))
    assert not np.array_equal(one[0][0], play(kind(7), 0, seed=6)[0][0]) or kind is TicTacToe, "another beginning"


@pytest.mark.parametrize("kind", GAMES, ids=lambda kind: kind.__name__)
def test_observations_have_the_shape_that_is_declared_and_are_the_callers_own(kind: type[Game]):
    game = kind(3)
    observations, info = game.reset(seed=1)
    assert observations.shape == (3, *kind.shape) and observations.dtype == np.float32
    assert info["action_mask"].shape == (3, len(kind.actions))
    before = observations.copy()
    game.step(info["action_mask"].argmax(1))
    assert np.array_equal(before, observations)


@pytest.mark.parametrize("kind", GAMES, ids=lambda kind: kind.__name__)
def test_copies_do_not_see_each_other(kind: type[Game]):
    """The same boards give the same next boards, whatever is played beside them: no chance comes before an end."""
    game, single = kind(4), kind(1)
    game.reset(seed=3)
    single.reset(seed=3)
    single.load_state_dict({name: value[2:3] if value.shape[:1] == (4,) else value
                            for name, value in game.state_dict().items()})
    if kind is not TicTacToeMatch:  # its opponent draws by lot
        actions = game.allowed().argmax(1)
        _, rewards, ended, *_, info = game.step(actions)
        _, own, over, *_, own_info = single.step(actions[2:3])
        assert rewards[2] == own[0] and ended[2] == over[0]
        if kind is not Snake or rewards[2] == 0:
            assert np.array_equal(info["final_obs"][2], own_info["final_obs"][0])


@pytest.mark.parametrize("kind", GAMES, ids=lambda kind: kind.__name__)
def test_going_on_from_a_stored_state_equals_never_having_stopped(kind: type[Game]):
    game, other = kind(5), kind(5)
    play(game, 40)
    other.load_state_dict({name: value.copy() for name, value in game.state_dict().items()})
    other.random.bit_generator.state = game.random.bit_generator.state
    for _ in range(40):
        actions = game.allowed().argmax(1)
        left, right = game.step(actions), other.step(actions)
        assert all(np.array_equal(a, b) for a, b in zip(left[:4], right[:4]))


def test_catch_by_hand():
    game = Catch(1)
    game.reset(seed=0)
    game.ball[:], game.paddle[:] = [[0, 4]], 2
    rewards = []
    for action in (2, 2, 1, 1, 1, 1, 1, 1, 1):  # twice to the right, below the ball, then wait
        _, reward, ended, broken_off, info = game.step(np.array([action]))
        rewards.append(float(reward[0]))
    assert rewards == [0] * 8 + [1] and ended[0] and not broken_off[0]
    assert np.argwhere(info["final_obs"][0, 0]).tolist() == [[9, 4]]
    game.ball[:], game.paddle[:] = [[8, 0]], 4
    assert game.step(np.array([0]))[1][0] == -1


def test_a_new_game_begins_within_the_step_that_ends_one():
    game = Catch(1)
    game.reset(seed=0)
    for _ in range(9):
        observations, *_, info = game.step(np.array([1]))
    assert game.moves[0] == 0 and np.argwhere(observations[0, 0])[0][0] == 0
    assert np.argwhere(info["final_obs"][0, 0])[-1][0] == 9


def test_gridworld_by_hand():
    game = Gridworld(4)
    game.reset(seed=0)
    game.place[:] = [[0, 4], [1, 4], [0, 2], [5, 0]]
    _, rewards, ended, _, info = game.step(np.array([1, 1, 1, 2]))  # to the goal, into the pit, at a wall, at the edge
    assert rewards == pytest.approx([0.98, -1.02, -0.02, -0.02]) and ended.tolist() == [True, True, False, False]
    assert np.argwhere(info["final_obs"][:, 0]).tolist() == [[0, 0, 5], [1, 1, 5], [2, 0, 2], [3, 5, 0]]


def test_gridworlds_values_keep_bellmans_equation_and_the_best_mean_return_is_theirs():
    game = Gridworld(1)
    values = game.optimal_values()
    for row, column in game.free:
        for action in range(4):
            game.reset(seed=0)
            game.place[:] = [[row, column]]
            _, reward, ended, _, info = game.step(np.array([action]))
            to = np.argwhere(info["final_obs"][0, 0])[0]
            beyond = 0 if ended[0] else values[tuple(to)].max()
            assert values[row, column, action] == pytest.approx(reward[0] + beyond)
    best = values.max(2)[tuple(game.free.T)]
    assert best.mean() == pytest.approx(Gridworld.highest, abs=1e-4) and len(game.free) == 25


def test_cartpole_has_the_constants_of_barto_sutton_and_anderson():
    """One push from a state by the equations of the paper's appendix, written out with plain numbers."""
    game = CartPole(1)
    game.reset(seed=0)
    x, speed, angle, turning = 0.1, -0.2, 0.05, 0.3
    game.state[:] = [[x, speed, angle, turning]]
    observations, reward, ended, *_ = game.step(np.array([1]))
    inner = (10.0 + 0.1 * 0.5 * turning**2 * math.sin(angle)) / 1.1
    turn = (9.8 * math.sin(angle) - math.cos(angle) * inner) / (0.5 * (4 / 3 - 0.1 * math.cos(angle) ** 2 / 1.1))
    push = inner - 0.1 * 0.5 * turn * math.cos(angle) / 1.1
    assert observations[0] == pytest.approx([x + 0.02 * speed, speed + 0.02 * push, angle + 0.02 * turning,
                                             turning + 0.02 * turn], rel=1e-6)
    assert reward[0] == 1 and not ended[0]
    for place, lost in ((2.39, False), (2.41, True)):
        game.state[:] = [[place, 0, 0, 0]]
        assert game.step(np.array([0]))[2][0] == lost
    for degrees, lost in ((11.9, False), (12.1, True)):
        game.state[:] = [[0, 0, math.radians(degrees), 0]]
        assert game.step(np.array([0]))[2][0] == lost


def test_a_pole_that_still_stands_after_500_moves_is_broken_off_and_not_lost():
    game = CartPole(1)
    game.reset(seed=0)
    game.moves[:] = 499
    *_, ended, broken_off, _ = game.step(game.guide())
    assert broken_off[0] and not ended[0]


def test_snake_by_hand():
    game = Snake(1)
    game.reset(seed=0)
    game.age[:] = 0
    game.age[0, 2, 1:3] = [1, 2]
    game.head[:], game.apple[:], game.length[:] = [[2, 2]], [[2, 3]], 2
    _, reward, ended, *_ = game.step(np.array([1]))  # onto the apple: it grows
    assert reward[0] == 1 and not ended[0] and game.length[0] == 3
    assert np.argwhere(game.age[0]).tolist() == [[2, 1], [2, 2], [2, 3]]
    game.apple[:] = [[5, 5]]
    game.step(np.array([0]))  # up
    assert sorted(map(tuple, np.argwhere(game.age[0]).tolist())) == [(1, 3), (2, 2), (2, 3)]
    _, reward, ended, *_ = game.step(np.array([2]))  # back down, into itself
    assert reward[0] == -1 and ended[0]


def test_a_snake_may_move_to_where_its_tail_goes_away():
    game = Snake(1)
    game.reset(seed=0)
    game.age[:] = 0
    for age, cell in enumerate(((2, 2), (2, 3), (3, 3), (3, 2)), start=1):
        game.age[0][cell] = age
    game.head[:], game.length[:], game.apple[:] = [[3, 2]], 4, [[0, 0]]
    _, reward, ended, *_ = game.step(np.array([0]))
    assert not ended[0] and reward[0] == 0


def test_a_snake_that_circles_is_broken_off():
    game = Snake(1)
    game.reset(seed=0)
    game.apple[:], game.hunger[:] = [[5, 5]], 59
    *_, ended, broken_off, _ = game.step(game.guide())
    assert broken_off[0] and not ended[0]


def test_tictactoe_by_hand():
    game = TicTacToe(1)
    game.reset(seed=0)
    for action in (0, 3, 1, 4):  # crosses in the top row, noughts in the middle one
        _, reward, ended, *_ = game.step(np.array([action]))
        assert not ended[0] and reward[0] == 0
    game.autoreset = False
    _, reward, ended, *_ = game.step(np.array([2]))
    assert ended[0] and reward[0] == 1 and game.frame().tolist() == [[1, 1, 1], [2, 2, 0], [0, 0, 0]]


def test_who_moves_is_shown_the_board_as_its_own():
    game = TicTacToe(1)
    game.reset(seed=0)
    observations, *_, info = game.step(np.array([4]))
    assert observations[0, 0].sum() == 0 and np.argwhere(observations[0, 1]).tolist() == [[1, 1]]
    assert not info["action_mask"][0, 4] and info["action_mask"][0].sum() == 8
    with pytest.raises(ValueError, match="taken"):
        game.step(np.array([4]))


def test_minimax_knows_that_nobody_need_lose():
    assert set(moves((0,) * 9).values()) == {0}
    assert moves((1, 1, 0, -1, -1, 0, 0, 0, 0))[2] == 1, "the move that wins"
    assert moves((-1, 0, 0, 0, 0, 0, 0, 0, 0)) == {1: -1, 2: -1, 3: -1, 4: 0, 5: -1, 6: -1, 7: -1, 8: -1}, \
        "who begins in a corner is answered in the centre"


def test_against_perfect_play_the_opponent_never_wins():
    game = TicTacToeMatch(40)
    game.reset(seed=2)
    returns = [game.step(game.guide())[1] for _ in range(60)]
    assert np.min(returns) == 0 and np.max(returns) == 1


def test_a_recorded_game_is_the_game_that_was_played():
    record = play_game(Catch(1), lambda board: np.array([0.0, 0.0, 1.0]), GameQuestion(4), 100)
    assert record.over and record.total in (1.0, -1.0) and set(record.actions.tolist()) == {2}
    assert record.frames.shape == (10, 10, 5) and record.rewards.sum() == record.total
    stopped = play_game(Catch(1), lambda board: np.zeros(3), GameQuestion(4, (0, 1)), 100)
    assert stopped.actions.tolist() == [0, 1] and not stopped.over and len(stopped.outputs) == 3


def test_of_two_players_the_network_answers_the_person():
    def first_free(board: np.ndarray) -> np.ndarray:
        return -np.arange(9.0)

    record = play_game(TicTacToe(1), first_free, GameQuestion(0, (4, 8), side=0), 20)
    assert record.actions.tolist() == [4, 0, 8, 1], "a person's move, then the network's"
    assert play_game(TicTacToe(1), first_free, GameQuestion(0, (), side=1), 20).actions.tolist() == [0]

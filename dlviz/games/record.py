"""One game as it was played, frame by frame, so that it can be shown. Knows no network: somebody says what to do."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dlviz.games.base import Game

Think = Callable[[np.ndarray], np.ndarray]  # one observation `(*shape)` -> a number for each action `(actions,)`


@dataclass(frozen=True)
class GameQuestion:
    """A game that somebody plays, or watches.

    Attributes:
        seed: which of all games: where it begins, and what happens by chance in it.
        moves: the person's moves so far; None where the network plays.
        side: of two players, which one the person is: 0 begins.
    """

    seed: int
    moves: tuple[int, ...] | None = None
    side: int = 0


@dataclass(frozen=True)
class GameRecord:
    """A game of M moves.

    Attributes:
        frames: what a person is shown, before each move and after the last `(M + 1, H, W)` uint8 or `(M + 1, D)`.
        outputs: what the network says of each action, before each move, and after the last where the game goes on.
        actions: int `(M,)`; rewards: float32 `(M,)`, of who moved; allowed: bool `(M, actions)`.
        over: whether it has come to its end; total: its return, for who began.
    """

    seed: int
    frames: np.ndarray
    outputs: np.ndarray
    actions: np.ndarray
    rewards: np.ndarray
    allowed: np.ndarray
    over: bool
    total: float


@dataclass(frozen=True)
class MemoryStrip:
    """The latest moves in a replay memory, as little boards.

    Attributes:
        boards: uint8 `(n, H, W)`, for each cell the last plane of the observation that has anything there, from 1; 0 is
            empty.
        drawn: bool `(n,)`, those in the batch of the last update.
        size, capacity: moves that are remembered, and that can be.
    """

    boards: np.ndarray
    drawn: np.ndarray
    size: int
    capacity: int


@dataclass(frozen=True)
class GameCapture:
    """What a network that plays was doing.

    Attributes:
        record: a game that it played by itself.
        places: what it says with the player at each place `(P, actions)`, and the places `(P, 2)`.
        memory: of who learns from one.
        exploration: the fraction of random moves, or how undecided it is, 0 to 1; None of a network at rest.
    """

    record: GameRecord
    places: tuple[np.ndarray, np.ndarray] | None = None
    memory: MemoryStrip | None = None
    exploration: float | None = None


def play_game(game: Game, think: Think, question: GameQuestion, most: int) -> GameRecord:
    """Play one game of one copy to its end, or for `most` moves, or as far as the person has moved."""
    game.autoreset = False
    observations, info = game.reset(seed=question.seed)
    frames, outputs, actions, rewards, masks = [game.frame()], [], [], [], []
    moves, over, total = list(question.moves or ()), False, 0.0
    while not over and len(actions) < most:
        mask = info["action_mask"][0]
        outputs.append(think(observations[0]))
        masks.append(mask)
        person = question.moves is not None and not (game.adversarial and len(actions) % 2 != question.side)
        if person and not (moves and mask[moves[0]]):
            break
        action = moves.pop(0) if person else int(np.where(mask, outputs[-1], -np.inf).argmax())
        sign = -1 if game.adversarial and len(actions) % 2 else 1
        observations, reward, terminated, truncated, info = game.step(np.array([action]))
        frames.append(game.frame())
        actions.append(action)
        rewards.append(float(reward[0]))
        over, total = bool(terminated[0] or truncated[0]), total + sign * float(reward[0])
    return GameRecord(question.seed, np.stack(frames), np.stack(outputs), np.array(actions, np.int64),
                      np.array(rewards, np.float32), np.stack(masks), over, total)

"""What tasks that are games share: nothing to copy from, only rewards. A subclass names its game. Knows no network."""
from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, ClassVar, cast

import numpy as np
import torch

from dlviz.errors import TaskError
from dlviz.games import Game
from dlviz.memoize import memoize
from dlviz.shapes import Kind, Shape, Signature
from dlviz.tasks.base import Baseline, Data, Split, SplitName, Task
from dlviz.tasks.modality import Modality
from dlviz.translation import _, _n

IMPORTS = ("import ", "from ")
POSITIONS = 100  # that a network can be looked at with, in each split; and games that it is tested in
SEEDS: dict[SplitName, int] = {"train": 1_000_000, "val": 2_000_000, "test": 3_000_000}
KINDS: dict[int, Kind] = {1: "vector", 3: "image"}


class GameTask(Task):
    """A game: the network learns by playing. Its samples are positions on the way, to look inside with."""

    modality: ClassVar[Modality] = Modality.GAME
    sample_noun: ClassVar[str] = "moves"
    score_title: ClassVar[str] = "Score"
    make: ClassVar[Callable[..., Game]]  # so many copies of the game, on its `board`
    make_test: ClassVar[Callable[..., Game] | None] = None  # where tests are against somebody else
    rule: ClassVar[str]  # what `Game.guide` does, in words
    points: ClassVar[str] = "return"  # what the rewards of a game add up to, in words
    supervised: ClassVar[bool] = False
    unused_settings: ClassVar[tuple[str, ...]] = ("train_fraction", "label_smoothing", "augmentation")
    stands_for: ClassVar[str] = "Decisions one after the other, of which only the outcome is judged."

    @property
    def game(self) -> GameTask:
        return self

    def play(self, copies: int) -> Game:
        """Copies of the game, as it is learnt."""
        return type(self).make(copies, *self.board())

    def board(self) -> tuple[Any, ...]:
        """What the game is arguments besides the number of its copies."""
        return ()

    def reward_at(self, row: int, column: int) -> float | None:
        """The reward of reaching this cell; None where there is no such cell, or its reward cannot be changed."""
        return None

    def with_reward(self, row: int, column: int, reward: float) -> GameTask:
        """The same game with another reward at a cell. TaskError where that cannot be."""
        raise TaskError(_("The game {title}", title=self.title), _("must keep the rewards of its rules"),
                        _("another one was asked for"), _("Choose the gridworld: there each cell can be clicked."))

    def test_game(self, copies: int) -> Game:
        """Copies of the game, as it is tested."""
        return (type(self).make_test or type(self).make)(copies, *self.board())

    def score(self, returns: np.ndarray) -> float:
        """How good games with these returns `(N,)` were together: 0 to 1."""
        made = self.play(1)
        return float(np.clip((returns.mean() - made.lowest) / (made.highest - made.lowest), 0, 1))

    @property
    def classes(self) -> tuple[str, ...]:
        return self.play(1).actions

    def signature(self) -> Signature:
        made = self.play(1)
        return Signature((("board", Shape(KINDS[len(made.shape)], made.shape)),), Shape("vector", (len(made.actions),)),
                         "actions", _n("{count} action", "{count} actions", count=len(made.actions)))

    def data(self) -> Data:
        return _positions(self)

    def source(self) -> str:
        """The game in plain Python, which defines `make_game(copies)`."""
        made = type(self).make_test or type(self).make
        own = sys.modules[made.__module__]
        taken = [sys.modules[name] for name in re.findall(r"^from (dlviz\.\S+) import", inspect.getsource(own), re.M)]
        lines = [line for module in (*taken, own) for line in _plain(module)]
        imports = dict.fromkeys(line for line in lines if line.startswith(IMPORTS))
        body = re.sub("\n{4,}", "\n\n\n", "\n".join(line for line in lines if line not in imports)).strip("\n")
        arguments = ", ".join(["copies", *map(repr, self.board())])
        made_by = f"def make_game(copies):\n    return {made.__name__}({arguments})\n"
        return "\n".join([*imports, "", "", body, "", "", made_by])

    def baseline(self) -> Baseline:
        return Baseline(_("simple rule"), self.rule, **_guided(self))


def finished(game: Game, seed: int, games: int, choose: Callable[[np.ndarray, np.ndarray], np.ndarray],
             ) -> tuple[np.ndarray, np.ndarray]:
    """Play one game in each copy to its end: returns and lengths `(N,)`.

    `choose` is given observations and the mask of allowed actions, and says the actions `(N,)`.
    """
    observations, info = game.reset(seed=seed)
    total, length, over = np.zeros(games), np.zeros(games, np.int64), np.zeros(games, bool)
    while not over.all():
        side = np.where(game.adversarial & (game.moves % 2 == 1), -1, 1)
        observations, rewards, terminated, truncated, info = game.step(choose(observations, info["action_mask"]))
        total, length = total + np.where(over, 0, side * rewards), length + ~over
        over |= terminated | truncated
    return total, length


def _plain(module: ModuleType) -> list[str]:
    """The lines of a module without its first words, and without what it takes from dlviz."""
    lines = inspect.getsource(module).split('"""', 2)[2].strip("\n").split("\n")
    return ["", "", *(line for line in lines if not line.startswith(("from __future__", "from dlviz")))]


@memoize(maxsize=16)
def _guided(task: GameTask) -> dict[str, float]:
    """How well the simple rule plays, in the fields of a Baseline."""
    found: dict[str, float] = {}
    for name in ("val", "test"):
        game = task.test_game(POSITIONS)
        returns, _ = finished(game, SEEDS[name], POSITIONS, lambda *_, game=game: game.guide())
        score = task.score(returns)
        found |= {f"{name}_loss": 1 - score, f"{name}_accuracy": score}
    return found


@memoize(maxsize=16)
def _positions(task: GameTask) -> Data:
    return Data(*(_split(task, seed) for seed in SEEDS.values()))


def _split(task: GameTask, seed: int) -> Split:
    """Positions of games in which half of the moves are the simple rule's; the target is what the rule would do."""
    game, random = task.play(POSITIONS // 10), np.random.default_rng(seed)
    observations, info = game.reset(seed=seed)
    inputs, targets = [], []
    for _turn in range(10):
        guided, allowed = game.guide(), cast(np.ndarray, info["action_mask"])
        inputs.append(observations)
        targets.append(guided)
        free = np.where(allowed, random.random(allowed.shape), -1).argmax(1)
        observations, *_, info = game.step(np.where(random.random(len(free)) < 0.5, guided, free))
    return Split((torch.from_numpy(np.concatenate(inputs)),), torch.from_numpy(np.concatenate(targets)))

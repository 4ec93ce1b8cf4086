"""What learns from games: `training.learner` with moves in the place of samples. Knows no control and no page.

Besides what every learner draws: the games from the seed and the generator of their own, explored moves and batches
from the player's. All of it is kept in checkpoints, so that going on equals never having stopped.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from dlviz import tasks
from dlviz.tasks import GameTask, SplitName, Task
from dlviz.tasks.game import POSITIONS, SEEDS, finished
from dlviz.training import checkpoint as ckpt
from dlviz.training import events as ev
from dlviz.training import rewards
from dlviz.training.control import SetReward
from dlviz.training.learner import Learner
from dlviz.training.playing.arena import Arena
from dlviz.training.playing.player import tensor
from dlviz.training.playing.players import PLAYERS

GAMES: dict[SplitName, int] = {"train": POSITIONS, "val": POSITIONS, "test": 200}  # that the network is tested in
PREFIX = "playing."  # of what is remembered of it in a checkpoint


class GameLearner(Learner):
    """The state that an update changes, of a task that is a game."""

    @property
    def game(self) -> GameTask:
        found = self.task.game
        assert found is not None
        return found

    def prepare(self) -> None:
        self.steps_per_epoch = self.spacing = self.experiment.training.steps_per_epoch(None)

    def reset(self) -> None:
        super().reset()
        training = self.experiment.training
        kind = PLAYERS[training.algorithm.kind]
        self.player = kind(self.experiment, self.network, self.device, self.planned_steps)
        self.arena = Arena(self.game.play(self.player.copies()), self.experiment.seed)
        self.player.enter(self.arena)

    def batches(self, epoch: int, done: int) -> Iterator[torch.Tensor]:
        """A number for each update: what it learns from is not known before it is played."""
        return iter(torch.arange(self.steps_per_epoch)[done:, None])

    def baselines(self) -> tuple[None, None]:
        return None, None

    def update(self, indices: torch.Tensor) -> ev.Step:
        """Some moves, and one update. The loss is that of before the update; accuracy is the score of late games."""
        self.optimizer.param_groups[0]["lr"] = rate = self.learning_rate()
        loss = self.player.loss()
        self.descend(loss)
        self.player.updated(rate)
        recent = np.array(self.arena.recent)
        score = self.game.score(recent) if len(recent) else 0.0
        return ev.Step(self.step, loss.item(), score, rate)

    def news(self) -> Iterator[ev.Event]:
        yield from self.arena.news(self.step, self.player.exploration())
        if record := self.player.errors.record(self.step):
            yield record

    def set_reward(self, message: SetReward) -> tuple[float, float]:
        """From the next move on; moves that are remembered keep the reward that they had. RunError as `rewards`."""
        old = self.game.reward_at(message.row, message.column)
        self._play_on(rewards.changed(self.game, message))
        return old or 0.0, message.value

    def _play_on(self, task: Task) -> None:
        """On the board of this task."""
        self.task = task
        if board := self.game.board():
            self.arena.game.lay(*board)

    def evaluate(self, split: SplitName, most: int | None = None, details: bool = True) -> ev.Evaluated:
        return evaluate(self.network, self.game, split, self.device, self.step)

    def capture_game(self, captured: ev.Captured) -> ev.Captured:
        """The same with what only who learns knows: the replay memory, and how much it explores."""
        if captured.game is None:
            return captured
        return replace(captured, game=replace(captured.game, memory=self.player.strip(),
                                              exploration=self.player.exploration()))

    def state_dict(self) -> ckpt.TrainerState:
        state, (games, values) = super().state_dict(), self.arena.state_dict()
        arrays, own = self.player.state_dict()
        tensors = {f"game.{name}": tensor(np.ascontiguousarray(value)) for name, value in games.items()}
        tensors |= {f"player.{name}": value for name, value in arrays.items()}
        return ckpt.TrainerState({**state.tensors, **{PREFIX + name: value for name, value in tensors.items()}},
                                 {**state.values, "games": values, "player": own,
                                                            "task": self.task.model_dump()})

    def load(self, path: Path) -> None:
        super().load(path)
        state = ckpt.load_trainer_state(path)
        found = {name.removeprefix(PREFIX): value for name, value in state.tensors.items() if name.startswith(PREFIX)}
        games = {name.removeprefix("game."): value.numpy() for name, value in found.items() if name.startswith("game.")}
        arrays = {name.removeprefix("player."): value for name, value in found.items() if name.startswith("player.")}
        self._play_on(tasks.get(self.task.name, state.values.get("task") or self.experiment.task.fields))
        self.arena.load_state_dict(games, state.values["games"])
        self.player.load_state_dict(arrays, state.values["player"], self.step)


def evaluate(network: torch.nn.Module, task: GameTask, split: SplitName, device: torch.device, step: int,
             ) -> ev.Evaluated:
    """Games that the network plays by itself, always the same ones: how good they were, and what is missing to 1."""
    was_training = network.training
    network.eval()

    @torch.no_grad()
    def choose(observations: np.ndarray, allowed: np.ndarray) -> np.ndarray:
        outputs = network(tensor(observations).to(device)).cpu().numpy()
        return np.where(allowed, outputs, -np.inf).argmax(1)

    returns, _ = finished(task.test_game(GAMES[split]), SEEDS[split], GAMES[split], choose)
    network.train(was_training)
    score = task.score(returns)
    return ev.Evaluated(step, 1 - score, score, GAMES[split])

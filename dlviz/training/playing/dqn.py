"""Deep Q-learning, by a replay memory and a target network (Mnih et al. 2015)."""
from __future__ import annotations

import copy

import numpy as np
import torch
from torch.nn import functional as F

from dlviz.algorithms import DQN
from dlviz.games.record import MemoryStrip
from dlviz.network import Network
from dlviz.spec import Experiment
from dlviz.training.playing import targets
from dlviz.training.playing.arena import Arena
from dlviz.training.playing.memory import ReplayMemory
from dlviz.training.playing.player import Arrays, Player, Values, settings_of, under

STRIP = 240  # moves of the memory that are shown


class DQNPlayer(Player):
    """See `algorithms.DQN`."""

    algorithm = DQN

    def __init__(self, experiment: Experiment, network: Network, device: torch.device, planned_steps: int) -> None:
        super().__init__(experiment, network, device, planned_steps)
        self.settings = settings_of(experiment, DQN)
        self.target = copy.deepcopy(network).requires_grad_(False).eval()

    def copies(self) -> int:
        return self.settings.copies

    def enter(self, arena: Arena) -> None:
        super().enter(arena)
        game = arena.game
        self.memory = ReplayMemory(self.settings.memory, game.shape, len(game.actions))

    def exploration(self) -> float:
        return self.settings.epsilon(self.step, self.planned_steps)

    def loss(self) -> torch.Tensor:
        """Of values that do not yet agree with what came of the moves; Huber's."""
        batch = self.experiment.training.batch_size
        self._play()
        while len(self.memory) < min(batch, self.memory.capacity):
            self._play()
        moves = self.memory.draw(self.random, batch)
        before, after = moves.before.to(self.device), moves.after.to(self.device)
        with torch.no_grad():
            values: torch.Tensor = self.target(after)
            choice = self._chosen(after) if self.settings.double else values
            aim = targets.q_targets(moves.rewards.to(self.device), moves.ended.to(self.device), values,
                                              choice, moves.allowed.to(self.device), self.settings.discount, self.sign)
        values_now = self.network(before).gather(1, moves.actions.to(self.device)[:, None])[:, 0]
        self.errors.add(values_now - aim)
        return F.smooth_l1_loss(values_now, aim)

    def _chosen(self, after: torch.Tensor) -> torch.Tensor:
        self.network.eval()
        found: torch.Tensor = self.network(after)
        self.network.train()
        return found

    def _play(self) -> None:
        """One move in every copy, some of them at random."""
        allowed = self.arena.allowed
        best: np.ndarray = np.where(allowed, self.outputs(self.arena.observations), -np.inf).argmax(1)
        any_move = np.where(allowed, self.random.random(allowed.shape), -1).argmax(1)
        explores = self.random.random(len(allowed)) < self.exploration()
        turn = self.arena.step(np.where(explores, any_move, best))
        ended = np.zeros_like(turn.ended) if self.settings.bootstrap_at_end else turn.ended
        self.memory.add(before=turn.before, actions=turn.actions, rewards=turn.rewards, after=turn.after, ended=ended,
                        allowed=turn.allowed)

    def updated(self, learning_rate: float) -> None:
        super().updated(learning_rate)
        if self.step % self.settings.target_every == 0:
            self.target.load_state_dict(self.network.state_dict())

    def strip(self) -> MemoryStrip | None:
        return self.memory.strip(STRIP)

    def state_dict(self) -> tuple[Arrays, Values]:
        _, values = super().state_dict()
        arrays = {f"memory.{name}": value for name, value in self.memory.state_dict().items()}
        arrays |= {f"target.{name}": value for name, value in self.target.state_dict().items()}
        return arrays, values | {"count": self.memory.count}

    def load_state_dict(self, arrays: Arrays, values: Values, step: int) -> None:
        super().load_state_dict(arrays, values, step)
        self.memory.load_state_dict(under(arrays, "memory."), values["count"])
        self.target.load_state_dict(under(arrays, "target."))

"""Policy gradients: REINFORCE (Williams 1992), and an actor with a critic (Mnih et al. 2016; Schulman et al. 2016)."""
from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from dlviz import network as net
from dlviz.algorithms import REINFORCE, ActorCritic
from dlviz.network import Network
from dlviz.spec import Experiment
from dlviz.training import optimizers
from dlviz.training.playing import targets
from dlviz.training.playing.arena import Turn
from dlviz.training.playing.player import Arrays, Player, Values, settings_of, tensor, under


class _PolicyPlayer(Player):
    """What policy gradients share: moves are drawn from the network's probabilities."""

    entropy_now = 1.0

    def exploration(self) -> float:
        return self.entropy_now

    def _draw(self) -> np.ndarray:
        """A move for each copy, by the network's probabilities (Gumbel's trick: the largest of noisy logits)."""
        logits = np.where(self.arena.allowed, self.outputs(self.arena.observations), -np.inf)
        return (logits + self.random.gumbel(size=logits.shape)).argmax(1)

    def _policy_loss(self, observations: np.ndarray, actions: np.ndarray, allowed: np.ndarray, weights: torch.Tensor,
                     entropy_weight: float) -> torch.Tensor:
        """-log pi(a | s) times how good the move was `(B,)`, less the bonus for being undecided."""
        logits = self.network(tensor(observations).to(self.device))
        mask = tensor(allowed).to(self.device)
        log_probabilities = F.log_softmax(logits.masked_fill(~mask, -1e9), 1)
        chosen = log_probabilities.gather(1, tensor(actions).to(self.device)[:, None])[:, 0]
        entropy = -(log_probabilities.exp() * log_probabilities).sum(1).mean()
        self.entropy_now = entropy.item() / float(np.log(logits.shape[1]))
        return -(chosen * weights).mean() - entropy_weight * entropy

    def state_dict(self) -> tuple[Arrays, Values]:
        arrays, values = super().state_dict()
        return arrays, values | {"entropy": self.entropy_now}

    def load_state_dict(self, arrays: Arrays, values: Values, step: int) -> None:
        super().load_state_dict(arrays, values, step)
        self.entropy_now = values["entropy"]


class ReinforcePlayer(_PolicyPlayer):
    """See `REINFORCE`: one update for each `batch_size` games, all played to their ends."""

    algorithm = REINFORCE

    def __init__(self, experiment: Experiment, network: Network, device: torch.device, planned_steps: int) -> None:
        super().__init__(experiment, network, device, planned_steps)
        self.settings = settings_of(experiment, REINFORCE)

    def copies(self) -> int:
        return self.experiment.training.batch_size

    def loss(self) -> torch.Tensor:
        turns, allowed, counted = self._games()
        rewards = np.stack([turn.rewards for turn in turns]) * counted
        returns = targets.discounted_returns(tensor(rewards), self.settings.discount, self.sign)
        weights = returns.numpy()[counted]
        if self.settings.normalize:
            weights = (weights - weights.mean()) / (weights.std() + 1e-8)
        pick = [np.stack(rows)[counted] for rows in zip(*((turn.before, turn.actions) for turn in turns))]
        return self._policy_loss(pick[0], pick[1], np.stack(allowed)[counted],
                                 tensor(weights.astype(np.float32)).to(self.device), self.settings.entropy)

    def _games(self) -> tuple[list[Turn], list[np.ndarray], np.ndarray]:
        """A whole game in each copy: moves, what was allowed, and which rows count `(T, N)`; games begin anew."""
        turns: list[Turn] = []
        allowed: list[np.ndarray] = []
        counted: list[np.ndarray] = []
        running = np.ones(self.copies(), bool)
        self.arena.begin()
        while running.any():
            allowed.append(self.arena.allowed)
            counted.append(running.copy())
            turns.append(self.arena.step(self._draw(), running))
            running &= ~(turns[-1].ended | turns[-1].broken_off)
        return turns, allowed, np.stack(counted)


class ActorCriticPlayer(_PolicyPlayer):
    """See `ActorCritic`; the critic is a second network of the same design with one neuron behind it."""

    algorithm = ActorCritic

    def __init__(self, experiment: Experiment, network: Network, device: torch.device, planned_steps: int) -> None:
        super().__init__(experiment, network, device, planned_steps)
        self.settings = settings_of(experiment, ActorCritic)
        self.critic = nn.Sequential(net.build(experiment.network, network.signature),
                                    nn.Linear(network.signature.out_shape.numel, 1)).to(device)
        self.optimizer = optimizers.build(experiment.training.optimizer, self.critic)

    def copies(self) -> int:
        return self.settings.copies

    def loss(self) -> torch.Tensor:
        turns, allowed = self._moves()
        before, after = (np.stack([getattr(turn, name) for turn in turns]) for name in ("before", "after"))
        rewards, ended, broken_off = (tensor(np.stack([getattr(turn, name) for turn in turns]))
                                      for name in ("rewards", "ended", "broken_off"))
        values = self._worth(before)
        with torch.no_grad():
            following = self._worth(after)
        stops = torch.zeros_like(ended) if self.settings.bootstrap_at_end else ended
        better = targets.advantages(rewards, values.detach(), following, stops, ended | broken_off,
                                    self.settings.discount, self.settings.gae_lambda, self.sign)
        self.errors.add(targets.td_errors(rewards, values, following, stops, self.settings.discount, self.sign))
        self._learn_values(values, better + values.detach())
        weights = better.flatten().to(self.device)
        if self.settings.normalize:
            weights = (weights - weights.mean()) / (weights.std() + 1e-8)
        actions = np.stack([turn.actions for turn in turns])
        return self._policy_loss(_flat(before), actions.ravel(), _flat(np.stack(allowed)), weights,
                                 self.settings.entropy)

    def _moves(self) -> tuple[list[Turn], list[np.ndarray]]:
        """`batch_size` moves, shared out among the copies."""
        turns: list[Turn] = []
        allowed: list[np.ndarray] = []
        for _ in range(max(1, self.experiment.training.batch_size // self.copies())):
            allowed.append(self.arena.allowed)
            turns.append(self.arena.step(self._draw()))
        return turns, allowed

    def _worth(self, observations: np.ndarray) -> torch.Tensor:
        """What the critic says of positions `(T, N, *shape)`: `(T, N)`, on the CPU."""
        found = self.critic(tensor(_flat(observations)).to(self.device))
        return found.view(observations.shape[:2]).cpu()

    def _learn_values(self, values: torch.Tensor, returns: torch.Tensor) -> None:
        self.optimizer.zero_grad()
        loss = self.settings.value_weight * F.mse_loss(values, returns)
        loss.backward()  # pyright: ignore[reportUnknownMemberType] - torch does not say what its arguments are
        self.optimizer.step()

    def updated(self, learning_rate: float) -> None:
        super().updated(learning_rate)
        self.optimizer.param_groups[0]["lr"] = learning_rate

    def state_dict(self) -> tuple[Arrays, Values]:
        arrays, values = super().state_dict()
        arrays |= {f"critic.{name}": value for name, value in self.critic.state_dict().items()}
        arrays |= {f"optimizer.{index}.{name}": value for index, state in self.optimizer.state_dict()["state"].items()
                   for name, value in state.items() if value is not None}
        return arrays, values | {"critic_rate": self.optimizer.param_groups[0]["lr"]}

    def load_state_dict(self, arrays: Arrays, values: Values, step: int) -> None:
        super().load_state_dict(arrays, values, step)
        self.critic.load_state_dict(under(arrays, "critic."))
        state: dict[int, Arrays] = {}
        for key, value in under(arrays, "optimizer.").items():
            index, name = key.split(".", 1)
            state.setdefault(int(index), {})[name] = value
        self.optimizer.load_state_dict({**self.optimizer.state_dict(), "state": state})
        self.optimizer.param_groups[0]["lr"] = values["critic_rate"]


def _flat(rows: np.ndarray) -> np.ndarray:
    """`(T, N, ...)` as `(T N, ...)`."""
    return rows.reshape(-1, *rows.shape[2:])

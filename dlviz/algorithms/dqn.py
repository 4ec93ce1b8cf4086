"""Deep Q-learning: the network says what each action is worth (Mnih et al. 2015)."""
from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from dlviz.algorithms.base import Algorithm, bootstrap_at_end, copies, discount


class DQN(Algorithm):
    """Deep Q-learning: learn the value of each action from remembered moves, and play the most valuable one."""

    kind: Literal["DQN"] = "DQN"
    discount: float = discount()
    epsilon_start: float = Field(default=1.0, ge=0, le=1,
        description="Exploration at first: the fraction of moves that are made at random, whatever the network says.")
    epsilon_end: float = Field(default=0.05, ge=0, le=1, description="Exploration at last, as a fraction of the moves.")
    epsilon_fraction: float = Field(default=0.3, gt=0, le=1,
        description="The part of the run in which exploration falls from first to last.")
    memory: int = Field(default=10_000, ge=1, le=100_000,
        description="Replay memory: so many of the latest moves are remembered, and each update draws its batch from "
                    "them. As many as copies: no replay.")
    target_every: int = Field(default=100, ge=1, le=10_000,
        description="Updates after which the target network, which says what comes next, becomes a copy of the "
                    "network that learns. 1: no target network.")
    double: bool = Field(default=True,
        description="Double DQN: the network chooses the next action and the target network says what it is worth, so"
                    " that values are not overestimated (van Hasselt et al. 2016).")
    copies: int = copies(16)
    bootstrap_at_end: bool = bootstrap_at_end()
    formula: ClassVar[str] = r"\ell\!\left(r + \gamma \max_{a'} Q^-(s', a') - Q(s, a)\right)"
    updates_per_epoch: ClassVar[int] = 500
    td_error: ClassVar[str] = "|r + γ max Q⁻ − Q|"

    def epsilon(self, step: int, planned_steps: int) -> float:
        """The fraction of moves made at random after `step` updates."""
        progress = min(1.0, step / max(1.0, self.epsilon_fraction * planned_steps))
        return self.epsilon_start + (self.epsilon_end - self.epsilon_start) * progress

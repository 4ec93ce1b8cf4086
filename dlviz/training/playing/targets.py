"""What moves should have been worth: DQN's targets, returns, advantages. Pure functions of tensors; knows no network.

Axes: B moves; T moves one after the other in N copies. `sign` is -1 where two players move in turn, since what comes
next is then the other's gain, else 1.
"""
from __future__ import annotations

import torch


def q_targets(rewards: torch.Tensor, ended: torch.Tensor, values: torch.Tensor, choice: torch.Tensor,
              allowed: torch.Tensor, discount: float, sign: float = 1.0) -> torch.Tensor:
    """r + gamma Q(s', argmax over a' of choice(s', a')), and r alone where the game has ended.

    Args:
        rewards, ended: `(B,)`; values, choice, allowed: `(B, actions)`. Double DQN has the target network's `values`
            and the learning network's `choice` (van Hasselt et al. 2016); DQN has both from the target network.
    """
    best = choice.masked_fill(~allowed, -torch.inf).argmax(1, keepdim=True)
    following = values.gather(1, best)[:, 0]
    return rewards + sign * discount * torch.where(ended, 0.0, following)


def discounted_returns(rewards: torch.Tensor, discount: float, sign: float = 1.0) -> torch.Tensor:
    """G_t = r_t + gamma G_{t+1} for each move of games `(T, N)`; what comes after a game's end must be 0."""
    found, following = torch.empty_like(rewards), torch.zeros_like(rewards[0])
    for step in range(len(rewards) - 1, -1, -1):
        following = rewards[step] + sign * discount * following
        found[step] = following
    return found


def td_errors(rewards: torch.Tensor, values: torch.Tensor, following: torch.Tensor, ended: torch.Tensor,
              discount: float, sign: float = 1.0) -> torch.Tensor:
    """r + gamma V(s') - V(s), each as `advantages` has it."""
    return rewards + sign * discount * torch.where(ended, 0.0, following) - values


def advantages(rewards: torch.Tensor, values: torch.Tensor, following: torch.Tensor, ended: torch.Tensor,
               broken: torch.Tensor, discount: float, gae_lambda: float, sign: float = 1.0) -> torch.Tensor:
    """Generalized advantage estimation `(T, N)` (Schulman et al. 2016).

    Args:
        rewards: of each move `(T, N)`; values: of the position before it; following: of the position after it.
        ended: where the game was over after it, so that nothing follows.
        broken: where the next row belongs to another game, ended or broken off.
    """
    errors = td_errors(rewards, values, following, ended, discount, sign)
    found, later = torch.empty_like(errors), torch.zeros_like(errors[0])
    for step in range(len(errors) - 1, -1, -1):
        later = errors[step] + sign * discount * gae_lambda * torch.where(broken[step], 0.0, later)
        found[step] = later
    return found

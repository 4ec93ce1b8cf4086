"""How a network learns from games: one dict from kind to declaration. Plain data; knows neither torch nor games."""
from __future__ import annotations

from typing import Any

from dlviz.algorithms.base import Algorithm
from dlviz.algorithms.dqn import DQN
from dlviz.algorithms.policy import REINFORCE, ActorCritic

ALGORITHMS: dict[str, type[Algorithm]] = {cls.__name__: cls for cls in (DQN, REINFORCE, ActorCritic)}


def load(value: Any) -> Any:
    """The algorithm with these fields, its `kind` among them; what is none of ours is left to others to refuse."""
    if not isinstance(value, dict):
        return value
    kind = str(value.get("kind"))
    if kind not in ALGORITHMS:
        raise ValueError(f"an algorithm is one of {', '.join(ALGORITHMS)}")
    return ALGORITHMS[kind].model_validate(value)


__all__ = ["ALGORITHMS", "DQN", "REINFORCE", "ActorCritic", "Algorithm", "load"]

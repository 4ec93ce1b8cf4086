"""From an optimizer's plain fields to torch's optimizer, and changes to it while it works."""
from __future__ import annotations

import torch
from torch import nn

from dlviz.errors import RunError
from dlviz.optimizers import LIVE, Optimizer, with_live
from dlviz.training.control import Set


def learning(network: nn.Module) -> list[nn.Parameter]:
    """The weights that are not frozen."""
    return [weight for weight in network.parameters() if weight.requires_grad]


def build(spec: Optimizer, network: nn.Module) -> torch.optim.Optimizer:
    """torch's optimizer over all weights of the network that are not frozen, fused where torch can."""
    fast = {"fused": True} if spec.fused else {}
    optimizer = getattr(torch.optim, spec.kind)(learning(network), **spec.arguments(), **fast)
    optimizer.param_groups[0]["initial_lr"] = spec.learning_rate  # torch's own name for what schedules start from
    return optimizer


def require(spec: Optimizer, message: Set) -> float:
    """The new value of one of `LIVE`. RunError for one that this optimizer does not have, or that is out of bounds."""
    live, value = LIVE[message.setting], message.number
    if not live.low <= value <= live.high:
        raise RunError(f"The {live.title}", f"must lie between {live.low:g} and {live.high:g}",
                       f"{value:g} was asked for", "Choose another value.")
    if live.key not in spec.live():
        raise RunError(f"The optimizer {spec.kind}", f"works without {live.title}",
                       f"a change of {live.title} was asked for", f"Use {with_live(live.key)} for that.")
    return value


def change(spec: Optimizer, optimizer: torch.optim.Optimizer, message: Set) -> tuple[float, float]:
    """Apply a change of a number from the next update on; returns the old and the new value. RunError as `require`."""
    value = require(spec, message)
    return spec.change(optimizer.param_groups[0], message.setting, value), value

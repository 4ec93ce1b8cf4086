"""From an optimizer's plain fields to torch's optimizer, and changes to it while it works."""
from __future__ import annotations

import torch
from torch import nn

from dlviz.errors import RunError
from dlviz.optimizers import LIVE, Optimizer, with_live
from dlviz.training.control import Set
from dlviz.translation import _


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
        raise RunError(_("The {title}", title=live.title),
                       _("must lie between {low:g} and {high:g}", low=live.low, high=live.high),
                       _("{value:g} was asked for", value=value), _("Choose another value."))
    if live.key not in spec.live():
        raise RunError(_("The optimizer {kind}", kind=spec.kind), _("works without {title}", title=live.title),
                       _("a change of {title} was asked for", title=live.title),
                       _("Use {with_live} for that.", with_live=with_live(live.key)))
    return value


def change(spec: Optimizer, optimizer: torch.optim.Optimizer, message: Set) -> tuple[float, float]:
    """Apply a change of a number from the next update on; returns the old and the new value. RunError as `require`."""
    value = require(spec, message)
    return spec.change(optimizer.param_groups[0], message.setting, value), value

"""A derivative without the chain rule: nudge one weight a little both ways and see how the loss moves.

The central difference (L(w + h) - L(w - h)) / 2h, in double precision, where rounding hides nothing.
"""
from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import nn

from dlviz import chance

STEP = 1e-5  # of a weight of size 1; its square is the method's own error, 1e-16 / STEP that of rounding


@dataclass(frozen=True)
class FiniteDifference:
    """The loss of the batch with the weight `step` higher and `step` lower."""

    step: float
    above: float
    below: float

    @property
    def slope(self) -> float:
        """The central difference: an estimate of dL/dw."""
        return (self.above - self.below) / (2 * self.step)


def nudge(network: nn.Module, parameter: str, index: Sequence[int], inputs: tuple[torch.Tensor, ...],
          loss: Callable[[torch.Tensor], torch.Tensor], seed: int = 0) -> FiniteDifference:
    """Two forward passes in training mode of a copy of the network, in float64; `seed` as in `update.record`."""
    network = copy.deepcopy(network).double().train()
    entering = tuple(x.double() if x.is_floating_point() else x for x in inputs)
    weight, start = network.get_parameter(parameter), {name: value.clone() for name, value in network.named_buffers()}
    own = float(weight.detach()[tuple(index)])
    step = STEP * max(1.0, abs(own))
    losses = []
    for value in (own + step, own - step):
        for name, buffer in network.named_buffers():
            buffer.copy_(start[name])
        with torch.no_grad(), chance.borrowed(seed):
            weight[tuple(index)] = value
            losses.append(float(loss(network(*entering))))
    return FiniteDifference(step, *losses)

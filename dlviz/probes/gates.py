"""How many gates of a recurrent layer are stuck open or shut, worked out for a few samples with two matrix products.

torch's fused cells do not tell their gates. Only for one layer read forwards: there the states that the gates
need are the layer's own outputs. Knows no network.
"""
from __future__ import annotations

import torch
from torch import nn

from dlviz import layers

SAMPLES = 8  # of the batch


def saturated(module: nn.RNNBase, entering: torch.Tensor, flat: float) -> torch.Tensor | None:
    """Fraction of gates (of an RNN: of states) whose slope is below `flat` of the steepest; None where not known.

    `entering` is `(B, T, D)`; what comes out is a scalar on its device.
    """
    declared = layers.of(module)
    squeezed = declared.cell(module).squeezed
    if module.num_layers > 1 or squeezed is None:
        return None
    x = entering[:SAMPLES]
    states = declared.torch.forward(module, x)[0][..., :module.hidden_size]  # (B, T, H), forwards
    if squeezed == "state":
        return (1 - states * states < flat).float().mean()
    found = open_gates(module, x, states)
    return (found * (1 - found) < flat / 4).float().mean()


def open_gates(module: nn.RNNBase, x: torch.Tensor, states: torch.Tensor) -> torch.Tensor:
    """Sigmoid gates after each step, `(gates, B, T, H)`, of `x` `(B, T, D)` and the layer's `states` `(B, T, H)`."""
    before = torch.cat([torch.zeros_like(states[:, :1]), states[:, :-1]], 1)
    entering, recurrent, *biases = module.all_weights[0]
    bias_entering, bias_recurrent = biases or (None, None)
    sums = (nn.functional.linear(x, entering, bias_entering)
            + nn.functional.linear(before, recurrent, bias_recurrent))
    cell = layers.of(module).cell(module)
    parts = sums.chunk(cell.rows, -1)
    return torch.stack([parts[place].sigmoid() for place in cell.sigmoids])

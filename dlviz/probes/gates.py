"""How many gates of a recurrent layer are stuck open or shut, worked out for a few samples with two matrix
products.

torch's fused cells do not tell their gates. Only for one layer read forwards: there the states that the gates
need are the layer's own outputs. Knows no network.
"""
from __future__ import annotations

import torch
from torch import nn

SAMPLES = 8  # of the batch
PLAIN = {"LSTM": nn.LSTM, "GRU": nn.GRU, "RNN_TANH": nn.RNN}
SIGMOIDS = {"LSTM": (0, 1, 3), "GRU": (0, 1)}  # which of torch's rows a sigmoid squeezes


def saturated(module: nn.RNNBase, entering: torch.Tensor, flat: float) -> torch.Tensor | None:
    """Share of gates (of an RNN: of states) whose slope is below `flat` of the steepest; None where not
    known.

    `entering` is (B, T, D).
    """
    if module.num_layers > 1 or module.mode not in PLAIN:
        return None
    x = entering[:SAMPLES]
    states = PLAIN[module.mode].forward(module, x)[0][..., :module.hidden_size]  # (B, T, H), forwards
    if module.mode == "RNN_TANH":
        return (1 - states * states < flat).float().mean()
    found = open_gates(module, x, states)
    return (found * (1 - found) < flat / 4).float().mean()


def open_gates(module: nn.RNNBase, x: torch.Tensor, states: torch.Tensor) -> torch.Tensor:
    """The sigmoid gates after each step, (gates, B, T, H); `states` are the layer's (B, T, H)."""
    before = torch.cat([torch.zeros_like(states[:, :1]), states[:, :-1]], 1)
    sums = (nn.functional.linear(x, module.weight_ih_l0, module.bias_ih_l0 if module.bias else None)
            + nn.functional.linear(before, module.weight_hh_l0, module.bias_hh_l0 if module.bias else None))
    parts = sums.chunk({"LSTM": 4, "GRU": 3}[module.mode], -1)
    return torch.stack([parts[place].sigmoid() for place in SIGMOIDS[module.mode]])

"""The logit lens (nostalgebraist 2020): what a network would answer if it stopped after an earlier layer.

The last layers, those behind the last attention, read the output of each earlier layer of the same shape instead.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import nn


@torch.no_grad()
def read_early(outputs: Mapping[str, torch.Tensor], readout: Sequence[nn.Module]) -> dict[str, torch.Tensor]:
    """Probabilities `(T, V)` that the layers of `readout`, one after the other, make of each output `(T, D)`."""
    found: dict[str, torch.Tensor] = {}
    for name, output in outputs.items():
        value = output[None]
        for module in readout:
            value = module(value)
        found[name] = value[0].softmax(-1)
    return found


@torch.no_grad()
def rollout(weights: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """Attention rollout (Abnar and Zuidema 2020) after each layer, `(T, T)`, from weights `(heads, T, T)`.

    Heads are averaged, and half of each step stays where it is, since the skip around the attention adds it.
    """
    found: list[torch.Tensor] = []
    for layer in weights:
        mixed = (layer.mean(0) + torch.eye(layer.shape[-1])) / 2
        found.append(mixed @ found[-1] if found else mixed)
    return found

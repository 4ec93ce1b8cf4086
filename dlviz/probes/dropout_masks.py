"""Which units a dropout switches off: the same dice are thrown once more over ones, then put back as they
lay.

A zero that comes out may have gone in as one, so the outputs alone cannot tell. Knows no network.
"""
from __future__ import annotations

import torch
from torch import nn

MOST = 256  # units that are told one by one


def random_state(device: torch.device) -> torch.Tensor:
    """State of the dice that a dropout on this device throws."""
    if device.type == "cpu":
        return torch.get_rng_state()
    return getattr(torch, device.type).get_rng_state()


def _set_random_state(device: torch.device, state: torch.Tensor) -> None:
    if device.type == "cpu":
        torch.set_rng_state(state)
    else:
        getattr(torch, device.type).set_rng_state(state)


@torch.no_grad()
def dropped(module: nn.Module, entering: torch.Tensor, before: torch.Tensor) -> torch.Tensor:
    """Where the dropout, which has just run from the dice's state `before`, gave zero: bool, shaped like
    its input."""
    after = random_state(entering.device)
    try:
        _set_random_state(entering.device, before)
        return module.forward(torch.ones_like(entering)) == 0
    finally:
        _set_random_state(entering.device, after)


def first(mask: torch.Tensor) -> torch.Tensor:
    """The units of the first sample, at most `MOST`; whole feature maps where they sleep together."""
    sample = mask[0]
    if sample.ndim == 3 and bool((sample.flatten(1).all(1) == sample.flatten(1).any(1)).all()):
        sample = sample.flatten(1).all(1)
    return sample.reshape(-1)[:MOST].cpu()

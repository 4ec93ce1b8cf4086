"""L1 and L2 regularization: what large weights cost, as a part of each update. Knows no loop.

The penalty is `l1 * sum |w| + l2 * sum w²` over weights that have two axes or more: biases, and the scales of
normalization layers, are free of it. Losses are told without it.
"""
from __future__ import annotations

from collections.abc import Iterable

from torch import nn


def add_penalty(weights: Iterable[nn.Parameter], l1: float, l2: float) -> None:
    """Add to the gradients those of l1 * sum |w| + l2 * sum w²; biases (one axis) are free."""
    for weight in weights:
        if weight.grad is not None and weight.ndim > 1:
            weight.grad.add_(weight.detach().sign(), alpha=l1).add_(weight.detach(), alpha=2 * l2)

"""What a loss is measured by: what it costs to know nothing, and to know all but the input. Knows no network."""
from __future__ import annotations

import math

import torch

from dlviz.shapes import Signature
from dlviz.training.metrics import IGNORE


def losses(targets: torch.Tensor, signature: Signature) -> tuple[float, float]:
    """What it costs to know nothing, and the best answer that ignores its input."""
    return chance_loss(targets, signature), constant_loss(targets, signature)


def chance_loss(targets: torch.Tensor, signature: Signature) -> float:
    """The loss of a network that knows nothing: even odds for every class (ln C), or 0 for every number.

    A fresh network starts there; much above, it is sure of wrong answers (Karpathy, A Recipe for Training Neural
    Networks, 2019). Targets `(N,)`, `(N, T)` or `(N, D)`.
    """
    if signature.loss == "mse":
        return targets.square().mean().item()
    return math.log(signature.out_shape.axes[-1])


def constant_loss(targets: torch.Tensor, signature: Signature) -> float:
    """The loss of the best answer that ignores its input: how often each class comes, or the mean of each number."""
    if signature.loss == "mse":
        return targets.var(0, correction=0).mean().item()
    counts = torch.bincount(targets[targets != IGNORE].flatten()).double()
    shares = counts[counts > 0] / counts.sum()
    return -(shares * shares.log()).sum().item()

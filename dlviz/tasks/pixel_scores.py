"""How well a picture or a mask was met, sample by sample: for training and for the baselines of tasks alike."""
from __future__ import annotations

import torch


def explained_variance(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """How much of the variance of each sample's targets `(B, ...)` is explained, `(B,)`: at least 0, at most 1."""
    off = (outputs - targets).square().flatten(1).mean(1)
    return (1 - off / targets.flatten(1).var(1, correction=0).clamp(min=1e-12)).clamp(min=0)


def overlap(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Intersection over union of two masks `(B, ...)`, which begin at 0.5; 1 where both are empty. `(B,)`"""
    found, meant = outputs.flatten(1) >= 0.5, targets.flatten(1) >= 0.5
    both, either = (found & meant).sum(1), (found | meant).sum(1)
    return torch.where(either > 0, both / either.clamp(min=1), 1.0)

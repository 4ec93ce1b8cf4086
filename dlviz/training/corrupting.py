"""Training samples made anew of clean ones whenever they are learned from. Knows no loop."""
from __future__ import annotations

from collections.abc import Sequence

import torch

from dlviz.corruption import Corruption


class Corrupting:
    """Makes the samples of a batch; its generator starts from the run's seed and is kept in checkpoints."""

    def __init__(self, corruption: Corruption, seed: int):
        self._corruption = corruption
        self.generator = torch.Generator().manual_seed(seed)

    def __call__(self, clean: Sequence[torch.Tensor]) -> tuple[list[torch.Tensor], torch.Tensor]:
        return self._corruption(clean, self.generator)

"""Training pictures changed anew whenever they are seen, from random numbers of the run's own. Knows no loop."""
from __future__ import annotations

import torch

from dlviz.augmentation import Augmentation
from dlviz.distortion import distort
from dlviz.shapes import Signature


class Augmenting:
    """Changes the pictures of a batch; its generator starts from the run's seed and is kept in checkpoints."""

    def __init__(self, augmentation: Augmentation, signature: Signature, seed: int):
        self._amounts = augmentation.model_dump()
        self._pictures = [shape.kind == "image" for _, shape in signature.inputs]
        self.generator = torch.Generator().manual_seed(seed)

    def __call__(self, inputs: list[torch.Tensor]) -> list[torch.Tensor]:
        return [distort(x, self.generator, **self._amounts) if picture else x
                for x, picture in zip(inputs, self._pictures)]

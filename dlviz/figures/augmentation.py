"""Pictures beside what augmentation makes of them. NumPy in and out; knows no run and no page."""
from __future__ import annotations

import numpy as np
import torch

from dlviz.augmentation import Augmentation
from dlviz.distortion import distort

GAP = 2  # pixels between pictures
ROW_GAP = 6


def examples(pictures: np.ndarray, augmentation: Augmentation, seed: int, scale: int = 2) -> np.ndarray:
    """The pictures in a row, changed ones below them; uint8 `(N, H, W)` to one uint8 picture.

    The first row of changes is what a run of this seed would make of them, were they its first batch.
    """
    images = torch.from_numpy(pictures.astype(np.float32))[:, None]
    generator = torch.Generator().manual_seed(seed)
    rows = [pictures]
    for _ in range(2):
        changed = distort(images, generator, **augmentation.model_dump())
        rows.append(changed[:, 0].round().clamp(0, 255).to(torch.uint8).numpy())
    return np.concatenate([_row(row, scale, ROW_GAP * (index == 0)) for index, row in enumerate(rows)])


def _row(pictures: np.ndarray, scale: int, below: int) -> np.ndarray:
    """Side by side, each pixel `scale` large, with `below` empty lines more."""
    large = pictures.repeat(scale, axis=1).repeat(scale, axis=2)
    padded = np.pad(large, ((0, 0), (0, GAP + below), (0, GAP)), constant_values=0)
    return np.concatenate(list(padded), axis=1)

"""Digits under noise, which a network learns to draw. Knows no network."""
from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch
from torch.nn import functional as F

from dlviz.corruption import Corruption, diffuse, signal_level
from dlviz.shapes import Shape, Signature
from dlviz.tasks.base import SplitName
from dlviz.tasks.diffusing import DiffusionTask
from dlviz.tasks.pictures import DIGITS, digits, digits_source
from dlviz.translation import _

SIDE = 14  # of the pictures: a network of fully connected layers learns them in seconds
_SOURCE = '''

def load_data(folder):
    """Training, validation and test data, each as (images, digit, time, targets).

    Training images are clean, since each batch gets other noise; the others have theirs once and
    for all.
    """
    parts = []
    for seed, (images, labels) in enumerate(load_digits(folder)):
        small, digit = F.avg_pool2d(images, 2) * 2 - 1, F.one_hot(labels, 10).float()
        if seed == 0:
            parts.append((small, digit, torch.zeros(len(small), 1), small))
            continue
        shown, targets = diffuse([small, digit], torch.Generator().manual_seed(seed), **CORRUPTION)
        parts.append((*shown, targets))
    return parts
'''


class Diffusion(DiffusionTask):
    """A digit under noise goes in, with its name and how strong the noise is; the clean digit is to come out."""

    name: ClassVar[str] = "diffusion"
    title: ClassVar[str] = "Draw digits out of noise"
    stands_for: ClassVar[str] = "Programs that draw what a sentence asks for."
    limits: ClassVar[str] = ("Ten words instead of sentences, and pictures of 14 x 14 pixels; large models work on "
                             "codes of an autoencoder, with a U-Net or a transformer.")
    pixels: ClassVar[tuple[int, int]] = (SIDE, SIDE)

    def signature(self) -> Signature:
        image = Shape("image", (1, *self.pixels))
        inputs = (("image", image), ("digit", Shape("vector", (len(self.groups),))), ("time", Shape("vector", (1,))))
        what = _("the clean image (-1 to 1)") if self.predict == "image" else _("the noise of each pixel")
        return Signature(inputs, image, "mse", what, score="explained")

    @property
    def corruption(self) -> Corruption:
        return Corruption(diffuse, {"predict": self.predict}, (signal_level,), tensors=2)

    def clean(self, split: SplitName) -> tuple[torch.Tensor, ...]:
        small = F.avg_pool2d(digits()[split], 2) * 2 - 1
        return small, self.named(torch.from_numpy(DIGITS.labels(split).astype(np.int64)))

    def to_picture(self, values: np.ndarray) -> np.ndarray:
        return super().to_picture((values + 1) / 2)

    def from_picture(self, picture: np.ndarray) -> tuple[np.ndarray, ...]:
        """A picture of 28 x 28 as a clean one of no known digit."""
        small = picture.reshape(SIDE, 2, SIDE, 2).mean((1, 3), dtype=np.float32) / 255 * 2 - 1
        return small[None], np.zeros(len(self.groups), np.float32), np.zeros(1, np.float32)

    def source(self) -> str:
        return "from torch.nn import functional as F\n" + digits_source(_SOURCE)

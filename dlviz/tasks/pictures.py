"""What tasks share in which a picture goes in and a picture comes out. Knows no network."""
from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import ClassVar

import numpy as np
import torch

from dlviz.corruption import Corruption
from dlviz.memoize import memoize
from dlviz.shapes import Shape, Signature
from dlviz.tasks.base import Data, Split, SplitName, Task
from dlviz.tasks.mnist import Mnist
from dlviz.tasks.modality import Modality
from dlviz.tasks.pixel_scores import explained_variance
from dlviz.translation import _

DIGITS = Mnist()
SOURCE = '''

def load_data(folder):
    """Training, validation and test data, each as (images, targets), which are the same."""
    return [(images, images) for images, labels in load_digits(folder)]
'''
NAMES: tuple[SplitName, ...] = ("train", "val", "test")


class PictureTask(Task):
    """Handwritten digits, their pixels from 0 to 1, go in; a picture of the same size comes out."""

    modality: ClassVar[Modality] = Modality.IMAGE
    sample_noun: ClassVar[str] = "images"
    metric: ClassVar[str] = "the pixels' variance explained"
    score_title: ClassVar[str] = "Variance explained"
    pixels: ClassVar[tuple[int, int]] = (28, 28)  # height and width

    @property
    def groups(self) -> tuple[str, ...]:
        return DIGITS.classes

    def group_labels(self, split: SplitName) -> np.ndarray:
        return DIGITS.labels(split)

    def signature(self) -> Signature:
        image = Shape("image", (1, *self.pixels))
        return Signature((("image", image),), image, "mse", _("an image, its pixels from 0 to 1"),
                         score="explained")

    def size(self, split: SplitName) -> int:
        return len(self.group_labels(split))

    def picture(self, split: SplitName, index: int) -> np.ndarray:
        return self.to_picture(self.sample(split, index)[0][0])

    def from_picture(self, picture: np.ndarray) -> tuple[np.ndarray, ...]:
        """A uint8 picture as the network sees it: float32 `(1, H, W)`, 0 to 1."""
        return ((picture.astype(np.float32) / 255)[None],)

    def to_picture(self, values: np.ndarray) -> np.ndarray:
        return np.rint(values[0].clip(0, 1) * 255).astype(np.uint8)

    def to_words(self, answer: np.ndarray | int) -> tuple[str, ...]:
        return (f"{np.asarray(answer).mean():.0%} ink",)


class CorruptedTask(PictureTask):
    """A spoilt picture goes in; how it is spoilt is drawn anew each time, in validation and test once and for all."""

    @property
    def corruption(self) -> Corruption:
        raise NotImplementedError

    def clean(self, split: SplitName) -> tuple[torch.Tensor, ...]:
        """What the samples of a split are made of, `(N, ...)` each."""
        raise NotImplementedError

    def data(self) -> Data:
        return _corrupted(self, DIGITS.folder())


@memoize(maxsize=2)
def _corrupted(task: CorruptedTask, folder: Path) -> Data:
    return Data(**{name: _split(task, task.clean(name), seed) for seed, name in enumerate(NAMES)})


def _split(task: CorruptedTask, clean: tuple[torch.Tensor, ...], seed: int) -> Split:
    inputs, targets = task.corruption(clean, torch.Generator().manual_seed(seed))
    return Split(tuple(inputs), targets, clean)


def compared(outputs: torch.Tensor, targets: torch.Tensor) -> tuple[float, float]:
    """Mean squared error of pictures `(N, ...)`, and how much of a picture's variance is explained, in the mean."""
    return (outputs - targets).square().mean().item(), explained_variance(outputs, targets).mean().item()


def digits() -> dict[SplitName, torch.Tensor]:
    """All digits of each split, float32 `(N, 1, 28, 28)`, 0 to 1: 220 MB, shared by all tasks over them."""
    return _digits(DIGITS.folder())


@lru_cache(maxsize=1)
def _digits(folder: Path) -> dict[SplitName, torch.Tensor]:
    return {name: torch.from_numpy(DIGITS.images(name)[0].copy()).to(torch.float32).div_(255).unsqueeze(1)
            for name in NAMES}


def onto_themselves() -> Data:
    """Each digit as its own target, without a copy."""
    return Data(**{name: Split((pixels,), pixels) for name, pixels in digits().items()})


def digits_source(load_data: str = SOURCE) -> str:
    """Plain Python that loads the digits, 0 to 1, by `load_digits`, and then defines `load_data`."""
    return DIGITS.source_with("pixels").replace("def load_data(", "def load_digits(") + load_data

"""What tasks over grey pictures share: a subclass gives pixels and labels, the rest follows. Knows no network."""
from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

import numpy as np
import torch

from dlviz.shapes import Shape, Signature
from dlviz.tasks.base import Data, Split, SplitName, Task
from dlviz.tasks.modality import Modality
from dlviz.tasks.presentation import CLASSES


class ImageTask(Task):
    """Grey pictures, bright ink on dark, each of one class. Fast only where `images` and `data` are remembered."""

    modality: ClassVar[Modality] = Modality.IMAGE
    sample_noun: ClassVar[str] = "images"
    stands_for: ClassVar[str] = "Image recognition: what is in this picture?"
    limits: ClassVar[str] = ("Each picture holds one thing, grey, centred and of one size; photographs have colour, "
                             "clutter and thousands of classes.")
    augmentable: ClassVar[bool] = True
    pixels: ClassVar[tuple[int, int]] = (28, 28)  # height and width
    mean: ClassVar[float]  # of the training pixels, scaled to 0..1
    std: ClassVar[float]

    def images(self, split: SplitName) -> tuple[np.ndarray, np.ndarray]:
        """All pictures of a split, uint8 `(N, H, W)`, and their classes, uint8 `(N,)`."""
        raise NotImplementedError

    def signature(self) -> Signature:
        return Signature((("image", Shape("image", (1, *self.pixels))),), Shape("vector", (len(self.classes),)),
                         "cross_entropy", CLASSES.filled(count=len(self.classes)))

    def data(self) -> Data:
        return _tensors(type(self), self.model_dump_json())

    def sample(self, split: SplitName, index: int) -> tuple[tuple[np.ndarray, ...], int]:
        pictures, labels = self.images(split)
        return self.from_picture(pictures[index]), int(labels[index])

    def picture(self, split: SplitName, index: int) -> np.ndarray:
        return self.images(split)[0][index]

    def labels(self, split: SplitName) -> np.ndarray:
        return self.images(split)[1]

    def size(self, split: SplitName) -> int:
        return len(self.images(split)[1])

    def from_picture(self, picture: np.ndarray) -> tuple[np.ndarray, ...]:
        """A uint8 picture as the network sees it: float32 `(1, H, W)`, mean 0, spread 1."""
        return (((picture.astype(np.float32) / 255 - self.mean) / self.std)[None],)

    def blank_inputs(self) -> tuple[np.ndarray, ...]:
        return self.from_picture(np.zeros(self.pixels, np.uint8))


def normalised(task: ImageTask) -> Data:
    """All pictures of a task as the network sees them, float32 `(N, 1, H, W)`, and int64 targets `(N,)`."""
    return Data(*(_normalised(task, *task.images(name)) for name in ("train", "val", "test")))


def _normalised(task: ImageTask, pictures: np.ndarray, labels: np.ndarray) -> Split:
    pixels = torch.from_numpy(pictures.copy()).to(torch.float32).div_(255).sub_(task.mean).div_(task.std)
    return Split((pixels.unsqueeze(1),), torch.from_numpy(labels.astype(np.int64)))


@lru_cache(maxsize=4)
def _tensors(task: type[ImageTask], fields: str) -> Data:
    return normalised(task.model_validate_json(fields))

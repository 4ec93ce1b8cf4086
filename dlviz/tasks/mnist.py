"""Handwritten digits: MNIST, whole, from the files that come with dlviz."""
from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from string import Template
from typing import ClassVar

import numpy as np

from dlviz.tasks import idx
from dlviz.tasks.base import Data, SplitName
from dlviz.tasks.image import ImageTask, normalised

VALIDATION = 5_000  # the last of the 60,000 training images; the 10,000 test images are left for the end


# The same numbers as `_tensors`, for people who have no dlviz. `header`: 4 bytes, then 4 for each axis.
_SOURCE = Template('''\
import gzip

import torch


def unpack(path, header):
    """The bytes behind the header of a packed IDX file."""
    if not path.exists():
        raise SystemExit(f"{path} is missing; load_data tells which files belong there.")
    with gzip.open(path) as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8, offset=header)


def read(folder, part):
    """Images (N, 1, 28, 28) and labels (N,) of one part, "train" or "t10k"."""
    pixels = unpack(folder / f"{part}-images-idx3-ubyte.gz", header=16).float() / 255
    images = $scaled
    labels = unpack(folder / f"{part}-labels-idx1-ubyte.gz", header=8).long()
    return images.reshape(-1, 1, 28, 28), labels


def load_data(folder):
    """Training, validation and test data, each as (images, labels).

    The folder holds the four files of $title, packed as they are handed out:
    train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz,
    t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz.
    $origin
    """
    images, labels = read(folder, "train")
    train = images[:-$validation], labels[:-$validation]
    val = images[-$validation:], labels[-$validation:]
    return train, val, read(folder, "t10k")
''')


class IdxTask(ImageTask):
    """What MNIST and its likes share: 28 x 28 grey images in four IDX files, ten classes."""

    files: ClassVar[dict[str, idx.IdxFile]]
    advice: ClassVar[str]  # what to do about a missing or damaged file
    origin: ClassVar[str]  # where somebody without dlviz has the files from; a sentence or two, lines of a docstring

    @classmethod
    def folder(cls) -> Path:
        raise NotImplementedError

    def images(self, split: SplitName) -> tuple[np.ndarray, np.ndarray]:
        return _raw(type(self), self.folder())[split]

    def data(self) -> Data:
        return _tensors(type(self), self.folder())

    def source(self) -> str:
        return self.source_with(f"(pixels - {self.mean}) / {self.std}  # mean and spread of the training pixels")

    def source_with(self, scaled: str) -> str:
        """The source in which images are this of `pixels`, which lie between 0 and 1."""
        return _SOURCE.substitute(title=self.title, origin=self.origin, scaled=scaled, validation=f"{VALIDATION:_}")


class Mnist(IdxTask):
    """70,000 handwritten digits, 28 x 28 pixels: which digit from 0 to 9 is it?"""

    name: ClassVar[str] = "mnist"
    title: ClassVar[str] = "MNIST digits"
    classes: ClassVar[tuple[str, ...]] = tuple("0123456789")
    mean: ClassVar[float] = 0.1307
    std: ClassVar[float] = 0.3081
    advice: ClassVar[str] = "Put it back from the dlviz repository, or install dlviz again."
    origin: ClassVar[str] = ("They lie in the dlviz repository under dlviz/data/mnist, and most places that\n"
                             "    teach machine learning offer them too.")
    files: ClassVar[dict[str, idx.IdxFile]] = {
        "train_images": idx.IdxFile("train-images-idx3-ubyte.gz", "sha256:"
                                    "0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971",
                                    (60_000, 28, 28)),
        "train_labels": idx.IdxFile("train-labels-idx1-ubyte.gz", "sha256:"
                                    "1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203", (60_000,)),
        "test_images": idx.IdxFile("t10k-images-idx3-ubyte.gz", "sha256:"
                                   "1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be",
                                   (10_000, 28, 28)),
        "test_labels": idx.IdxFile("t10k-labels-idx1-ubyte.gz", "sha256:"
                                   "b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b", (10_000,)),
    }

    @classmethod
    def folder(cls) -> Path:
        return Path(__file__).parent.parent / "data" / "mnist"


@lru_cache(maxsize=4)
def _raw(task: type[IdxTask], folder: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """uint8 images and labels of each split: 55 MB, 0.4 s to unpack."""
    arrays = {part: idx.read(folder, file, task.advice) for part, file in task.files.items()}
    images, labels = arrays["train_images"], arrays["train_labels"]
    return {"train": (images[:-VALIDATION], labels[:-VALIDATION]), "val": (images[-VALIDATION:], labels[-VALIDATION:]),
            "test": (arrays["test_images"], arrays["test_labels"])}


@lru_cache(maxsize=4)
def _tensors(task: type[IdxTask], folder: Path) -> Data:
    """Normalised float32 `(N, 1, 28, 28)` and int64 targets: 220 MB, shared by all forked workers."""
    return normalised(task())

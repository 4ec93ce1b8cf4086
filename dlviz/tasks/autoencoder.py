"""Digits that come out as they went in: what an autoencoder learns. Knows no network."""
from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from string import Template
from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import Field

from dlviz.memoize import memoize
from dlviz.tasks.base import Baseline, Data, Split, SplitName
from dlviz.tasks.pictures import DIGITS, PictureTask, compared, digits, digits_source, onto_themselves
from dlviz.translation import _

COMPONENTS = 2  # numbers for each digit in the baseline
_SOURCE = Template('''

def load_data(folder):
    """Training, validation and test data, each as (images, targets), which are the same.

    The digit $digit is among the test data only.
    """
    parts = [images[(labels != $digit) | (index == 2)]
             for index, (images, labels) in enumerate(load_digits(folder))]
    return [(images, images) for images in parts]
''')


class Autoencoder(PictureTask):
    """A digit goes in and the same digit is to come out, through as few numbers as the network has at its narrowest."""

    left_out: Literal["none", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] = Field(
        default="none", description="A digit that is not among those to learn from, only among the test digits: how "
                                    "badly it comes out tells that it is something new.")
    name: ClassVar[str] = "autoencoder"
    title: ClassVar[str] = "Autoencoder"
    stands_for: ClassVar[str] = "Compression, and finding what matters without labels."
    limits: ClassVar[str] = ("Pictures of 28 x 28 pixels of ten kinds; photographs need far larger networks and "
                             "codes.")

    @property
    def unusual(self) -> int | None:
        return None if self.left_out == "none" else int(self.left_out)

    def group_labels(self, split: SplitName) -> np.ndarray:
        labels = super().group_labels(split)
        return labels if split == "test" else labels[labels != self.unusual]

    def data(self) -> Data:
        return onto_themselves() if self.unusual is None else _without(self.unusual, DIGITS.folder())

    def baseline(self) -> Baseline:
        return _principal_components(self, DIGITS.folder())

    def source(self) -> str:
        return digits_source() if self.unusual is None else digits_source(_SOURCE.substitute(digit=self.unusual))


@lru_cache(maxsize=1)
def _without(digit: int, folder: Path) -> Data:
    """All digits but for one, which is among the test digits only."""
    all_digits = onto_themselves()
    names: tuple[SplitName, ...] = ("train", "val")
    train, val = (digits()[name][torch.from_numpy(DIGITS.labels(name) != digit)] for name in names)
    return Data(Split((train,), train), Split((val,), val), all_digits.test)


@memoize(maxsize=4)
def _principal_components(task: Autoencoder, folder: Path) -> Baseline:
    """The best that a linear network with two numbers in its middle can do (Bourlard and Kamp 1988)."""
    train = task.data().train.targets.flatten(1)
    mean = train.mean(0)
    directions = torch.linalg.eigh((train - mean).T @ (train - mean)).eigenvectors[:, -COMPONENTS:]
    names: tuple[SplitName, ...] = ("val", "test")
    scores = [compared(_restored(pixels, mean, directions), pixels)
              for pixels in (task.split(name).targets.flatten(1) for name in names)]
    (val_loss, val_accuracy), (test_loss, test_accuracy) = scores
    return Baseline(_("PCA"), _("principal component analysis with two numbers for each digit"), val_loss, test_loss,
                    val_accuracy, test_accuracy)


def _restored(pixels: torch.Tensor, mean: torch.Tensor, directions: torch.Tensor) -> torch.Tensor:
    return mean + (pixels - mean) @ directions @ directions.T

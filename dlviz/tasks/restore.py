"""Digits of which a half is hidden, or that noise lies over: what they were is to come out. Knows no network."""
from __future__ import annotations

from pathlib import Path
from string import Template
from typing import ClassVar, Self

import numpy as np
import torch
from pydantic import Field, model_validator

from dlviz.corruption import Corruption, hide
from dlviz.memoize import memoize
from dlviz.tasks.base import Baseline, SplitName
from dlviz.tasks.pictures import DIGITS, CorruptedTask, compared, digits, digits_source
from dlviz.translation import _

_SOURCE = Template('''

def load_data(folder):
    """Training, validation and test data, each as (images, targets).

    Training images are clean, since each batch is spoilt anew; the others are spoilt once and for
    all.
    """
    (train, _), *others = load_digits(folder)
    parts = [(train[:$samples], train[:$samples])]
    for seed, (images, _) in enumerate(others, start=1):
        shown, targets = hide([images], torch.Generator().manual_seed(seed), **CORRUPTION)
        parts.append((*shown, targets))
    return parts
''')


class Restore(CorruptedTask):
    """Half a digit goes in, or a noisy one; the clean and complete digit is to come out."""

    half: bool = Field(default=True, description="One half of each digit is black: by lot upper, lower, left or right.")
    noise: float = Field(default=0.0, ge=0, le=2, description="Spread of the noise that is added to each pixel, which "
                                                              "lies from 0 to 1.")
    samples: int = Field(default=20_000, ge=1_000, le=55_000, description="How many digits there are to learn from.")
    name: ClassVar[str] = "restore"
    title: ClassVar[str] = "Restore digits"
    stands_for: ClassVar[str] = ("Cleaning up scans, photographs in the dark and old films; filling what is missing "
                                 "in a picture.")
    limits: ClassVar[str] = "Where two digits have the same half, the network draws a blurred mean of both."
    box: ClassVar[int] = 0

    @model_validator(mode="after")
    def _anything_to_restore(self) -> Self:
        if not (self.half or self.noise):
            raise ValueError("a half is hidden or there is noise, or nothing is left to restore")
        return self

    @property
    def corruption(self) -> Corruption:
        return Corruption(hide, {"half": self.half, "noise": self.noise})

    def group_labels(self, split: SplitName) -> np.ndarray:
        labels = super().group_labels(split)
        return labels[:self.samples] if split == "train" else labels

    def clean(self, split: SplitName) -> tuple[torch.Tensor, ...]:
        pixels = digits()[split]
        return (pixels[:self.samples] if split == "train" else pixels,)

    def baseline(self) -> Baseline:
        return _left_as_they_are(self, DIGITS.folder())

    def source(self) -> str:
        return digits_source(_SOURCE.substitute(samples=f"{self.samples:_}"))


@memoize(maxsize=8)
def _left_as_they_are(task: Restore, folder: Path) -> Baseline:
    splits = (task.data().val, task.data().test)
    (val_loss, val_accuracy), (test_loss, test_accuracy) = (compared(part.inputs[0], part.targets) for part in splits)
    return Baseline(_("input"), _("the picture as it goes in, unchanged"), val_loss, test_loss, val_accuracy,
                    test_accuracy)

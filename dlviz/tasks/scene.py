"""Scenes of several small digits, in which the pixels of one digit are to be found. Knows no network."""
from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import Field

from dlviz.memoize import memoize
from dlviz.shapes import Shape, Signature
from dlviz.tasks.base import Baseline, Data, Split, SplitName
from dlviz.tasks.pictures import DIGITS, NAMES, PictureTask
from dlviz.tasks.pixel_scores import overlap
from dlviz.translation import _

CELLS = 4  # digits of a scene, in two rows
SMALL = 14  # pixels of a digit's side in it
OFTEN = 0.4  # chance of each to be the digit that is looked for
INK = 0.3  # from here on a pixel belongs to its digit
HELD_OUT = 1_000  # scenes in each of validation and test


class DigitScene(PictureTask):
    """Four small digits go in, and for each pixel it is to be said whether it belongs to the digit looked for."""

    digit: Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] = Field(
        default="3", description="The digit that is looked for.")
    samples: int = Field(default=6_000, ge=500, le=20_000, description="How many scenes there are to learn from.")
    data_seed: int = Field(default=0, ge=0, le=2**31 - 1, description="Decides which scenes are drawn.")
    name: ClassVar[str] = "scene"
    title: ClassVar[str] = "Find the digit's pixels"
    sample_noun: ClassVar[str] = "scenes"
    metric: ClassVar[str] = "the area found and meant together is both (intersection over union)"
    score_title: ClassVar[str] = "Intersection over union"
    stands_for: ClassVar[str] = "Segmentation: the tumour in a scan, the road before a car."
    limits: ClassVar[str] = "Four digits on an empty ground, one kind to find, and never one over another."
    box: ClassVar[int] = 0

    @property
    def groups(self) -> tuple[str, ...]:
        return ()

    def group_labels(self, split: SplitName) -> None:
        return None

    def size(self, split: SplitName) -> int:
        return self.samples if split == "train" else HELD_OUT

    def signature(self) -> Signature:
        image = Shape("image", (1, *self.pixels))
        return Signature((("image", image),), image, "mse", _("for each pixel, from 0 to 1, whether it is the digit's"),
                         score="overlap")

    def data(self) -> Data:
        return _scenes(self, DIGITS.folder())

    def baseline(self) -> Baseline:
        return _all_ink(self, DIGITS.folder())

    def to_words(self, answer: np.ndarray | int) -> tuple[str, ...]:
        return (f"{int((np.asarray(answer) >= 0.5).sum())} pixels",)


@memoize(maxsize=4)
def _scenes(task: DigitScene, folder: Path) -> Data:
    return Data(**{name: _split(task, name, seed) for seed, name in enumerate(NAMES)})


def _split(task: DigitScene, name: SplitName, seed: int) -> Split:
    random, labels = np.random.default_rng((task.data_seed, seed)), DIGITS.labels(name)
    pixels = DIGITS.images(name)[0].reshape(-1, SMALL, 2, SMALL, 2).mean((2, 4), dtype=np.float32) / 255
    meant, others = (np.flatnonzero(chosen) for chosen in (labels == int(task.digit), labels != int(task.digit)))
    count = task.size(name)
    scenes, masks = np.zeros((2, count, 1, 2 * SMALL, 2 * SMALL), np.float32)
    looked_for = random.random((count, CELLS)) < OFTEN
    places = np.where(looked_for, random.choice(meant, (count, CELLS)), random.choice(others, (count, CELLS)))
    for cell in range(CELLS):
        rows, columns = (slice(SMALL * at, SMALL * (at + 1)) for at in divmod(cell, 2))
        moved = _moved(pixels[places[:, cell]], random)
        scenes[:, 0, rows, columns] = moved
        masks[:, 0, rows, columns] = (moved > INK) & looked_for[:, cell, None, None]
    return Split((torch.from_numpy(scenes),), torch.from_numpy(masks))


def _moved(digits: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Each digit `(N, H, W)` moved by a pixel at most, down and across; its margin is as wide."""
    moved = np.empty_like(digits)
    steps = random.integers(-1, 2, (len(digits), 2))
    for step in np.unique(steps, axis=0):
        these = (steps == step).all(1)
        moved[these] = np.roll(digits[these], tuple(step), (1, 2))
    return moved


@memoize(maxsize=8)
def _all_ink(task: DigitScene, folder: Path) -> Baseline:
    """Every stroke taken for the digit that is looked for."""
    parts = [(part.inputs[0], part.targets) for part in (task.data().val, task.data().test)]
    val_loss, test_loss = ((ink - meant).square().mean().item() for ink, meant in parts)
    val_accuracy, test_accuracy = (overlap(ink, meant).mean().item() for ink, meant in parts)
    return Baseline(_("ink"), _("all ink taken for the digit"), val_loss, test_loss, val_accuracy, test_accuracy)

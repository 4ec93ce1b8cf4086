"""Handwritten digits read like a text: one row of pixels after the other."""
from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from dlviz.shapes import Shape, Signature
from dlviz.tasks.base import Data, Split, SplitName
from dlviz.tasks.mnist import Mnist
from dlviz.tasks.modality import Modality
from dlviz.tasks.presentation import CLASSES
from dlviz.tasks.sequence import SequenceTask
from dlviz.translation import _

DIGITS = Mnist()


class MnistRows(SequenceTask):
    """A handwritten digit comes in row by row, from top to bottom: which is it?"""

    by: Literal["rows", "columns"] = Field(default="rows",
                                           description="Read from top to bottom, or from left to right.")
    name: ClassVar[str] = "rows"
    modality: ClassVar[Modality] = Modality.SERIES
    title: ClassVar[str] = "MNIST row by row"
    classes: ClassVar[tuple[str, ...]] = Mnist.classes
    stands_for: ClassVar[str] = ("Images as sequences: the network never sees the whole, it has to remember "
                                 "what it has seen.")
    limits: ClassVar[str] = ("Video and handwriting have no fixed number of rows, and nobody cuts them out "
                             "and centres them.")
    metric: ClassVar[str] = "digits recognised"

    @property
    def example(self) -> str:
        return "7"

    @property
    def downwards(self) -> bool:
        return self.by == "rows"

    def signature(self) -> Signature:
        return Signature(((self.by, Shape("sequence", (28, 28))),), Shape("vector", (10,)), "cross_entropy",
                         CLASSES.filled(count=10))

    def data(self) -> Data:
        return _tensors(self.by, DIGITS.folder())

    def size(self, split: SplitName) -> int:
        return DIGITS.size(split)

    def picture(self, split: SplitName, index: int) -> np.ndarray:
        return DIGITS.picture(split, index)

    def labels(self, split: SplitName) -> np.ndarray:
        """The targets of a split, uint8 `(N,)`."""
        return DIGITS.labels(split)

    def from_picture(self, picture: np.ndarray) -> tuple[np.ndarray, ...]:
        """A uint8 picture `(28, 28)`, bright ink on dark, as the network's inputs."""
        rows = DIGITS.from_picture(picture)[0][0]
        return (rows if self.by == "rows" else rows.T.copy(),)

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        """A digit: somebody's handwriting of it, from the test pictures."""
        digit = text.strip()
        if digit not in self.classes:
            raise self.refuse(_("takes one digit and shows a test picture of it"),
                              _("{digit!r} was typed", digit=digit[:30]))
        return self.from_picture(self.picture("test", int(np.flatnonzero(self.labels("test") == int(digit))[0])))

    def input_words(self, inputs: tuple[np.ndarray, ...]) -> tuple[tuple[str, ...], ...]:
        return (tuple(f"{self.by[:-1]} {step}" for step in range(1, len(inputs[0]) + 1)),)

    def source(self) -> str:
        turn = "" if self.by == "rows" else ".mT"
        return (DIGITS.source().replace("(N, 1, 28, 28)", f"(N, 28, 28), {self.by} first,")
                .replace("images.reshape(-1, 1, 28, 28)", f"images.reshape(-1, 28, 28){turn}"))


@lru_cache(maxsize=2)
def _tensors(by: str, folder: Path) -> Data:
    """Views of the numbers that MNIST has in `folder`: no memory of their own. `(N, 28, 28)`."""
    images = DIGITS.data()
    parts = {}
    for name in ("train", "val", "test"):
        part = getattr(images, name)
        rows = part.inputs[0].squeeze(1)
        parts[name] = Split((rows if by == "rows" else rows.mT,), part.targets)
    return Data(**parts)

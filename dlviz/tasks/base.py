"""What a task is: its data, what flows in and out, how a prediction is evaluated. Knows no network and no loop."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict

from dlviz.errors import TaskError
from dlviz.shapes import Signature

SplitName = Literal["train", "val", "test"]


@dataclass(frozen=True)
class Split:
    """Samples as tensors: `inputs[i]` is `(N, ...)` for the i-th input of the signature, `targets` is `(N, ...)`."""

    inputs: tuple[torch.Tensor, ...]
    targets: torch.Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def first(self, count: int) -> Split:
        return Split(tuple(x[:count] for x in self.inputs), self.targets[:count])


@dataclass(frozen=True)
class Data:
    """A task's three splits, ready for a network. No sample is in two of them."""

    train: Split
    val: Split
    test: Split


@dataclass(frozen=True)
class Baseline:
    """What a simple method reaches on the same held-out samples: what a network has to beat.

    Attributes:
        name: a short word for a legend.
        sentence: what it does.
        val_loss, test_loss: in the unit of the task's own loss.
        val_accuracy, test_accuracy: as the task counts them, 0 to 1.
    """

    name: str
    sentence: str
    val_loss: float
    test_loss: float
    val_accuracy: float
    test_accuracy: float


class Task(BaseModel):
    """One thing to learn. A subclass declares its fields; its docstring's first line explains it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    name: ClassVar[str]
    title: ClassVar[str]
    classes: ClassVar[tuple[str, ...]] = ()
    metric: ClassVar[str] = ""  # what accuracy counts, in words that go on from "of"; empty: answers
    symbol: ClassVar[str] = ""  # of a language model: what it names one after the other, one of them in a word
    download_bytes: ClassVar[int] = 0  # what `fetch` loads when nothing is there yet; 0: it comes with dlviz

    @classmethod
    def sentence(cls) -> str:
        return (cls.__doc__ or "").strip().splitlines()[0]

    def signature(self) -> Signature:
        """What the task feeds a network and wants back."""
        raise NotImplementedError

    def data(self) -> Data:
        """The three splits as tensors; kept in memory, so that a second call costs nothing. TaskError when damaged."""
        raise NotImplementedError

    def sample(self, split: SplitName, index: int) -> tuple[tuple[np.ndarray, ...], int]:
        """One sample: its inputs as float32 arrays without batch axis, and its target."""
        raise NotImplementedError

    def picture(self, split: SplitName, index: int) -> np.ndarray:
        """One sample as a person sees it, uint8 `(H, W)`, bright ink on dark."""
        raise NotImplementedError

    def size(self, split: SplitName) -> int:
        """How many samples the split holds."""
        raise NotImplementedError

    def baseline(self) -> Baseline | None:
        """What a simple method reaches.

        None where nobody has named one. Remembered; the first time it may take 0.3 s.
        """
        return None

    def ready(self) -> bool:
        """Whether the data lies on this computer, whole. Costs next to nothing from the second call on."""
        return True

    def fetch(self, progress: Callable[[float], None] | None = None) -> None:
        """Bring the data to this computer; `progress` is told the share that is there, 0 to 1, from this thread.

        TaskError when it cannot be had; what has come whole is kept for the next try.
        """

    def require(self) -> None:
        """TaskError when the data is not `ready`."""
        if not self.ready():
            raise TaskError(f"The task {self.title}", "needs its data on this computer",
                            "it has not been downloaded yet",
                            f"Download it first ({self.download_bytes / 1e6:.0f} MB, once).")

    def source(self) -> str:
        """Plain Python that loads the data; see `export.script` for what it must define.

        Empty for data that dlviz makes itself: an exported script then reads them from a file (`export.data`).
        """
        return ""

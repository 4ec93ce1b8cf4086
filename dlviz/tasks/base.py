"""What a task is: its data, what flows in and out, how a prediction is evaluated. Knows no network and no loop."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict

from dlviz import translation
from dlviz.corruption import Corruption
from dlviz.errors import TaskError
from dlviz.shapes import Signature
from dlviz.tasks.presentation import PRESENTED, Presentation
from dlviz.translation import _
from dlviz.worded import Worded, worded

if TYPE_CHECKING:
    from dlviz.tasks.diffusing import DiffusionTask
    from dlviz.tasks.forecast import Forecast
    from dlviz.tasks.game import GameTask
    from dlviz.tasks.plane import PlaneTask
    from dlviz.tasks.stepwise import Stepwise

SplitName = Literal["train", "val", "test"]


@dataclass(frozen=True)
class Split:
    """Samples as tensors: `inputs[i]` is `(N, ...)` for the i-th input of the signature, `targets` is `(N, ...)`.

    `clean` is what a task's `corruption` makes such samples of; empty where there is none.
    """

    inputs: tuple[torch.Tensor, ...]
    targets: torch.Tensor
    clean: tuple[torch.Tensor, ...] = ()

    def __len__(self) -> int:
        return len(self.targets)

    def first(self, count: int) -> Split:
        """The first `count` samples, or all where there are fewer; views, no copy."""
        return Split(tuple(x[:count] for x in self.inputs), self.targets[:count], tuple(x[:count] for x in self.clean))


@dataclass(frozen=True)
class Data:
    """A task's three splits, ready for a network. No sample is in two of them."""

    train: Split
    val: Split
    test: Split


@worded
@dataclass(frozen=True)
class Baseline:
    """What a simple method reaches on the same held-out samples: what a network has to beat.

    Attributes:
        name: a short word for a legend.
        sentence: what it does.
        val_loss, test_loss: in the unit of the task's own loss.
        val_accuracy, test_accuracy: as the task counts them, 0 to 1.
    """

    name: Worded
    sentence: Worded
    val_loss: float
    test_loss: float
    val_accuracy: float
    test_accuracy: float


class Task(Presentation, BaseModel):
    """One thing to learn. A subclass declares its fields; its docstring's first line explains it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    if TYPE_CHECKING:
        def __hash__(self) -> int: ...  # pydantic makes one for what is frozen, which a type checker cannot know
    name: ClassVar[str]
    supervised: ClassVar[bool] = True  # whether it has targets to learn from; else it is learnt by playing
    from_outside: ClassVar[bool] = False  # whether a program gave it, so that it is known in one process alone
    augmentable: ClassVar[bool] = False  # whether a sample may be shifted, turned and bent and stays what it is
    unused_settings: ClassVar[tuple[str, ...]] = ("algorithm",)  # of training, without a meaning here
    download_bytes: ClassVar[int] = 0  # what `fetch` loads when nothing is there yet; 0: it comes with dlviz

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        translation.declares(cls, *PRESENTED)

    @classmethod
    def sentence(cls) -> str:
        """What there is to learn, in a sentence for a newcomer."""
        return translation.sentence(cls)

    def signature(self) -> Signature:
        """What the task feeds a network and wants back."""
        raise NotImplementedError

    def data(self) -> Data:
        """The three splits as tensors; kept in memory, so that a second call costs nothing. TaskError when damaged."""
        raise NotImplementedError

    @property
    def stepwise(self) -> Stepwise | None:
        """This task as one whose answer is written symbol by symbol, each fed back; None where it is not."""
        return None

    @property
    def forecast(self) -> Forecast | None:
        """This task as one that forecasts a series; None where it does not."""
        return None

    @property
    def plane(self) -> PlaneTask | None:
        """This task as one whose samples are points in the plane; None where they are not."""
        return None

    @property
    def game(self) -> GameTask | None:
        """This task as a game, which is learnt by playing; None where it is none."""
        return None

    @property
    def corruption(self) -> Corruption | None:
        """How samples are made of clean ones, anew each time that they are learned from; None where they stay."""
        return None

    @property
    def diffusion(self) -> DiffusionTask | None:
        """This task as one that takes noise off pictures, and so can draw; None where it does not."""
        return None

    def split(self, name: SplitName) -> Split:
        """One of the three splits."""
        return {"train": self.data().train, "val": self.data().val, "test": self.data().test}[name]

    def sample(self, split: SplitName, index: int) -> tuple[tuple[np.ndarray, ...], np.ndarray | int]:
        """One sample: its inputs without batch axis, and its target, an int or an array."""
        part = self.split(split)
        target = part.targets[index]
        return tuple(x[index].numpy() for x in part.inputs), target.numpy() if target.ndim else int(target)

    def picture(self, split: SplitName, index: int) -> np.ndarray:
        """One sample as a person sees it, uint8 `(H, W)`, bright ink on dark; of tasks over images."""
        raise NotImplementedError

    def labels(self, split: SplitName) -> np.ndarray | None:
        """The class of each sample of a split, `(N,)`; None where a sample has not one class."""
        targets = self.split(split).targets
        return targets.numpy() if targets.ndim == 1 and not targets.is_floating_point() else None

    def group_labels(self, split: SplitName) -> np.ndarray | None:
        """Which of the `groups` each sample of a split is of, `(N,)`; None where that cannot be told."""
        return self.labels(split)

    def lengths(self, split: SplitName) -> np.ndarray | None:
        """How long each sample of a split is, `(N,)`, where they differ and that makes a difference; else None."""
        return None

    @property
    def longest_trained(self) -> int:
        """Where samples have `lengths`: the longest that it learns from."""
        raise NotImplementedError

    def size(self, split: SplitName) -> int:
        """How many samples the split holds."""
        return len(self.split(split))

    def blank_inputs(self) -> tuple[np.ndarray, ...]:
        """Inputs that say nothing, float32 without batch axis: zeros, or an empty picture."""
        return tuple(np.zeros(shape.axes, np.float32) for _, shape in self.signature().inputs)

    def baseline(self) -> Baseline | None:
        """What a simple method reaches.

        None where nobody has named one. Remembered; the first time it may take 0.3 s.
        """
        return None

    def characters_per_symbol(self) -> float | None:
        """Of a language model: how many characters of the validation part a symbol stands for, on average.

        None where a symbol is a character.
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
            raise TaskError(_("The task {title}", title=self.title), _("needs its data on this computer"),
                            _("it has not been downloaded yet"),
                            _("Download it first ({download_bytes:.0f} MB, once).",
                              download_bytes=self.download_bytes / 1e6))

    def source(self) -> str:
        """Plain Python that loads the data; see `export.script` for what it must define.

        Empty for data that dlviz makes itself: an exported script then reads them from a file (`export.data`).
        """
        return ""

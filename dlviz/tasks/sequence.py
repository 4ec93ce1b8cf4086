"""What tasks over symbols and time share: words for people, samples from a seed, splits without overlap.

A subclass says what its symbols are and how samples are drawn (`draw`); the rest follows. Knows no network.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from pydantic import Field

from dlviz.memoize import memoize
from dlviz.tasks.base import Data, Split, Task
from dlviz.tasks.modality import Modality
from dlviz.translation import _, _n

LEAST_DIFFERENT = 10  # samples, so that each split has some
FEW_REPEATS = 0.8  # of held-out samples that must differ for their number to stand


@dataclass(frozen=True)
class SampleBatch:
    """Samples before they are split: inputs as the network takes them, targets as the loss takes them.

    Attributes:
        inputs: one array for each input of the signature, `(N, T)` int64 or `(N, T, D)` float32.
        targets: `(N,)` or `(N, T)` int64, or `(N, D)` float32; -100 marks steps that are not judged.
    """

    inputs: tuple[np.ndarray, ...]
    targets: np.ndarray

    def take(self, rows: slice | list[int] | np.ndarray) -> SampleBatch:
        return SampleBatch(tuple(x[rows] for x in self.inputs), self.targets[rows])

    def join(self, other: SampleBatch) -> SampleBatch:
        return SampleBatch(tuple(np.concatenate(pair) for pair in zip(self.inputs, other.inputs)),
                     np.concatenate([self.targets, other.targets]))


class SequenceTask(Task):
    """A task over symbols or time steps: it can be typed, and shown in words."""

    modality: ClassVar[Modality] = Modality.TOKENS
    metric: ClassVar[str] = "whole answers right"

    @property
    def classes(self) -> tuple[str, ...]:
        return self.symbols

    def encode(self, text: Sequence[str], length: int, symbols: tuple[str, ...] | None = None) -> np.ndarray:
        """Symbols to tokens `(T,)`. TaskError for a symbol that the task does not know, or another length."""
        tokens = self.tokens(text, symbols)
        if len(text) != length:
            raise self.refuse(_n("takes {count:,} symbol", "takes {count:,} symbols", count=length),
                              _n("{count} was typed", "{count} were typed", count=len(text)))
        return tokens

    def tokens(self, text: Sequence[str], symbols: tuple[str, ...] | None = None) -> np.ndarray:
        """Symbols to tokens `(T,)`, however many. TaskError for a symbol that is none of `symbols`."""
        symbols = self.symbols if symbols is None else symbols
        known = {symbol: token for token, symbol in enumerate(symbols)}
        for symbol in text:
            if symbol not in known:
                raise self.refuse(_("knows the symbols {names}", names=" ".join(symbols)),
                                  _("{symbol!r} is none of them", symbol=symbol[:30]))
        return np.array([known[symbol] for symbol in text], np.int64)


class SyntheticTask(SequenceTask):
    """A task whose samples are drawn from a seed instead of read from a file."""

    samples: int = Field(default=20_000, ge=500, le=100_000, description="How many samples there are to learn from.")
    data_seed: int = Field(default=0, ge=0, le=2**31 - 1, description="Decides which samples are drawn.")
    held_out: ClassVar[int] = 1_000  # samples in each of validation and test, where enough of them differ

    def draw(self, random: np.random.Generator, count: int) -> SampleBatch:
        """`count` samples, the same for the same generator state. May contain repeats."""
        raise NotImplementedError

    def same(self, drawn: SampleBatch) -> tuple[np.ndarray, ...]:
        """What makes two samples the same: arrays `(N, ...)`, the inputs unless a task says otherwise."""
        return drawn.inputs

    def data(self) -> Data:
        return _tensors(self)


@memoize(maxsize=16)
def _tensors(task: SyntheticTask) -> Data:
    """All samples of the task, drawn and split.

    The held-out ones come first, from a generator of their own, so that they do not change with `samples`.
    Where a task has so few different samples that many repeat, a fifth of all goes to each.
    """
    held_out = _unique(task, task.draw(np.random.default_rng((task.data_seed, 0)), 2 * task.held_out))
    drawn = held_out.join(task.draw(np.random.default_rng((task.data_seed, 1)), task.samples))
    drawn = _unique(task, drawn)
    plenty = len(held_out.targets) >= FEW_REPEATS * 2 * task.held_out
    if len(drawn.targets) < LEAST_DIFFERENT:
        raise task.refuse(_("needs {least} samples that differ, since some of them are held out",
                            least=LEAST_DIFFERENT),
                          _n("there is {count}", "there are {count}", count=len(drawn.targets)),
                          _("Choose other fields of the task."))
    held = (len(held_out.targets) if plenty else 2 * len(drawn.targets) // 5) // 2
    return Data(train=split(drawn, slice(2 * held, None)), val=split(drawn, slice(0, held)),
                test=split(drawn, slice(held, 2 * held)))


def _unique(task: SyntheticTask, drawn: SampleBatch) -> SampleBatch:
    """The first of each kind of sample, in the order of appearance, so that no two splits can share one."""
    first: dict[bytes, int] = {}
    same = task.same(drawn)
    for row in range(len(drawn.targets)):
        first.setdefault(b"".join(x[row].tobytes() for x in same), row)
    return drawn.take(list(first.values()))


def split(drawn: SampleBatch, rows: slice) -> Split:
    """Some of the samples as tensors."""
    part = drawn.take(rows)
    return Split(tuple(torch.from_numpy(x) for x in part.inputs), torch.from_numpy(part.targets))

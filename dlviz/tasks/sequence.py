"""What tasks over symbols and time steps share: samples drawn from a seed, splits that never overlap, words for people.

A subclass says how one batch of samples is drawn (`draw`) and what its symbols are; the rest follows.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
import torch
from pydantic import Field

from dlviz.errors import TaskError
from dlviz.tasks.base import Data, Split, SplitName, Task

HELD_OUT = 1_000  # samples in each of validation and test


@dataclass(frozen=True)
class Drawn:
    """Samples before they are split: inputs as the network takes them, targets as the loss takes them.

    Attributes:
        inputs: one array for each input of the signature, `(N, T)` int64 or `(N, T, D)` float32.
        targets: `(N,)` or `(N, T)` int64, or `(N, D)` float32; -100 marks steps that are not judged.
    """

    inputs: tuple[np.ndarray, ...]
    targets: np.ndarray

    def take(self, rows: np.ndarray) -> Drawn:
        return Drawn(tuple(x[rows] for x in self.inputs), self.targets[rows])


@dataclass(frozen=True)
class Shown:
    """One sample in words: the symbols of each input, and the true answer, step by step or as one word."""

    inputs: tuple[tuple[str, ...], ...]
    target: tuple[str, ...]


class SequenceTask(Task):
    """A task whose samples are drawn from a seed instead of read from a file."""

    samples: int = Field(20_000, ge=500, le=100_000, description="How many samples there are to learn from.")
    data_seed: int = Field(0, ge=0, le=2**31 - 1, description="Decides which samples are drawn.")
    symbols: ClassVar[tuple[str, ...]] = ()  # of the tokens that go in; the index is the token
    answers: ClassVar[tuple[str, ...]] = ()  # of the tokens or classes that come out
    stands_for: ClassVar[str] = ""  # the large problem that this is the small sister of
    metric: ClassVar[str] = "whole answers right"  # what accuracy counts, in words
    example: ClassVar[str] = ""  # what a user could type

    def draw(self, random: np.random.Generator, count: int) -> Drawn:
        """`count` samples, the same for the same generator state. May contain repeats."""
        raise NotImplementedError

    def read(self, text: str) -> tuple[np.ndarray, ...]:
        """What a user typed, as inputs without batch axis. TaskError names the symbol or length that does not fit."""
        raise NotImplementedError

    def shown(self, inputs: tuple[np.ndarray, ...], target: np.ndarray | int) -> Shown:
        """A sample in words."""
        words = tuple(tuple(self.symbols[t] for t in x) if x.ndim == 1 else tuple(map(str, range(len(x))))
                      for x in inputs)
        return Shown(words, self.say(np.asarray(target)))

    def say(self, answer: np.ndarray) -> tuple[str, ...]:
        """Tokens or classes of an answer in words; steps that are not judged are left out."""
        return tuple(self.answers[t] for t in np.atleast_1d(answer) if t >= 0)

    def data(self) -> Data:
        return _tensors(self)

    def sample(self, split: SplitName, index: int) -> tuple[tuple[np.ndarray, ...], int]:
        part = getattr(self.data(), split)
        target = part.targets[index]
        return tuple(x[index].numpy() for x in part.inputs), target.numpy() if target.ndim else int(target)

    def size(self, split: SplitName) -> int:
        return len(getattr(self.data(), split))

    def encode(self, text: str | Sequence[str], length: int) -> np.ndarray:
        """Symbols to tokens `(T,)`. TaskError for a symbol that the task does not know, or another length."""
        known = {symbol: token for token, symbol in enumerate(self.symbols)}
        for symbol in text:
            if symbol not in known:
                raise TaskError(f"The task {self.title}", f"knows the symbols {' '.join(self.symbols)}",
                                f"{symbol!r} is none of them", "Type only these.")
        if len(text) != length:
            raise TaskError(f"The task {self.title}", f"takes {length} symbols", f"{len(text)} were typed",
                            f"Type {length}, for instance {self.example!r}.")
        return np.array([known[symbol] for symbol in text], np.int64)


def unique(drawn: Drawn) -> Drawn:
    """Each different input once, in the order of first appearance, so that no split can share a sample."""
    rows = np.concatenate([x.reshape(len(x), -1).astype(np.float64) for x in drawn.inputs], axis=1)
    _, first = np.unique(rows, axis=0, return_index=True)
    return drawn.take(np.sort(first))


@lru_cache(maxsize=16)
def _tensors(task: SequenceTask) -> Data:
    """All samples of the task, drawn and split: held-out ones first, so that they do not depend on `samples`."""
    random = np.random.default_rng(task.data_seed)
    drawn = unique(task.draw(random, task.samples + 2 * HELD_OUT))
    count = len(drawn.targets)
    held = min(HELD_OUT, count // 5)
    cuts = {"val": slice(0, held), "test": slice(held, 2 * held), "train": slice(2 * held, count)}
    return Data(**{name: Split(tuple(torch.from_numpy(x[cut]) for x in drawn.inputs),
                               torch.from_numpy(drawn.targets[cut])) for name, cut in cuts.items()})

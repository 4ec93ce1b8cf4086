"""Looks at what a network would answer after each step of what it reads, though it answers at the end."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, cast

import numpy as np
from torch import nn


class LastStepLayer(Protocol):
    """A module that gives every step of a sequence or only the last; `layers.recurrent` and `layers.sequence`."""

    every_step: bool


def last_step_layers(network: nn.Module) -> list[LastStepLayer]:
    """The layers that give only their last step."""
    return [cast(LastStepLayer, module) for module in network.modules()
            if getattr(module, "every_step", True) is False]


def prefixes(sequence: np.ndarray) -> np.ndarray:
    """`(T, D)` as its T beginnings, `(T, T, D)`: behind each one's end every feature keeps its smallest value.

    For networks that read all steps at once: what would they answer had it fallen silent there?
    """
    steps = np.arange(len(sequence))
    return np.where((steps[None] <= steps[:, None])[..., None], sequence, sequence.min(0)).astype(sequence.dtype)


@contextmanager
def every_step_output(network: nn.Module) -> Iterator[None]:
    """Within the block, layers that give only their last step give every step: what follows answers at each.

    `(B, T, D)` flows on where `(B, D)` did, so what follows must work on each step alone. A network that
    reads from both ends has seen the whole row before its first answer: ask only those that do not.
    """
    modules = last_step_layers(network)
    for module in modules:
        module.every_step = True
    try:
        yield
    finally:
        for module in modules:
            module.every_step = False

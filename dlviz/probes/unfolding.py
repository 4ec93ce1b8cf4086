"""Looks at what a network would answer after each step, if it reads left to right and answers at the end."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


@contextmanager
def unfolded(network: nn.Module) -> Iterator[None]:
    """Within the block, layers that give only their last step give every step: what follows answers at each.

    `(B, T, D)` flows on where `(B, D)` did, so what follows must work on each step alone. A network that
    reads from both ends has seen the whole row before its first answer: ask only those that do not.
    """
    folded = [module for module in network.modules() if getattr(module, "every_step", True) is False]
    for module in folded:
        module.every_step = True
    try:
        yield
    finally:
        for module in folded:
            module.every_step = False

"""torch's one generator, borrowed by one thread at a time: sessions share a process, and each must draw its own
numbers.
"""
from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager

import torch

_LOCK = threading.RLock()


def restored(devices: Sequence[torch.device]) -> AbstractContextManager[None]:
    """After the block the generators of the CPU and of these CUDA devices are as if nothing had been drawn."""
    return torch.random.fork_rng(devices)


def seed_all(seed: int) -> None:
    """Have the generators of the CPU and of every accelerator begin at this seed."""
    torch.manual_seed(seed)


@contextmanager
def borrowed(seed: int | None) -> Generator[None]:
    """Within the block nobody else here draws.

    With a seed it begins at it, and is afterwards as if nothing had been.
    """
    with _LOCK:
        if seed is None:
            yield
            return
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(seed)
            yield

"""torch's one generator, borrowed by one thread at a time: sessions share a process, and each must draw its own
numbers.
"""
from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch

_LOCK = threading.RLock()


@contextmanager
def borrowed(seed: int | None) -> Iterator[None]:
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

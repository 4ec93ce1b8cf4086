"""How many processor threads updates use: another number rounds otherwise, so after a lost process the same are used.

What was trained after the last checkpoint is trained again; with the same threads at the same steps it comes out
the same to the bit. Knows no loop.
"""
from __future__ import annotations

from collections.abc import Iterator

import torch

from dlviz.training.control import ReplayThreads
from dlviz.training.events import ThreadsChanged


class ThreadCount:
    """Sets torch's number of threads; each change is an event, so that it can be replayed."""

    def __init__(self) -> None:
        self.replaying = False
        self._count: int | None = None  # what the last event said
        self._requested: int | None = None
        self._replay = ReplayThreads()

    def ask(self, count: int, step: int) -> Iterator[ThreadsChanged]:
        """Use so many from the update after `step` on; later, where an earlier process had made more updates."""
        self._requested = count
        yield from self.turn(step)

    def replay(self, message: ReplayThreads, step: int) -> Iterator[ThreadsChanged]:
        """Repeat what an earlier process used."""
        self._replay, self.replaying = message, step < message.until
        yield from self.turn(step)

    def turn(self, step: int) -> Iterator[ThreadsChanged]:
        """Use what belongs to the update after `step`."""
        self.replaying = step < self._replay.until
        count = self._earlier(step) if self.replaying else self._requested
        if count is not None and count != self._count:
            torch.set_num_threads(count)
            self._count = count
            yield ThreadsChanged(step, count)

    def _earlier(self, step: int) -> int | None:
        """What the earlier process used for the update after `step`; what is wanted where that is unknown."""
        return next((count for at, count in reversed(self._replay.threads) if at <= step), self._requested)

"""Notices when other programs take the cores that a run's threads need, and has it go on with one thread for a while.

Threads wait for each other many times a step: with two of them, one that a busy browser keeps off its core slows
both down up to thirtyfold, while a single thread simply moves to the core that is freer. Knows no loop and no server.
"""
from __future__ import annotations

import time
from collections.abc import Callable

NEEDED = 0.6  # share of its threads' time that a process which is not crowded gets
SPAN = 1.0  # seconds over which that is measured
RETRY = 15.0  # seconds with one thread before all are tried again; doubled each time that fails, up to LONGEST
LONGEST = 240.0


class CrowdingMonitor:
    """Asked twice a second from one thread; `allow` may be called from another.

    Args:
        clock: seconds that pass.
        worked: seconds that this process has computed, all threads together.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic,
                 worked: Callable[[], float] = time.process_time) -> None:
        self._clock, self._worked = clock, worked
        self._allowed = self._using = 1
        self._retry = RETRY
        self._since = (clock(), worked())

    def allow(self, count: int) -> None:
        """The server lets this run use so many threads from now on, and has told its loop so."""
        self._allowed = self._using = count
        self._restart()

    def rest(self) -> None:
        """The loop is paused: what is measured now says nothing."""
        self._restart()

    def update(self) -> int | None:
        """How many threads to use from now on; None when nothing is to change."""
        now, worked = self._clock(), self._worked()
        passed, done = now - self._since[0], worked - self._since[1]
        if self._allowed == 1:
            return None
        if self._using > 1:
            if passed < SPAN:
                return None
            self._restart()
            if done / passed >= NEEDED * self._using:
                self._retry = RETRY
                return None
            return self._use(1)
        if passed < self._retry:
            return None
        self._retry = min(2 * self._retry, LONGEST)
        return self._use(self._allowed)

    def _use(self, count: int) -> int:
        self._using = count
        self._restart()
        return count

    def _restart(self) -> None:
        self._since = (self._clock(), self._worked())

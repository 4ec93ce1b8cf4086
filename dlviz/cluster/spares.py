"""Warm processes that wait for a run, so that a click does not wait for torch. Knows no run.

A spare holds one core, as a common run does. So it is only made where cores are free, and goes where somebody else
needs them.
"""
from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from typing import Any

from dlviz.cluster.host import HostOptions
from dlviz.runs.process.bridge_wire import Launch

PREFIX = "spare-"
FAILURES = 3  # spares lost in a row before they were ready, after which none is made for a while
REST = 60.0  # seconds
MEMORY = 10**9  # bytes that a spare holds; a run that needs more has a process of its own

log = logging.getLogger(__name__)


class Spares:
    """In one event loop. `cluster` is a `RayCluster`."""

    def __init__(self, cluster: Any, options: HostOptions, goal: int) -> None:
        self._cluster, self._options, self._goal = cluster, options, goal
        self._ready: list[Any] = []
        self._coming: dict[Any, asyncio.Task] = {}
        self._failures = 0

    def fits(self, launch: Launch) -> bool:
        """Whether a spare would do for this run."""
        return launch.cores == 1.0 and launch.gpu == 0.0 and launch.memory <= MEMORY

    def add(self, spare: Any) -> None:
        """One that is there."""
        self._ready.append(spare)

    def take(self) -> Any | None:
        """The one that has waited longest; else one that will soon be ready; else None."""
        if self._ready:
            return self._ready.pop(0)
        if self._coming:
            spare = next(iter(self._coming))
            self._coming.pop(spare).cancel()
            return spare
        return None

    def give_way(self) -> None:
        """End one, since a core is needed for something else."""
        if (spare := self.take()) is not None:
            self._cluster.kill(spare)

    def close(self) -> None:
        """End all: they hold cores, and the next bridge makes its own."""
        while self._ready or self._coming:
            self.give_way()

    def tend(self, free_cores: float) -> None:
        """See that there are enough of them. Called about each second."""
        missing = self._goal - len(self._ready) - len(self._coming)
        if missing > 0 and free_cores >= 1 and self._failures < FAILURES:
            spare = self._cluster.create(PREFIX + secrets.token_hex(8), self._options, None, memory=MEMORY)
            self._coming[spare] = asyncio.get_running_loop().create_task(self._welcome(spare))

    async def _welcome(self, spare: Any) -> None:
        try:
            await self._cluster.call(spare, "status")
        except self._cluster.errors as error:
            log.error("A spare process ended before it was ready: %s", error)
            self._failures += 1
            self._coming.pop(spare, None)
            if self._failures == FAILURES:
                await asyncio.sleep(REST)
                self._failures = 0
            return
        with contextlib.suppress(KeyError):
            del self._coming[spare]
            self._ready.append(spare)
            self._failures = 0

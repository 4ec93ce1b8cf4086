"""When a training's health is looked at, so that it costs next to nothing: often while somebody looks,
always a little.

Knows the network and the clock, not the loop; what is measured, `probes.health` says.
"""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dlviz import layers
from dlviz.network import Network
from dlviz.probes import health
from dlviz.training.events import Health

MOMENTS = 60  # spread over the planned steps, whoever looks
EVERY = 0.5  # seconds between two while somebody does
SHARE = 0.012  # of the time that has passed, at most, may have gone into looking ...
CREDIT = 0.015  # ... but for these first seconds, so that a short run has its moments too
PLAIN = ("pooling", "reshape", "merge")  # families of layers that have nothing of their own to tell


class Checkups:
    """The looks at one training's health. `found` is that of the last update, or None when it was not
    looked at."""

    def __init__(self, network: Network, planned: int,
                 clock: Callable[[], float] = time.perf_counter) -> None:
        names = [spec.name for spec in network.spec.layers if layers.get(spec.kind).family not in PLAIN]
        self._modules = {name: network.module_of(name) for name in names}
        self._memory = health.Memory()
        self._spacing = max(1, planned // MOMENTS)
        self._clock = clock
        self._began = self._looked = clock()
        self._spent = 0.0  # seconds more than updates without a look take
        self._usual: float | None = None  # seconds of such an update
        self.found: Health | None = None

    @contextmanager
    def around(self, step: int, wanted: bool) -> Iterator[None]:
        """Around update number `step`; looks when that is due. `wanted` says whether somebody looks on."""
        self.found = None
        began, due = self._clock(), self._due(step, wanted)
        if not due:
            yield
            took = self._clock() - began
            self._usual = took if self._usual is None else 0.9 * self._usual + 0.1 * took
            return
        self._looked = began
        with health.watched(self._modules, self._memory) as found:
            yield
        took = self._clock() - began
        self._spent += max(0.0, took - (took / 2 if self._usual is None else self._usual))
        self.found = Health(step, found)

    def _due(self, step: int, wanted: bool) -> bool:
        now = self._clock()
        if self._spent > CREDIT + SHARE * (now - self._began):
            return False
        return (step - 1) % self._spacing == 0 or (wanted and now - self._looked >= EVERY)

"""When a training's health is looked at, so that it costs next to nothing: often while somebody looks,
always at the steps that the doctor needs.

Knows the network and two clocks, not the loop; what is measured, `probes.health` says.
"""
from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from dlviz import layers
from dlviz.network import Network
from dlviz.probes import health
from dlviz.training import retention
from dlviz.training.events import Health

MOMENTS = 60  # spread over the planned steps, whoever looks
EVERY = 0.5  # seconds between two while somebody does
SHARE = 0.012  # of the thread's CPU time, at most, may have gone into looking ...
CREDIT = 0.015  # ... but for these first seconds, so that a short run has its moments too
SURE = 20  # steps of a ladder from the first to the last that are looked at whatever it costs
PLAIN = ("pooling", "reshape", "merge")  # families of layers that have nothing of their own to tell


class HealthSchedule:
    """The looks at one training's health. `latest` is that of the last update, or None when it was not
    looked at.

    Args:
        network: whose layers are looked at.
        planned: steps of the whole training.
        clock: what a look is paid by, in seconds of this thread's own CPU time: how long the thread waits for
            a processor on a busy machine says nothing about what a look costs.
        wall: what a viewer's patience is measured by, in seconds.
    """

    def __init__(self, network: Network, planned: int, clock: Callable[[], float] = time.thread_time,
                 wall: Callable[[], float] = time.monotonic) -> None:
        names = [spec.name for spec in network.spec.layers if layers.get(spec.kind).family not in PLAIN]
        self._modules = {name: network.module_of(name) for name in names}
        self._memory = health.Memory()
        self._spacing = max(1, planned // MOMENTS)
        self._sure = frozenset(retention.geometric_steps(planned, SURE))
        self._clock, self._wall = clock, wall
        self._began, self._looked = clock(), wall()
        self._spent = 0.0  # seconds more than updates without a look take
        self._usual: float | None = None  # seconds of such an update
        self.latest: Health | None = None

    @contextmanager
    def around(self, step: int, watched: bool) -> Generator[None]:
        """Around update number `step`; looks when that is due. `watched` says whether somebody looks on."""
        self.latest = None
        if not self._due(step, watched):
            began = self._clock()
            yield
            took = self._clock() - began
            self._usual = took if self._usual is None else 0.9 * self._usual + 0.1 * took
            return
        self._looked = self._wall()
        began = self._clock()
        with health.measure(self._modules, self._memory) as found:
            entered = self._clock()
            yield
            left = self._clock()
        self._pay(entered - began + self._clock() - left, left - entered)
        self.latest = Health(step, found)

    def _pay(self, around: float, within: float) -> None:
        """What the look itself took, and by how much it slowed the update; the first ones warm torch up."""
        self._spent += around + (0.0 if self._usual is None else max(0.0, within - self._usual))

    def _due(self, step: int, watched: bool) -> bool:
        if step in self._sure:
            return True
        if self._spent > CREDIT + SHARE * (self._clock() - self._began):
            return False
        return (step - 1) % self._spacing == 0 or (watched and self._wall() - self._looked >= EVERY)

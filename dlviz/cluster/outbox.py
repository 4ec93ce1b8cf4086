"""What a run's process has to tell, until somebody has it safe. Knows no run and no network.

Events get their numbers when they are first handed out, so that those of which only the newest counts can be left out
while nobody asks: what is numbered is complete and in order.
"""
from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

from dlviz.runs.process.engine import End, EngineEvent, Heartbeat
from dlviz.training.events import Captured

NEWEST = (Heartbeat, Captured)
CROWDED = 40  # events that wait for a number, from which on only the newest of these kinds stay
AT_ONCE = 2_000  # events that are handed out at a time


class Outbox:
    """From any thread."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._waiting: list[EngineEvent] = []
        self._numbered: deque[tuple[int, EngineEvent]] = deque()
        self._next = 0
        self._acknowledged = -1
        self._closed = False  # the End is in

    @property
    def over(self) -> bool:
        """Whether the last of all has come in."""
        return self._closed

    def add(self, events: Sequence[EngineEvent]) -> None:
        """Take these in; what comes after an End does not count."""
        with self._condition:
            for event in events:
                if self._closed:
                    return
                if isinstance(event, NEWEST) and len(self._waiting) >= CROWDED:
                    self._waiting = [other for other in self._waiting if type(other) is not type(event)]
                self._waiting.append(event)
                self._closed = isinstance(event, End)
            self._condition.notify_all()

    def take(self, after: int | None, acknowledged: int, timeout: float) -> tuple[int, list[EngineEvent], bool]:
        """Events behind number `after`, waiting for some: the first's number, they, and whether the End is among them.

        Args:
            after: None for all that is not acknowledged.
            acknowledged: up to this number they are safe, and forgotten here.
            timeout: seconds after which there may be none.
        """
        with self._condition:
            self._acknowledged = max(self._acknowledged, acknowledged)
            while self._numbered and self._numbered[0][0] <= self._acknowledged:
                self._numbered.popleft()
            after = self._acknowledged if after is None else max(after, self._acknowledged)
            self._condition.wait_for(lambda: self._waiting or self._next - 1 > after or self._closed, timeout)
            self._number()
            found = [event for number, event in self._numbered if number > after][:AT_ONCE]
            return after + 1, found, self._closed and after + len(found) == self._next - 1

    def _number(self) -> None:
        for event in self._waiting:
            self._numbered.append((self._next, event))
            self._next += 1
        self._waiting.clear()

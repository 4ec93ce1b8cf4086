"""Runs with their whole curves, followed once for all sessions of this server that look at them.

Thirty who watch one run need one copy of its curve and not thirty, and what is drawn of one snapshot can be drawn once
for all of them (`views.pictures.once`). Draws nothing.
"""
from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import replace
from weakref import WeakKeyDictionary

from dlviz.runs.info import Snapshot
from dlviz.runs.service import RunService
from dlviz.training.history import GAME_COLUMNS, TRAIN_COLUMNS, Column
from pages.ui.shared import state

MOST = 64  # runs that are followed; those asked for longest ago are forgotten
SHARE = 0.25  # of the time between two ticks: so old may be what a tick shows, if another session's tick has read it

_lock = threading.Lock()
_followed: WeakKeyDictionary[RunService, OrderedDict[str, FollowedRun]] = WeakKeyDictionary()


class FollowedRun:
    """One run as far as this server's pages have it; grows by what each snapshot brings. For any thread."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._lock = threading.Lock()
        self._newest: Snapshot | None = None
        self._read_at = 0.0
        self._restart(0)

    def snapshot(self, service: RunService, age: float) -> Snapshot:
        """The run with its whole curve as it was at most `age` seconds ago. RunError when it is gone."""
        with self._lock:
            if self._newest is None or time.monotonic() - self._read_at >= age:
                self._read_at = time.monotonic()
                self._newest = self._caught_up(service)
            return self._newest

    def _restart(self, revision: int) -> None:
        self._revision, self._step = revision, 0
        self._columns = {name: Column(kind) for name, kind in TRAIN_COLUMNS.items()}
        self._games = {name: Column(kind) for name, kind in GAME_COLUMNS.items()}

    def _caught_up(self, service: RunService) -> Snapshot:
        snapshot = service.snapshot(self._run, self._step)
        if snapshot.revision != self._revision:
            self._restart(snapshot.revision)
            return self._caught_up(service)
        for name, column in self._columns.items():
            column.extend(snapshot.train[name])
        for name, column in self._games.items():
            column.extend(snapshot.games[name])
        self._step = snapshot.step
        return replace(snapshot, train={name: column.values for name, column in self._columns.items()},
                       games={name: column.values for name, column in self._games.items()})


def follow(run: str, every: float | None = None) -> Snapshot:
    """The run as it is now, with its whole curve; costs what is new since anybody last asked. RunError when it is gone.

    A tick says how often it comes (`every`, in seconds): it may be given what another session's tick has just read.
    """
    service = state.service()
    return _of(service, run).snapshot(service, SHARE * (every or 0.0))


def _of(service: RunService, run: str) -> FollowedRun:
    with _lock:
        runs = _followed.setdefault(service, OrderedDict())
        if run not in runs:
            runs[run] = FollowedRun(run)
        runs.move_to_end(run)
        while len(runs) > MOST:
            runs.popitem(last=False)
        return runs[run]

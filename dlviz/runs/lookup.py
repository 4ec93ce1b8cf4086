"""What the service knows of its runs: found by id, as information, as a snapshot, their histories in memory."""
from __future__ import annotations

import threading
import time
from collections.abc import Callable

from dlviz.errors import RunError
from dlviz.runs.info import RunInfo, Snapshot
from dlviz.runs.lifecycle import Lifecycle
from dlviz.runs.run import Run
from dlviz.runs.sealing import Seals
from dlviz.runs.storage.store import Store
from dlviz.spec import Experiment
from dlviz.training import rewards
from dlviz.translation import _

HISTORIES = 64  # of runs at rest that stay in memory; 100 KB each


class RunLookup:
    """Runs by id, as they are now, from any thread. The service is one."""

    _lock: threading.RLock
    _runs: dict[str, Run]
    _store: Store
    _life: Lifecycle
    seals: Seals

    def get(self, run: str) -> RunInfo:
        """One run as it is now. RunError when there is none of this id."""
        with self._lock:
            found = self._info(self._find(run))
        return self.seals.info(found)

    def list(self, owner: str) -> tuple[RunInfo, ...]:
        """The owner's runs, the newest first."""
        with self._lock:
            mine = [run for run in self._runs.values() if run.row.owner == owner and not run.gone]
            mine.sort(key=lambda run: run.row.created, reverse=True)
            found = tuple(self._info(run) for run in mine)
        return self.seals.infos(owner, found)

    def let_first(self, who: Callable[[str], bool]) -> None:
        """One waiting run of each owner that `who` is true of goes before all others."""
        with self._lock:
            self._life.goes_first = who

    def snapshot(self, run: str, since: int = 0) -> Snapshot:
        """The run with the curve after step `since`. RunError when there is none of this id."""
        with self._lock:
            found = self._find(run)
            self._load(found)
            snapshot = found.snapshot(since, self._position(found))
        return self.seals.snapshot(snapshot)

    def _played(self, run: str, step: int) -> Experiment:
        """A run's experiment with the rewards as they were after so many updates."""
        with self._lock:
            found = self._find(run)
            self._load(found)
            marks = tuple(found.past.marks)
        return rewards.after(found.experiment, marks, step)

    def devices(self) -> tuple[str, ...]:
        """What runs have a choice between, `cpu` and `gpu`; empty where there is none."""
        return self._life.devices()

    def capacity(self) -> int:
        """How many runs may train at once, of all owners together: on this computer or on all nodes of a cluster."""
        return max(1, self._life.limit())

    def nodes(self) -> int:
        """How many computers train; 1 without a cluster."""
        return max(1, len(self._life.nodes()))

    def _find(self, run: str) -> Run:
        found = self._runs.get(run)
        if found is None or found.gone:
            raise RunError(_("The run {run!r}", run=run[:40]), _("is one that this dlviz keeps"),
                           _("there is none of this name"),
                           _("It was deleted, or the link is not complete. Choose another run from the list."))
        return found

    def _info(self, run: Run) -> RunInfo:
        return run.info(self._position(run))

    def _position(self, run: Run) -> int | None:
        return self._life.queue.index(run) + 1 if run.row.state == "queued" else None

    def _load(self, run: Run) -> None:
        """Have its history in memory, and forget some that nobody has looked at for long."""
        run.used = time.monotonic()
        if run.history is not None:
            return
        run.history = self._store.history(run.id)
        idle = [other for other in self._runs.values() if other is not run and other.idle]
        for old in sorted(idle, key=lambda other: other.used)[:-HISTORIES]:
            old.history = old.shown = None

"""The engine on this computer: one process a run, taken from a few that are warm and connected already.

Two threads for each worker, one that reads and one that writes, so that a hanging worker holds nobody up.
Knows no store and no service; what comes up goes to one callback.
"""
from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from dlviz import files, settings
from dlviz.runs.process import early_start, limits
from dlviz.runs.process.door import ConnectionListener
from dlviz.runs.process.engine import Adoption, ClusterNode, End, EngineEvent, Need, OnEvent
from dlviz.runs.process.sources import ForkSource, SpawnSource, WorkerSource, fork_is_safe
from dlviz.runs.process.wire import Address, Begin, Quit
from dlviz.spec import Experiment
from dlviz.training.control import Message

SPARES = 2  # workers that wait for a run: a start needs no birth
TEND = 0.25  # seconds between two looks at the source
SPAWN_TIMEOUT = 30.0  # seconds after which a birth is given up
MEMORY_TICKS = 8  # looks at the source within which the kernel's ending of a process is taken for a worker's
FAILURES = 3  # births lost in a row, after which those who wait are told
CLOSING = 8.0  # seconds for last checkpoints

log = logging.getLogger(__name__)


@dataclass
class _Worker:
    connection: Connection
    pid: int
    outgoing: queue.SimpleQueue = field(default_factory=queue.SimpleQueue)
    run: str | None = None
    killed: bool = False
    reader: threading.Thread | None = None

    def write(self) -> None:
        """Send what is put into `outgoing`, until None or until the worker is gone."""
        try:
            while (message := self.outgoing.get()) is not None:
                self.connection.send(message)
        except OSError:
            pass  # the reader notices too, and tells

    def kill(self) -> None:
        self.killed = True
        with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
            os.kill(self.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)


class LocalEngine:
    """Local processes behind the `Engine` seam.

    Args:
        program: the training loop as "module:function"; its module has a `warm()`.
        spares: how many idle workers to keep.
        source: how workers are born; None picks what is safe here.
    """

    def __init__(self, program: str = early_start.PROGRAM, spares: int = SPARES,
                 source: Callable[[Address, Path], WorkerSource] | None = None) -> None:
        self._spare_goal = spares
        self._lock = threading.RLock()
        self._on_event: OnEvent = lambda run, seq, event: None
        self._waiting: dict[str, list] = {}  # run -> Begin, then messages for it; in order of arrival
        self._spares: deque[_Worker] = deque()
        self._busy: dict[str, _Worker] = {}
        self._all: dict[int, _Worker] = {}
        self._connected: set[int] = set()  # every pid that ever did
        self._spawns: deque[float] = deque()  # when each birth under way was asked for
        self._failures = 0
        self._failed_spawns = 0  # births that the computer refused since the last look
        self._ended = deque([limits.ended_for_memory()], maxlen=MEMORY_TICKS)  # by the kernel, at the last ticks
        self._closing = False
        self._ends: queue.SimpleQueue[tuple[str, End]] = queue.SimpleQueue()
        self._listener = ConnectionListener(lambda connection, hello: self._welcome(_Worker(connection, hello.pid)))
        self._address = Address(str(self._listener.place), self._listener.key.hex(), program)
        self._log = settings.home() / early_start.LOG
        self._log.write_bytes(b"")
        kind = source or (ForkSource if fork_is_safe() else SpawnSource)
        self._source: WorkerSource = kind(self._address, self._log)
        self._tending = threading.Thread(target=self._tend, daemon=True)
        self._tending.start()

    def listen(self, on_event: OnEvent) -> None:
        self._on_event = on_event

    def start(self, run: str, experiment: Experiment, need: Need) -> None:
        try:
            need.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._ends.put((run, End("failed", f"The run's folder {need.folder} cannot be made: {files.reason(error)}. "
                                               "Make room on the disk, then resume the run.")))
            return
        with self._lock:
            self._failures = 0
            begin = Begin(run, experiment.to_json(None), need.folder, need.messages, need.device, need.memory)
            self._waiting[run] = [begin]
            self._match()

    def post(self, run: str, message: Message) -> None:
        with self._lock:
            if run in self._waiting:
                self._waiting[run].append(message)
            elif run in self._busy:
                self._busy[run].outgoing.put(message)

    def kill(self, run: str) -> None:
        with self._lock:
            if self._waiting.pop(run, None):
                self._ends.put((run, End("killed")))
            elif run in self._busy:
                self._busy[run].kill()

    def capacity(self) -> int:
        return settings.max_running()

    def nodes(self) -> tuple[ClusterNode, ...]:
        return ()

    def adopt(self) -> tuple[Adoption, ...]:
        return ()  # local workers end with their server

    def acknowledge(self, run: str, seq: int) -> None:
        """Nothing is waiting for that: what is lost with a server stands in the run's tail."""

    def trouble(self) -> str:
        return ""

    def close(self) -> None:
        with self._lock:
            if self._closing:
                return
            self._closing = True
            self._waiting.clear()
            workers = list(self._all.values())
        deadline = time.monotonic() + CLOSING
        for worker in workers:
            worker.outgoing.put(Quit())
        for worker in workers:
            _join(worker.reader, deadline)
            if worker.reader is not None and worker.reader.is_alive():
                worker.kill()
                worker.reader.join()
        self._listener.close()
        self._tending.join(1.0)
        self._source.close(max(1.0, deadline - time.monotonic()))

    # births

    def _match(self) -> None:
        """Give spare workers to runs that wait; ask for as many births as are wanted then. Needs the lock."""
        while self._waiting and self._spares and not self._closing:
            run, worker = next(iter(self._waiting)), self._spares.popleft()
            worker.run, self._busy[run] = run, worker
            for message in self._waiting.pop(run):
                worker.outgoing.put(message)
        missing = len(self._waiting) + self._spare_goal - len(self._spares) - len(self._spawns)
        room = self._source.at_once - len(self._spawns)
        if not self._closing and self._failures < FAILURES:
            for _ in range(min(missing, room)):
                self._spawns.append(time.monotonic())
                self._request()

    def _welcome(self, worker: _Worker) -> None:
        worker.reader = threading.Thread(target=self._read, args=(worker,), daemon=True)
        with self._lock:
            if self._closing:
                worker.connection.close()  # it sees that and ends
                return
            self._failures = 0
            if self._spawns:
                self._spawns.popleft()
            self._all[worker.pid] = worker
            self._connected.add(worker.pid)
            worker.reader.start()
            threading.Thread(target=worker.write, daemon=True).start()
            self._spares.append(worker)
            self._match()

    def _request(self) -> None:
        """Have a worker born; where the computer has no room for one more process, it counts as lost."""
        try:
            self._source.request()
        except OSError as error:
            log.error("No process could be started: %s", error)
            self._failed_spawns += 1

    def _tend(self) -> None:
        while not self._closing:
            self._pass_ends(TEND)
            self._ended.append(limits.ended_for_memory())
            with self._lock:
                lost = self._source.tend(self._connected) + self._failed_spawns
                self._failed_spawns = 0
                self._failures += bool(lost)
                while self._spawns and (lost > 0 or self._spawns[0] < time.monotonic() - SPAWN_TIMEOUT):
                    self._spawns.popleft()
                    lost -= 1
                if self._failures >= FAILURES:
                    self._give_up()
                self._match()

    def _pass_ends(self, timeout: float) -> None:
        """Ends of runs that never had a worker; from here, since `kill` may be called with any lock held."""
        try:
            run, end = self._ends.get(timeout=timeout)
        except queue.Empty:
            return
        self._on_event(run, 0, end)

    def _give_up(self) -> None:
        for run in self._waiting:
            self._ends.put((run, End("failed", "No process could be started to train this run. Its reason is "
                                               f"in the file {self._log.name} in dlviz's data folder.")))
        self._waiting.clear()

    # what comes up

    def _read(self, worker: _Worker) -> None:
        end: End | None = None
        seq = 0
        try:
            while True:
                for event in worker.connection.recv():
                    if isinstance(event, End):
                        end = event
                    else:
                        self._emit(worker, seq, event)
                        seq += 1
        except (OSError, EOFError):
            pass  # the process is gone, or about to
        finally:
            self._gone(worker, seq, end)

    def _emit(self, worker: _Worker, seq: int, event: EngineEvent) -> None:
        if worker.run is not None:
            self._on_event(worker.run, seq, event)

    def _gone(self, worker: _Worker, seq: int, end: End | None) -> None:
        with self._lock:
            self._all.pop(worker.pid, None)
            if worker in self._spares:
                self._spares.remove(worker)
            if worker.run is not None:
                self._busy.pop(worker.run, None)
            worker.outgoing.put(None)
            worker.connection.close()
            self._match()
        log.debug("worker %s of run %s is gone: %s", worker.pid, worker.run, end)
        self._emit(worker, seq, end or self._unsaid(worker))

    def _unsaid(self, worker: _Worker) -> End:
        """The end of a worker that could not say why."""
        if worker.killed or self._closing:
            return End("killed")
        if limits.ended_for_memory() > self._ended[0]:
            return End("failed", limits.too_much(None))
        return End("lost")


def _join(thread: threading.Thread | None, deadline: float) -> None:
    if thread is not None:
        thread.join(max(0.0, deadline - time.monotonic()))

"""One process that trains one run: messages in, packed events out, a checkpoint when its server is gone.

Born by a fork of `runs.process.fork_server`, or alone as `python -m dlviz.runs.process.worker`. Knows the loop
only by its name, and no store and no service.
"""
from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from typing import Any, Protocol

import filelock

from dlviz import files
from dlviz.errors import DlvizError, RunError
from dlviz.runs.process import limits
from dlviz.runs.process.checkpoint_times import CheckpointSchedule
from dlviz.runs.process.crowding import CrowdingMonitor
from dlviz.runs.process.engine import FIRST_WEIGHTS, LOG, WEIGHTS, End, EngineEvent, EventReplay, Heartbeat, Start
from dlviz.runs.process.wire import Address, Begin, Hello, Quit, be_first_to_go, be_modest
from dlviz.runs.storage import tail
from dlviz.spec import from_json
from dlviz.training import events as ev
from dlviz.training import packing
from dlviz.training.control import Control, Message, ReplayThreads, Save, Set, SetReward, SetThreads, SetWeight
from dlviz.translation import _

GATHER = 0.1  # seconds between two messages to the server
BEAT = 0.5  # seconds between two heartbeats
LOCK = 30.0  # seconds that an earlier process of this run, whose server died, has for its last checkpoint
QUIT = 5.0  # seconds for our own; the one before it is seldom older than a second
LAST_TRY = 0.5  # seconds for it where the disk was full already
AT_ONCE = (ev.Started, ev.Paused, ev.Resumed, ev.Captured, ev.QueryResult, ev.Checkpointed, ev.Ended, End, Start)

Program = Callable[..., Iterator[ev.Event]]


def load(program: str) -> Program:
    """The training loop called `module:function`, its module warmed up."""
    module_name, name = program.split(":")
    module = importlib.import_module(module_name)
    module.warm()
    return getattr(module, name)


def serve(address: Address, program: Program) -> None:
    """Connect to the server, wait for a run, train it. Returns when there is nothing left to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's; its end is ours
    try:
        connection = Client(address.place, authkey=bytes.fromhex(address.key))
        connection.send(Hello(os.getpid()))
        first = connection.recv()
    except (OSError, EOFError, AuthenticationError):
        return  # the server is gone
    if isinstance(first, Begin):
        Worker(connection, first, program).run()


class Wire(Protocol):
    """One end of a connection: a pipe on Windows, a socket elsewhere."""

    def send(self, obj: Any, /) -> None: ...

    def recv(self) -> Any: ...

    def close(self) -> None: ...


class EventSender:
    """Gathers events and sends them packed, in order, from any thread. Drops them once the server is gone."""

    def __init__(self, connection: Wire) -> None:
        self._connection = connection
        self._tail: tail.Tail | None = None
        self._lock = threading.Lock()
        self._events: list[EngineEvent] = []
        self._sent = 0.0
        self._stepped = False

    def add(self, event: EngineEvent) -> None:
        with self._lock:
            self._events.append(event)
        first = isinstance(event, ev.Step) and not self._stepped
        self._stepped |= first
        if first or isinstance(event, AT_ONCE) or time.monotonic() - self._sent >= GATHER:
            self.flush()

    def copy_to(self, writer: tail.Tail) -> None:
        """Have a copy of what is sent on disk, from now on."""
        self._tail = writer

    def flush(self, *more: EngineEvent) -> None:
        with self._lock:
            events: list[EngineEvent] = [*packing.pack(self._events), *more]
            self._events, self._sent = [], time.monotonic()
            if self._tail is not None:
                self._tail.add(events)
            if events:
                self._send(events)

    def _send(self, events: list[EngineEvent]) -> None:
        with contextlib.suppress(OSError):  # the server is gone; the thread that listens to it notices and ends us
            self._connection.send(events)


class Worker:
    """Trains the run of `begin` until it ends, or until the server wants it to quit or is gone."""

    def __init__(self, connection: Wire, begin: Begin, program: Program,
                 leave: Callable[[int], None] = os._exit) -> None:
        self._connection, self._begin, self._program, self._leave = connection, begin, program, leave
        self._sender = EventSender(connection)
        self._control = Control(before_waiting=self._sender.flush,  # a run in lock-step is waited for
                                before_saving=self._sender.flush)  # no gap before where the checkpoint goes on
        self._paused = self._without_room = False
        self._quitting = False
        self._crowding = CrowdingMonitor()

    def run(self) -> None:
        self._sender.add(Start(os.getpid(), self._begin.node))
        for message in self._begin.messages:
            self._take(message)
        for task in (self._listen, self._beat):
            threading.Thread(target=task, daemon=True).start()
        end = self._guarded()
        if end is not None:
            self._sender.add(end)
        self._sender.flush()

    def _guarded(self) -> End | None:
        """Train; whatever goes wrong becomes a sentence for the user and a traceback in the run's log."""
        limit = None
        try:
            if self._begin.memory is not None and self._begin.device in (None, "cpu"):
                limit = limits.confine(self._begin.memory)
            return self._locked()
        except Exception as error:  # the process's edge: nothing may end without a word
            limits.release()
            with suppress(OSError), (self._begin.folder / LOG).open("a", encoding="utf-8") as log:
                log.write(time.strftime("%Y-%m-%d %H:%M:%S\n") + traceback.format_exc() + "\n")
            return End("failed", explain(error, limit))

    def _locked(self) -> End | None:
        try:
            lock = filelock.FileLock(self._begin.folder / "lock").acquire(LOCK, poll_interval=0.02)
        except filelock.Timeout as error:
            raise RunError(_("This run"), _("may be trained by one process at a time"), _("another one still has it"),
                           _("Close the other dlviz that uses this folder, then resume the run.")) from error
        with lock:
            files.clear_unfinished(self._begin.folder)  # our predecessor was killed while it wrote
            unread = self._begin.unread
            tail_events = tail.read(self._begin.folder, tail.MOST_UNREAD if unread else None)
            if tail_events:
                self._sender.add(EventReplay(tail_events))
                self._control.post(replay(tail_events))
            self._sender.copy_to(tail.Tail(self._begin.folder, tail_events, unread))
            return self._train()

    def _train(self) -> End | None:
        first = self._begin.folder / FIRST_WEIGHTS
        events = self._program(from_json(self._begin.experiment), self._control, resume=True,
                               checkpoint=self._begin.folder / WEIGHTS, device=self._begin.device,
                               **({"first_weights": first} if first.exists() else {}))
        reason: ev.Ending = "done"
        modest = False
        checkpoints = CheckpointSchedule()
        for event in events:
            self._sender.add(event)
            match event:
                case ev.Step() | ev.Progressed():
                    if not modest:
                        be_modest()  # not before: a click is answered at once even where many others train
                        modest = True
                    if checkpoints.due():
                        self._control.post(Save())
                case ev.Checkpointed():
                    checkpoints.on_checkpoint(event)
                    if self._quitting:
                        return None
                case ev.Paused() | ev.Resumed():
                    self._paused = isinstance(event, ev.Paused)
                    self._without_room = isinstance(event, ev.Paused) and bool(event.sentence)
                    if self._without_room and self._quitting:
                        return None
                case ev.Ended():
                    reason = event.reason
        return End("stopped" if reason == "stopped" else "done")

    def _listen(self) -> None:
        try:
            while not isinstance(message := self._connection.recv(), Quit):
                self._take(message)
        except (OSError, EOFError):
            pass  # the server is gone: the same as Quit
        self._quitting = True
        self._control.post(Save())
        time.sleep(LAST_TRY if self._without_room else QUIT)
        self._leave(1)  # the loop is stuck in a batch, or the disk is full

    def _take(self, message: Message) -> None:
        self._control.post(message)
        if isinstance(message, (Set, SetWeight, SetReward)):
            self._control.post(Save())  # going on from a checkpoint must not forget it
        if isinstance(message, SetThreads):
            self._crowding.allow(message.count)

    def _make_room(self) -> None:
        """Fewer threads where other programs need the cores, all again when they do not."""
        if self._paused:
            self._crowding.rest()
        elif (count := self._crowding.update()) is not None:
            self._control.post(SetThreads(count))

    def _beat(self) -> None:
        while True:
            time.sleep(BEAT)
            self._sender.flush(Heartbeat())
            self._make_room()


def replay(events: Iterable[ev.Event]) -> ReplayThreads:
    """What makes a process use the threads that the one which left these events used."""
    steps = [int(event.step[-1]) for event in events if isinstance(event, ev.Steps)]
    threads = [(event.step, event.count) for event in events if isinstance(event, ev.ThreadsChanged)]
    return ReplayThreads(tuple(threads), max(steps, default=0))


def explain(error: Exception, limit: int | None = None) -> str:
    """What a user is told about an exception in the loop of a process with this limit on its memory, in bytes."""
    if isinstance(error, DlvizError):
        return error.sentence
    if limits.is_short_of_memory(error):
        return limits.too_much(limit)
    if isinstance(error, OSError):
        return (f"The file {error.filename or 'of this run'} cannot be read or written: {files.reason(error)}. See "
                "whether the disk is full or somebody has taken the folder away, then resume the run.")
    first = str(error).strip().splitlines()[0][:200] if str(error).strip() else "no message"
    return (f"Training broke off with an error that dlviz did not expect ({type(error).__name__}: {first}). "
            f"The full report is in the file {LOG} in the run's folder.")


def main() -> None:
    """`python -m dlviz.runs.process.worker`: a spare worker, warmed up; its address comes by stdin."""
    be_first_to_go()
    address = Address.from_line(sys.stdin.buffer.readline())
    serve(address, load(address.program))
    sys.stdout.flush()
    os._exit(0)  # threads may sit in a send


if __name__ == "__main__":
    main()

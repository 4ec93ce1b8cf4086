"""A process of the cluster that trains one run: warm until it is given one, then as long as that lasts.

It belongs to nobody who may go: bridge and server come back and find it by its name. It ends by itself, after a
checkpoint, when its node is given up or when nobody has asked for anything in a long time. Knows no store and no
service; how it is called from afar is the bridge's.
"""
from __future__ import annotations

import os
import pickle
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dlviz.cluster.outbox import Outbox
from dlviz.runs.process import worker
from dlviz.runs.process.bridge_wire import Batch
from dlviz.runs.process.engine import EngineEvent
from dlviz.runs.process.wire import Begin, Quit, be_first_to_go
from dlviz.training.control import Message

LOOK = 0.25  # seconds between two looks at whether anybody still wants it


@dataclass(frozen=True)
class HostOptions:
    """What is the same for all processes of a bridge.

    Args:
        program: the training loop as "module:function".
        home: the data folder, which all nodes have at the same place.
        unread: seconds without anybody who asks, after which a run writes a checkpoint and ends.
        gpu_memory: the fraction of a GPU's memory that a process may take, as its run's need says; None without GPU.
    """

    program: str
    home: str
    unread: float
    gpu_memory: float | None = None


@dataclass(frozen=True, slots=True)
class HostStatus:
    """Which run a process has, if any, and where it is."""

    node: str
    run: str = ""
    process: str = ""


class _Mailbox:
    """The worker's end of what is a pipe elsewhere."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.incoming: queue.SimpleQueue[Message | Quit] = queue.SimpleQueue()

    def send(self, obj: Sequence[EngineEvent], /) -> None:
        self._outbox.add(obj)

    def recv(self) -> Message | Quit:
        return self.incoming.get()

    def close(self) -> None:
        """Nothing to close."""


class RunHost:
    """The process; its methods are called from afar, `take` and the others side by side.

    Args:
        node: gives the name of the node that it is on.
        begin, process: a run to begin with at once, and the token of that start.
    """

    def __init__(self, options: HostOptions, node: Callable[[], str], begin: Begin | None = None,
                 process: str = "", leave: Callable[[int], None] = os._exit) -> None:
        be_first_to_go()
        os.environ["DLVIZ_HOME"] = options.home
        self._options, self._node, self._leave = options, node(), leave
        self._program = worker.load(options.program)
        self._outbox = Outbox()
        self._mailbox = _Mailbox(self._outbox)
        self._status = HostStatus(self._node)
        self._session, self._number = "", 0
        self._asked = time.monotonic()
        self._parent = os.getppid()
        if begin is not None:
            self.begin(begin, process)
        threading.Thread(target=self._watch, daemon=True).start()

    def status(self) -> HostStatus:
        return self._status

    def begin(self, begin: Begin, process: str) -> None:
        """Train this run; a second call changes nothing."""
        if not self._status.process:
            self._asked = time.monotonic()
            self._status = HostStatus(self._node, begin.run, process)
            begin = replace(begin, node=self._node, unread=self._options.unread)
            threading.Thread(target=self._train, args=(begin,), daemon=True).start()

    def post(self, session: str, number: int, message: Message) -> None:
        """Take a message, unless it has come from this session before."""
        if session != self._session:
            self._session, self._number = session, 0
        if number > self._number:
            self._number = number
            self._mailbox.incoming.put(message)

    def take(self, after: int | None, acknowledged: int, timeout: float) -> Batch:
        """See `Outbox.take`."""
        self._asked = time.monotonic()
        first, events, over = self._outbox.take(after, acknowledged, timeout)
        data = pickle.dumps(events, pickle.HIGHEST_PROTOCOL)
        return Batch(self._status.process, self._node, first, len(events), data, self._session, self._number, over)

    def _train(self, begin: Begin) -> None:
        if self._options.gpu_memory is not None:
            import torch

            torch.cuda.set_per_process_memory_fraction(min(1.0, self._options.gpu_memory))
        worker.Worker(self._mailbox, begin, self._program, self._leave).run()
        if not self._outbox.over:
            self._leave(0)  # it was told to end, and has written its checkpoint

    def _watch(self) -> None:
        """End, after a checkpoint, when the node's manager is gone, which would leave us behind, or nobody asks."""
        while True:
            time.sleep(LOOK)
            orphan = os.getppid() != self._parent
            if not orphan and time.monotonic() - self._asked < self._options.unread:
                continue
            if not self._status.process or self._outbox.over:
                self._leave(0)
            self._mailbox.incoming.put(Quit())
            return

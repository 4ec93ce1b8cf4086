"""The engine on a cluster, as its server sees it: what it asks of the bridge, and what the bridge tells.

All that a run's process needs is with the process and in the data folder, which all nodes share, so bridge and server
may end and come back. Knows no cluster's own words and nothing of how processes are placed.
"""
from __future__ import annotations

import os
import pickle
import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass, field

from dlviz import files, settings
from dlviz.errors import RunError
from dlviz.runs.process import bridge_wire as bw
from dlviz.runs.process.bridge_link import BridgeLink
from dlviz.runs.process.engine import Adoption, ClusterNode, End, EngineEvent, Need, OnEvent
from dlviz.runs.process.wire import Begin
from dlviz.spec import Experiment
from dlviz.training.control import Message
from dlviz.translation import _

PATIENCE = 20.0  # seconds that a server waits for the bridge when it begins


@dataclass
class _RemoteProcess:
    """One process of a run."""

    run: str
    token: str
    launch: bw.Launch | None = None  # until it is known to be there
    seq: int = -1  # of the last event that came
    over: bool = False  # its End has come
    killed: bool = False
    number: int = 0  # of the last message for it
    pending: deque[tuple[int, Message]] = field(default_factory=deque)  # not yet known to have been taken


class ClusterEngine:
    """A cluster behind the `Engine` seam.

    Args:
        place: host and port of the bridge, `dlviz.cluster.bridge`, which has the same data folder.
    """

    def __init__(self, place: tuple[str, int]) -> None:
        self._place, self._home = place, settings.home()
        self._session = secrets.token_hex(8)
        self._lock = threading.RLock()
        self._on_event: OnEvent = lambda run, seq, event: None
        self._processes: dict[str, _RemoteProcess] = {}  # by token
        self._newest: dict[str, _RemoteProcess] = {}  # by run
        self._nodes: tuple[ClusterNode, ...] = ()
        self._adoptions: tuple[Adoption, ...] = ()
        self._begun = threading.Event()  # there was a Welcome
        self._adopted = False
        self._link = BridgeLink(place, lambda: bw.key(self._home), self._take)

    def listen(self, on_event: OnEvent) -> None:
        self._on_event = on_event

    def start(self, run: str, experiment: Experiment, need: Need) -> None:
        try:
            need.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._end_soon(run, f"The run's folder {need.folder} cannot be made: {files.reason(error)}. "
                                "Make room on the disk, then resume the run.")
            return
        begin = Begin(run, experiment.to_json(None), need.folder, need.messages, need.device, need.memory)
        token = need.process or secrets.token_hex(8)
        launch = bw.Launch(begin, token, need.cores, need.gpu, need.expected_memory)
        with self._lock:
            if (before := self._newest.get(run)) is not None:
                self._forget(before)
            self._newest[run] = self._processes[token] = _RemoteProcess(run, token, launch)
            self._link.send(launch)

    def post(self, run: str, message: Message) -> None:
        with self._lock:
            process = self._newest.get(run)
            if process is not None and not process.over:
                process.number += 1
                process.pending.append((process.number, message))
                self._forward(process, process.number, message)

    def kill(self, run: str) -> None:
        with self._lock:
            process = self._newest.get(run)
            if process is not None and not process.over:
                process.killed = True
                self._link.send(bw.Terminate(process.token))

    def capacity(self) -> int:
        return sum(node.cores for node in self._nodes)

    def nodes(self) -> tuple[ClusterNode, ...]:
        return self._nodes

    def adopt(self) -> tuple[Adoption, ...]:
        """RunError when no bridge answers."""
        deadline = time.monotonic() + PATIENCE
        while not self._begun.wait(0.1):
            if self._link.refused or time.monotonic() > deadline:
                self.close()
                raise self._unreachable()
        with self._lock:
            self._adopted = True
            newest = {adoption.run: adoption for adoption in sorted(self._adoptions, key=lambda each: each.process)}
            for adoption in self._adoptions:
                if adoption is newest[adoption.run]:
                    process = _RemoteProcess(adoption.run, adoption.process)
                    self._newest[adoption.run] = self._processes[adoption.process] = process
                    self._link.send(bw.Follow(adoption.process, None))
                else:
                    self._link.send(bw.Terminate(adoption.process))
            return tuple(newest.values())

    def acknowledge(self, run: str, seq: int) -> None:
        with self._lock:
            process = self._newest.get(run)
            if process is None or seq > process.seq:
                return
            if process.over and seq == process.seq:
                self._forget(process)
            else:
                self._link.send(bw.Acknowledge(process.token, seq))

    def trouble(self) -> str:
        return "" if self._link.connected else self._unreachable().sentence

    def close(self) -> None:
        self._link.close()

    def _unreachable(self) -> RunError:
        where = "{}:{}".format(*self._place)
        if self._link.refused:
            return RunError(_("The bridge at {where}", where=where),
                            _("must have the key of this data folder ({key})", key=bw.KEY),
                            _("it has another"), _("Start it with the same DLVIZ_HOME."))
        return RunError(_("The bridge to the cluster at {where}", where=where), _("must answer"), _("it does not"),
                        _("Runs there go on. See whether `python -m dlviz.cluster.bridge` runs on a node of the "
                          "cluster."))

    def _forward(self, process: _RemoteProcess, number: int, message: Message) -> None:
        self._link.send(bw.Forward(process.token, self._session, number, message))

    def _forget(self, process: _RemoteProcess) -> None:
        """Nobody needs it any more; needs the lock."""
        self._link.send(bw.Acknowledge(process.token, process.seq) if process.over else bw.Terminate(process.token))
        self._processes.pop(process.token, None)
        if self._newest.get(process.run) is process:
            del self._newest[process.run]

    def _end_soon(self, run: str, sentence: str) -> None:
        """From another thread, since `start` may be called with any lock held."""
        threading.Thread(target=lambda: self._on_event(run, 0, End("failed", sentence)), daemon=True).start()

    # what comes up, in the link's thread

    def _take(self, message: object) -> None:
        match message:
            case bw.Welcome():
                self._welcome(message)
            case bw.Batch():
                self._events(message)
            case bw.Gone():
                self._gone(message.process, End(message.reason, message.sentence))
            case bw.NodeList():
                self._nodes = message.nodes

    def _welcome(self, welcome: bw.Welcome) -> None:
        """The bridge is there, or there again: say anew what it may have forgotten, and notice what is gone."""
        self._nodes = welcome.nodes
        there = {adoption.process for adoption in welcome.adoptions}
        with self._lock:
            self._adoptions = welcome.adoptions
            for token in there - set(self._processes) if self._adopted else ():
                self._link.send(bw.Terminate(token))
            gone = [process for process in self._processes.values() if not self._resumed(process, there)]
        self._begun.set()
        for process in gone:
            self._gone(process.token, End("lost"))

    def _resumed(self, process: _RemoteProcess, there: set[str]) -> bool:
        """False when a process that was there is there no more; needs the lock."""
        if process.token in there:
            self._link.send(bw.Follow(process.token, process.seq))
        elif process.launch is not None and not process.killed:
            self._link.send(process.launch)
        else:
            return process.over
        for number, message in process.pending:
            self._forward(process, number, message)
        if process.killed:
            self._link.send(bw.Terminate(process.token))
        return True

    def _events(self, batch: bw.Batch) -> None:
        with self._lock:
            process = self._processes.get(batch.process)
            if process is None:
                return
            process.launch = None
            while process.pending and batch.session == self._session and process.pending[0][0] <= batch.number:
                process.pending.popleft()
        # from a bridge that has proved the key of this data folder, as all messages on its connection
        for seq, event in enumerate(pickle.loads(batch.data) if batch.count else (), batch.first):
            if seq > process.seq:
                self._emit(process, seq, event)

    def _gone(self, token: str, end: End) -> None:
        with self._lock:
            process = self._processes.get(token)
        if process is not None and not process.over:
            self._emit(process, process.seq + 1, End("killed") if process.killed else end)

    def _emit(self, process: _RemoteProcess, seq: int, event: EngineEvent) -> None:
        process.seq, process.over = seq, isinstance(event, End)
        self._on_event(process.run, seq, event)


def place_of(text: str) -> tuple[str, int]:
    """Host and port of `host:port` or `host`. RunError for anything else."""
    host, _colon, port = text.partition(":")
    if host and (not port or port.isdigit()):
        return host, int(port or bw.PORT)
    raise RunError("DLVIZ_CLUSTER", _("must be the address of the bridge, such as localhost:8655"),
                   _("it is {text!r}", text=text),
                   _("Set it, or leave DLVIZ_ENGINE away to train on this computer."))


def configured() -> ClusterEngine:
    """The engine of the cluster that the environment names. RunError where it names none."""
    return ClusterEngine(place_of(os.environ.get("DLVIZ_CLUSTER") or "localhost"))

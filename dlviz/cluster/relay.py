"""Between one server and the processes of a cluster: a driver that may end and be started again at any time.

It has nothing of its own. Which processes there are it asks the cluster, what a server has safe it hears from the
server, and events lie with their processes until then. Knows no run's life.
"""
from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

from dlviz.cluster.host import HostOptions, HostStatus
from dlviz.cluster.spares import Spares
from dlviz.runs.process import bridge_wire as bw
from dlviz.runs.process.bridge_link import at_once
from dlviz.runs.process.door import ConnectionListener, hang_up
from dlviz.runs.process.engine import Adoption, ClusterNode
from dlviz.runs.process.wire import Hello

TEND = 1.0  # seconds between two looks at the cluster
POLL = 10.0  # seconds that a process waits for events before it answers that there are none
AGAIN = 0.5  # seconds before a process that could not be reached is asked again
KILLING = 5.0  # seconds after which a process that was killed counts as gone, whatever the cluster knows of it
KNOWING = 8.0  # seconds that processes have to say which run they have
AHEAD = 500  # messages to a slow server, after which processes are asked no more for a while

log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Hosted:
    """A process that has a run, or will have."""

    process: Any
    run: str
    token: str
    node: str = ""
    acknowledged: int = -1
    last: int | None = None  # number of its End, once that has come
    killed: bool = False
    following: asyncio.Task | None = None


class _Server:
    """The connection to a server; a thread reads, another writes."""

    def __init__(self, connection: Connection, bridge: Bridge) -> None:
        self._connection, self._bridge = connection, bridge
        self._outgoing: queue.SimpleQueue = queue.SimpleQueue()
        at_once(connection)
        for task in (self._read, self._write):
            threading.Thread(target=task, daemon=True).start()

    @property
    def waiting(self) -> int:
        return self._outgoing.qsize()

    def send(self, message: object) -> None:
        self._outgoing.put(message)

    def close(self) -> None:
        self._outgoing.put(None)

    def _read(self) -> None:
        with contextlib.suppress(OSError, EOFError):
            while not self._bridge.loop.is_closed():
                self._bridge.loop.call_soon_threadsafe(self._bridge.take, self, self._connection.recv())
        self.close()

    def _write(self) -> None:
        with contextlib.suppress(OSError):
            while (message := self._outgoing.get()) is not None:
                self._connection.send(message)
        hang_up(self._connection)  # the other thread waits for its next word
        self._connection.close()


class Bridge:
    """Serves one server at a time; a new one takes the place of the last.

    Args:
        cluster: a `RayCluster`.
        options: of all processes.
        spares: how many warm processes to hold ready.
    """

    def __init__(self, cluster: Any, options: HostOptions, spares: int) -> None:
        self._cluster, self._options = cluster, options
        self._spares = Spares(cluster, options, spares)
        self._hosted: dict[str, _Hosted] = {}  # by token
        self._nodes: tuple[ClusterNode, ...] = ()
        self._server: _Server | None = None
        self._tasks: set[asyncio.Task] = set()

    async def serve(self, place: tuple[str, int], key: bytes) -> None:
        """Until cancelled."""
        self.loop = asyncio.get_running_loop()
        self._nodes = await asyncio.to_thread(self._cluster.nodes)
        await self._find()
        listener = ConnectionListener(self._welcome, place, key)
        log.warning("The bridge listens at %s:%d; the cluster has %d nodes.", *place, len(self._nodes))
        try:
            while True:
                self._nodes, free = await asyncio.to_thread(lambda: (self._cluster.nodes(),
                                                                    self._cluster.free_cores()))
                self._spares.tend(free)
                self._send(bw.NodeList(self._nodes))
                await asyncio.sleep(TEND)
        finally:
            listener.close()
            self._spares.close()
            self.hang_up()

    def hang_up(self) -> None:
        """Let the server go; processes go on."""
        if self._server is not None:
            self._server.close()

    async def _find(self) -> None:
        """What an earlier bridge has left."""
        found = dict(await asyncio.to_thread(lambda: list(self._cluster.processes())))
        answers = await asyncio.gather(*(self._ask(name, process) for name, process in found.items()))
        for (name, process), status in zip(found.items(), answers):
            if status is None:
                log.warning("The process %s does not say which run it has, and is ended.", name)
                self._cluster.kill(process)
            elif status.process:
                self._hosted[status.process] = _Hosted(process, status.run, status.process, status.node)
            else:
                self._spares.add(process)

    async def _ask(self, name: str, process: Any) -> HostStatus | None:
        run, _, token = name.partition("|")
        try:
            return await asyncio.wait_for(self._cluster.call(process, "status"), KNOWING)
        except TimeoutError:
            return HostStatus("", run, token) if token else None  # one that waits for a place has it in its name
        except self._cluster.errors:
            return None

    # the server

    def _welcome(self, connection: Connection, hello: Hello) -> None:
        self.loop.call_soon_threadsafe(self._begin, connection)

    def _begin(self, connection: Connection) -> None:
        if self._server is not None:
            self._server.close()
        for hosted in self._hosted.values():
            if hosted.following is not None:
                hosted.following.cancel()
                hosted.following = None
        self._server = _Server(connection, self)
        self._send(bw.Welcome(tuple(Adoption(each.run, each.token, each.node) for each in self._hosted.values()
                                    if not each.killed), self._nodes))

    def _send(self, message: object) -> None:
        if self._server is not None:
            self._server.send(message)

    def take(self, server: _Server, message: object) -> None:
        """One message of a server; what an earlier one had still to say does not count."""
        if server is not self._server:
            return
        if isinstance(message, bw.Launch):
            self._launch(message)
        elif isinstance(message, bw.Follow | bw.Forward | bw.Acknowledge | bw.Terminate):
            hosted = self._hosted.get(message.process)
            if hosted is not None:
                self._obey(hosted, message)

    def _obey(self, hosted: _Hosted, message: bw.Follow | bw.Forward | bw.Acknowledge | bw.Terminate) -> None:
        match message:
            case bw.Follow():
                self._follow(hosted, message.after)
            case bw.Forward():
                self._call(hosted, "post", message.session, message.number, message.message)
            case bw.Acknowledge():
                hosted.acknowledged = max(hosted.acknowledged, message.seq)
                if hosted.last is not None and hosted.acknowledged >= hosted.last:
                    self._cluster.kill(hosted.process)
                    self._forget(hosted)
            case bw.Terminate():
                self._terminate(hosted)

    # processes

    def _launch(self, launch: bw.Launch) -> None:
        if launch.process in self._hosted:
            return
        spare = self._spares.take() if self._spares.fits(launch) else None
        process = spare if spare is not None else self._create(launch)
        hosted = self._hosted[launch.process] = _Hosted(process, launch.begin.run, launch.process)
        if spare is not None:
            self._call(hosted, "begin", launch.begin, launch.process)
        self._follow(hosted, -1)

    def _create(self, launch: bw.Launch) -> Any:
        if not self._spares.fits(launch):
            self._spares.give_way()
        options = self._options if not launch.gpu else replace(self._options, gpu_memory=launch.gpu)
        return self._cluster.create(f"{launch.begin.run}|{launch.process}", options, launch, launch.cores, launch.gpu,
                                    launch.memory)

    def _terminate(self, hosted: _Hosted) -> None:
        hosted.killed = True
        self._cluster.kill(hosted.process)
        self._spawn(self._gone_soon(hosted))

    async def _gone_soon(self, hosted: _Hosted) -> None:
        await asyncio.sleep(KILLING)
        self._gone(hosted, "killed")

    def _gone(self, hosted: _Hosted, reason: Any, sentence: str = "") -> None:
        if self._hosted.get(hosted.token) is hosted:
            self._forget(hosted)
            self._send(bw.Gone(hosted.token, "killed" if hosted.killed else reason, sentence))

    def _forget(self, hosted: _Hosted) -> None:
        self._hosted.pop(hosted.token, None)
        if hosted.following is not None:
            hosted.following.cancel()

    def _call(self, hosted: _Hosted, name: str, *args: Any) -> None:
        """Call a method in order with other calls; whether the process lives, those that follow it notice."""
        answer = self._cluster.call(hosted.process, name, *args)

        async def settle() -> None:
            with contextlib.suppress(self._cluster.errors):
                await answer

        self._spawn(settle())

    def _follow(self, hosted: _Hosted, after: int | None) -> None:
        if hosted.following is not None:
            hosted.following.cancel()
        hosted.following = self._spawn(self._tell(hosted, after))

    async def _tell(self, hosted: _Hosted, after: int | None) -> None:
        """Pass on what happens in a process, up to its End."""
        over = False
        while not over:
            try:
                batch: bw.Batch = await self._cluster.call(hosted.process, "take", after, hosted.acknowledged, POLL)
            except self._cluster.silent:
                await asyncio.sleep(AGAIN)
                continue
            except self._cluster.errors as error:
                log.warning("The process of run %s is gone: %s", hosted.run, str(error).splitlines()[0])
                self._gone(hosted, "lost")
                return
            hosted.node, after, over = batch.node, batch.first + batch.count - 1, batch.over
            hosted.last = after if over else None
            self._send(replace(batch, process=hosted.token))
            while self._server is not None and self._server.waiting > AHEAD:
                await asyncio.sleep(0.01)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task:
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

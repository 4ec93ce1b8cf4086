"""A class without browsers: visitors that speak Streamlit's protocol, join one after the other and let pages tick."""
from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

JOIN = 10.0  # seconds within which all come
SETTLE = 3.0  # seconds in which those who came last find the pace of their class; not counted
SECONDS = 20.0  # of a settled class


@dataclass
class Tick:
    """One fragment's run: when it was asked for, and the ms until it had finished."""

    at: float
    took: float


@dataclass
class Visitor:
    """One session on a page; asks for its fragments as often as the page wants."""

    url: str
    page: str
    query: str
    script: str = ""  # the page's own hash, without which a tick's st.rerun would land on the default page
    every: dict[str, float] = field(default_factory=dict)
    ticks: list[Tick] = field(default_factory=list)
    opened: float = 0.0  # ms from connecting to the whole page
    received: int = 0  # bytes
    pages: int = 0  # runs of the whole page
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def attend(self, at: float, until: float) -> None:
        """Come at a time, open the page, and watch it until another."""
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        started = time.perf_counter()
        self.socket = await websockets.connect(f"{self.url}/_stcore/stream", subprotocols=["streamlit"],
                                               max_size=None, open_timeout=60)
        reader = asyncio.create_task(self._read())
        await self._ask()
        self.opened = 1000 * (time.perf_counter() - started)
        await self._watch(until)
        await self.socket.close()
        reader.cancel()

    async def _ask(self, fragment: str = "", states: Sequence[WidgetState] = ()) -> None:
        message = BackMsg()
        message.rerun_script.query_string = self.query
        if fragment:
            message.rerun_script.page_script_hash = self.script
            message.rerun_script.fragment_id, message.rerun_script.is_auto_rerun = fragment, True
        elif self.script:
            message.rerun_script.page_script_hash = self.script
        else:
            message.rerun_script.page_name = self.page
        message.rerun_script.widget_states.widgets.extend(states)
        self.done.clear()
        await self.socket.send(message.SerializeToString())
        await asyncio.wait_for(self.done.wait(), 60)

    async def _read(self) -> None:
        async for raw in self.socket:
            message = ForwardMsg.FromString(raw)
            self.received += len(raw)
            self.note(message)

    def note(self, message: ForwardMsg) -> None:
        """Take in what the server says."""
        match message.WhichOneof("type"):
            case "new_session":
                self.pages += not message.metadata.run.fragment_ids
            case "navigation":
                self.script = message.navigation.page_script_hash
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "script_finished" if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self.done.set()
            case "auto_rerun":
                self.every[message.auto_rerun.fragment_id] = message.auto_rerun.interval

    async def _watch(self, until: float) -> None:
        due = {name: time.perf_counter() + random.random() * every for name, every in self.every.items()}
        while due and time.perf_counter() < until:
            name = min(due, key=due.__getitem__)
            await asyncio.sleep(max(0.0, due[name] - time.perf_counter()))
            started = time.perf_counter()
            await self._ask(name)
            self.ticks.append(Tick(started, 1000 * (time.perf_counter() - started)))
            due[name] = max(due[name] + self.every[name], time.perf_counter())


async def attended(address: str, runs: list[str], count: int) -> dict[str, object]:
    """A class on the Train page, spread over these runs: while it joins, and settled."""
    url, begin = address.replace("http", "ws"), time.perf_counter()
    visitors = [Visitor(url, "train", f"run={runs[i % len(runs)]}") for i in range(count)]
    settled = begin + JOIN + SETTLE
    spent = asyncio.create_task(_cpu(serving_process(), JOIN, SETTLE, SECONDS))
    await asyncio.gather(*(visitor.attend(begin + i * JOIN / count, settled + SECONDS)
                           for i, visitor in enumerate(visitors)))
    joining, calm = await spent
    ticks = [tick for visitor in visitors for tick in visitor.ticks]
    early = [tick.took for tick in ticks if tick.at < begin + JOIN]
    late = [tick.took for tick in ticks if tick.at >= settled]
    return {"sessions": count, "runs_training": len(runs), "page_runs": sum(v.pages for v in visitors),
            "page_seen": spread([visitor.opened for visitor in visitors]),
            "ticks_while_joining": {"count": len(early), **spread(early), "server_cpu": joining},
            "ticks_settled": {"count": len(late), **spread(late), "server_cpu": calm,
                              "server_cpu_ms_each": round(1000 * calm * SECONDS / len(late), 1),
                              "kilobytes_each": round(sum(v.received for v in visitors) / 1024 / len(ticks), 1)}}


async def _cpu(server: psutil.Process, *phases: float) -> tuple[float, float]:
    """The cores that the web process used in the first and in the last of three phases."""
    shares = []
    for seconds in phases:
        before = sum(server.cpu_times()[:2])
        await asyncio.sleep(seconds)
        shares.append(round((sum(server.cpu_times()[:2]) - before) / seconds, 2))
    return shares[0], shares[-1]


def serving_process() -> psutil.Process:
    """The web server among this process's children."""
    return next(child for child in psutil.Process().children() if "streamlit" in child.cmdline())


def in_a_thread(work: Coroutine) -> object:
    """Playwright has an event loop of its own in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def spread(values: list[float]) -> dict[str, float]:
    """Median, 95th percentile and worst of these milliseconds."""
    values = sorted(values)
    return {"median_ms": round(statistics.median(values)), "p95_ms": round(values[int(0.95 * (len(values) - 1))]),
            "max_ms": round(values[-1])}

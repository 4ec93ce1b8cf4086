"""A class of thirty without browsers: they join by code within a minute, each trains their part, the wall follows.

The teacher, the projector and the learners speak Streamlit's protocol; each learner's browser would also ask for the
class's pulse, so these do. Two classes follow each other on one server, to see whether it grows.
"""
from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import urlsplit

import websockets
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.visitors import Tick, Visitor, serving_process, spread

JOIN = 60.0  # seconds within which all come
WORK = 60.0  # seconds of training and watching
PULSE = 1.0  # seconds


@dataclass
class Guest(Visitor):
    """A visitor with a cookie, who presses buttons."""

    cookie: str = ""
    ids: dict[str, str] = field(default_factory=dict)  # of widgets, by the end of their ids
    data: dict[str, str] = field(default_factory=dict)  # of components, by their ids

    async def connect(self) -> None:
        self.socket = await websockets.connect(
            f"{self.url}/_stcore/stream", subprotocols=["streamlit"], max_size=None, open_timeout=60,
            additional_headers={"Cookie": f"dlviz_visitor={self.cookie}"})
        self.reader = asyncio.create_task(self._read())

    async def leave(self) -> None:
        await self.socket.close()
        self.reader.cancel()

    async def open(self, *states: WidgetState) -> None:
        """Have the whole page run, with these widgets changed."""
        await self._ask(states=states)

    async def press(self, key: str, *states: WidgetState) -> None:
        await self.open(*states, WidgetState(id=self.widget(key), trigger_value=True))

    def widget(self, key: str) -> str:
        """The id of the widget with this key; the newest that was drawn."""
        return next(name for name in reversed(self.ids) if key in name)

    async def _watch(self, until: float) -> None:
        """As a browser: tick what the page that is drawn now wants to tick, also when another one takes its place."""
        due: dict[str, float] = {}
        while (now := time.perf_counter()) < until:
            due = {name: due.get(name, now + random.random() * every) for name, every in self.every.items()}
            name = min(due, key=due.__getitem__, default="")
            if not name or due[name] > now:
                await asyncio.sleep(0.05)
                continue
            await self._ask(name)
            self.ticks.append(Tick(now, 1000 * (time.perf_counter() - now)))
            due[name] = max(due[name] + self.every.get(name, 1.0), time.perf_counter())

    def note(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "new_session" and not message.metadata.run.fragment_ids:
            self.every = {}  # the page draws them anew
        super().note(message)
        if message.WhichOneof("type") != "delta" or message.delta.WhichOneof("type") != "new_element":
            return
        element = message.delta.new_element
        value = getattr(element, element.WhichOneof("type"))
        if name := getattr(value, "id", ""):
            self.ids.pop(name, None)
            self.ids[name] = name
        if element.WhichOneof("type") == "bidi_component":
            self.data[value.id] = value.json

    def shown(self, key: str) -> dict:
        """What the component with this key was given last."""
        return json.loads(json.loads(next(self.data[name] for name in reversed(self.data) if key in name))["json"])


async def taught(address: str, secret: str, query: str, count: int) -> list[dict[str, object]]:
    """Two classes in a row. `query` opens the design that is shared out on the Workbench."""
    return [await _lesson(address, secret, query, count, f"class-{number}-of-these") for number in (1, 2)]


async def _lesson(address: str, secret: str, query: str, count: int, name: str) -> dict[str, object]:
    url = address.replace("http", "ws")
    teacher = Guest(url, "", query, cookie=f"teacher-of-{name}")
    await teacher.connect()
    await teacher.open()
    teacher.page, teacher.query, teacher.script = "classroom", f"teacher={secret}", ""
    await teacher.open()
    await teacher.press("class.open")
    await teacher.press("class.hand_out")
    projector = Guest(url, "classroom", f"{teacher.query}&show=projector", cookie=teacher.cookie)
    await projector.connect()
    await projector.open()
    begin = time.perf_counter()
    until = begin + JOIN + WORK
    code = projector.shown("class.beamer")["code"]
    learners = [Guest(url, "classroom", f"code={code}", cookie=f"learner-{number}-of-{name}")
                for number in range(count)]
    watching = [asyncio.create_task(screen._watch(until)) for screen in (teacher, projector)]
    joined = await asyncio.gather(*(_learn(learner, address, begin + number * JOIN / count, until)
                                    for number, learner in enumerate(learners)))
    await asyncio.gather(*watching)
    result = _measured(learners, teacher, projector, joined)
    for learner in learners:
        await learner.leave()
    await teacher.press("class.end")
    await teacher.press("class.end.sure")
    await teacher.leave()
    await projector.leave()
    return result | {"server_megabytes_afterwards": round(serving_process().memory_info().rss / 2**20)}


async def _learn(learner: Guest, address: str, at: float, until: float) -> float:
    """Join, train one's part, watch it; returns the ms from connecting until one sits."""
    await asyncio.sleep(max(0.0, at - time.perf_counter()))
    started = time.perf_counter()
    await learner.connect()
    await learner.open()
    await learner.press("class.join", WidgetState(id=learner.widget("class.code"), string_value=learner.query[-5:]))
    took = 1000 * (time.perf_counter() - started)
    beating = asyncio.create_task(_beat(address, learner.cookie))
    await learner.press("class.part")
    await learner._watch(until)
    beating.cancel()
    return took


async def _beat(address: str, cookie: str) -> None:
    """Ask for the pulse each second, as a learner's browser does."""
    place = urlsplit(address)
    while True:
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        writer.write(f"GET /class-pulse?idle=0 HTTP/1.1\r\nHost: {place.netloc}\r\nCookie: dlviz_visitor={cookie}\r\n"
                     "Connection: close\r\n\r\n".encode())
        await reader.read()
        writer.close()
        await asyncio.sleep(PULSE)


def _measured(learners: list[Guest], teacher: Guest, projector: Guest, joined: list[float]) -> dict[str, object]:
    ticks = [tick.took for learner in learners for tick in learner.ticks]
    walls = [screen.ticks for screen in (teacher, projector)]
    gaps = [1000 * (later.at - tick.at) for screen in walls for tick, later in pairwise(screen)]
    dots = projector.shown("class.beamer").get("chart", {}).get("dots", [])
    return {"learners": len(learners), "joining": spread(joined), "ticks": {"count": len(ticks), **spread(ticks)},
            "wall_ticks": spread([tick.took for screen in walls for tick in screen]),
            "wall_repainted_each": spread(gaps), "parts_on_the_projector": len(dots)}

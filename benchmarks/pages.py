"""How quick the pages are: a click's way to the first point, a stroke's way to its answer, a way back, a class.

    python -m benchmarks.pages           # needs benchmarks/requirements.txt and a Chromium

A server of its own with an empty data folder. The thirty visitors speak Streamlit's protocol without browsers: each
opens a session on the Train page and asks for its fragments as often as the page wants, while six runs train.
"""
from __future__ import annotations

import asyncio
import random
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import websockets
from playwright.sync_api import Page, expect, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import report
from benchmarks.pictures import QUIET, SEVEN, link
from tests.browser.serving import serving

MOMENTS = 7
CLICKS, STROKES, VISITORS, RUNS, SECONDS = 7, 7, 30, 6, 20.0
SETTLE = 3.0  # seconds in which sessions that have just joined find the pace of their class; not counted
expect.set_options(timeout=60_000)
POINTS = re.compile(r"Step [1-9]")


class Visitor:
    """One session on a page, and how long each of its ticks took (sent to finished, in ms)."""

    def __init__(self, url: str, page: str, query: str) -> None:
        self.url, self.page, self.query = url, page, query
        self.script = ""  # the page's own hash, without which a tick's st.rerun would land on the default page
        self.every: dict[str, float] = {}
        self.ticks: list[float] = []
        self.done = asyncio.Event()

    async def open(self) -> None:
        self.socket = await websockets.connect(f"{self.url}/_stcore/stream", subprotocols=["streamlit"],
                                               max_size=None, open_timeout=60)
        self.reader = asyncio.create_task(self._read())
        await self._ask()

    async def _ask(self, fragment: str = "") -> None:
        message = BackMsg()
        message.rerun_script.query_string = self.query
        if fragment:
            message.rerun_script.page_script_hash = self.script
            message.rerun_script.fragment_id, message.rerun_script.is_auto_rerun = fragment, True
        else:
            message.rerun_script.page_name = self.page
        self.done.clear()
        await self.socket.send(message.SerializeToString())
        await asyncio.wait_for(self.done.wait(), 60)

    async def _read(self) -> None:
        async for raw in self.socket:
            message = ForwardMsg.FromString(raw)
            match message.WhichOneof("type"):
                case "navigation":
                    self.script = message.navigation.page_script_hash
                case "script_finished" if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    self.done.set()
                case "auto_rerun":
                    self.every[message.auto_rerun.fragment_id] = message.auto_rerun.interval

    async def watch(self, since: float, until: float) -> None:
        due = {name: time.perf_counter() + random.random() * every for name, every in self.every.items()}
        while due and time.perf_counter() < until:
            name = min(due, key=due.__getitem__)
            await asyncio.sleep(max(0.0, due[name] - time.perf_counter()))
            started = time.perf_counter()
            await self._ask(name)
            if started > since:
                self.ticks.append(1000 * (time.perf_counter() - started))
            due[name] = max(due[name] + self.every[name], time.perf_counter())

    async def close(self) -> None:
        await self.socket.close()
        self.reader.cancel()


async def thirty(address: str, runs: list[str]) -> dict[str, object]:
    url = address.replace("http", "ws")
    visitors = [Visitor(url, "train", f"run={runs[i % len(runs)]}") for i in range(VISITORS)]
    for visitor in visitors:
        await visitor.open()
    since = time.perf_counter() + SETTLE
    await asyncio.gather(*(visitor.watch(since, since + SECONDS) for visitor in visitors))
    await asyncio.gather(*(visitor.close() for visitor in visitors))
    ticks = sorted(tick for visitor in visitors for tick in visitor.ticks)
    return {"sessions": VISITORS, "runs_training": RUNS, "ticks": len(ticks), **spread(ticks)}


def in_a_thread(work: Coroutine) -> object:
    """Playwright has an event loop of its own in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def spread(values: list[float]) -> dict[str, float]:
    values = sorted(values)
    return {"median_ms": round(statistics.median(values)), "p95_ms": round(values[int(0.95 * (len(values) - 1))]),
            "max_ms": round(values[-1])}


def click_to_point(page: Page, address: str, query: str) -> float:
    """Milliseconds from the click on Train to the first step said on the Train page."""
    page.goto(f"{address}/{query}")
    expect(page.locator(".stack .card").first).to_be_visible()
    page.wait_for_timeout(2_500)
    page.get_by_role("button", name="Train", exact=True).click()
    started = time.perf_counter()
    page.get_by_text(POINTS).first.wait_for()
    return 1000 * (time.perf_counter() - started)


def stroke_to_bars(page: Page) -> float:
    """Milliseconds from the end of a stroke to changed bars; the canvas itself takes 250 of them."""
    before = page.locator(".answer .bars").inner_html()
    box = page.locator("canvas.upper-canvas").bounding_box()
    shift = random.randrange(-20, 20)
    page.mouse.move(box["x"] + SEVEN[0][0] + shift, box["y"] + SEVEN[0][1])
    page.mouse.down()
    for x, y in SEVEN[1:]:
        page.mouse.move(box["x"] + x + shift, box["y"] + y, steps=4)
    page.mouse.up()
    started = time.perf_counter()
    bars = page.locator(".answer .bars")
    while bars.inner_html() == before:
        page.wait_for_timeout(5)
    return 1000 * (time.perf_counter() - started)


def scrub_to_drawn(page: Page) -> float:
    """Milliseconds from a click on the scrubber's step button to the feature maps of that moment."""
    note = page.locator(".blocks .note").first
    before = note.inner_text()
    page.locator(".moments button.step").first.click()
    started = time.perf_counter()
    while note.inner_text() == before:
        page.wait_for_timeout(5)
    return 1000 * (time.perf_counter() - started)


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    result: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as home, serving("app.py", Path(home)) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=QUIET)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.set_default_timeout(60_000)
        short = link("mlp", share=0.3, epochs=1)
        click_to_point(page, address, short)  # warms the server
        clicks = []
        for _ in range(CLICKS):
            expect(page.get_by_text("Finished").first).to_be_visible()
            clicks.append(click_to_point(page, address, short))
        result["click_to_first_point"] = spread(clicks)
        expect(page.get_by_text("Finished").first).to_be_visible()
        click_to_point(page, address, link("mlp"))
        expect(page.get_by_text("Finished").first).to_be_visible()
        page.wait_for_timeout(2_000)
        page.locator(".moments button.step").first.click()  # the last moment looks like the end
        page.wait_for_timeout(1_000)
        result["scrub_to_drawn"] = spread([scrub_to_drawn(page) for _ in range(MOMENTS)])
        page.get_by_role("link", name="Draw", exact=True).click()
        expect(page.locator("canvas.upper-canvas")).to_be_visible()
        page.wait_for_timeout(2_000)
        stroke_to_bars(page)
        strokes = []
        for _ in range(STROKES):
            page.get_by_role("button", name="Clear", exact=True).click()
            expect(page.locator(".answer .big")).to_have_text("?")
            page.wait_for_timeout(600)
            strokes.append(stroke_to_bars(page))
        result["stroke_end_to_bars"] = spread(strokes)
        runs = []
        for _ in range(RUNS):
            click_to_point(page, address, link("mlp", epochs=200))
            runs.append(re.search(r"run=([\w-]+)", page.url)[1])
        browser.close()
        result["thirty_sessions"] = in_a_thread(thirty(address, runs))
    report.write("pages", result)


if __name__ == "__main__":
    main()

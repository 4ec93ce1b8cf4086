"""How quick the pages are: a click's way to the first point, a stroke's way to its answer, a way back, a class.

    python -m benchmarks.pages                # needs benchmarks/requirements.txt and a Chromium
    python -m benchmarks.pages class          # only some: fresh, click, scrub, stroke, class, classroom; to no file

Servers of its own with empty data folders, and nothing else on the machine. The thirty visitors speak Streamlit's
protocol without browsers: within ten seconds each opens a session on the Train page, while six runs train.
"""
from __future__ import annotations

import json
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks import classroom, report
from benchmarks.pictures import QUIET, SEVEN, link, to_settings
from benchmarks.visitors import attended, in_a_thread, spread
from tests.browser.serving import serving

PARTS = ("fresh", "click", "scrub", "stroke", "class", "classroom")
MOMENTS, CLICKS, FRESH, STROKES, VISITORS, RUNS = 7, 9, 5, 7, 30, 6
SHORT = link("mlp", train_fraction=0.3, epochs=1)
expect.set_options(timeout=60_000)
POINTS = re.compile(r"Step [1-9]")


def click_to_point(page: Page, address: str, query: str) -> float:
    """Milliseconds from the click on Train to the first step said on the Train page."""
    page.goto(f"{address}/{query}")
    expect(page.locator(".stack .card").first).to_be_visible()
    train_button = to_settings(page)
    page.wait_for_timeout(2_500)
    train_button.click()
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


def clicks_on_fresh_servers(browser: Browser, click: Callable[[Page, str, str], float] = click_to_point,
                            ) -> dict[str, float]:
    """The first click of all on a server that has just been started, some seconds after its first page."""
    clicks = []
    for _ in range(FRESH):
        with served() as address:
            page = window(browser)
            clicks.append(click(page, address, SHORT))
            page.context.close()
    return spread(clicks)


def clicks_on_a_warm_server(page: Page, address: str) -> dict[str, float]:
    click_to_point(page, address, SHORT)
    clicks = []
    for _ in range(CLICKS):
        expect(page.get_by_text("Finished").first).to_be_visible()
        clicks.append(click_to_point(page, address, SHORT))
    expect(page.get_by_text("Finished").first).to_be_visible()
    return spread(clicks)


def scrubs(page: Page, address: str) -> dict[str, float]:
    click_to_point(page, address, link("mlp"))
    expect(page.get_by_text("Finished").first).to_be_visible()
    page.wait_for_timeout(2_000)
    page.locator(".moments button.step").first.click()  # the last moment looks like the end
    page.wait_for_timeout(1_000)
    return spread([scrub_to_drawn(page) for _ in range(MOMENTS)])


def strokes(page: Page) -> dict[str, float]:
    page.get_by_role("link", name="Draw", exact=True).click()
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
    page.wait_for_timeout(2_000)
    stroke_to_bars(page)
    took = []
    for _ in range(STROKES):
        page.get_by_role("button", name="Clear", exact=True).click()
        expect(page.locator(".answer .big")).to_have_text("?")
        page.wait_for_timeout(600)
        took.append(stroke_to_bars(page))
    return spread(took)


def training(page: Page, address: str) -> list[str]:
    """Runs that train for long."""
    runs = []
    for _ in range(RUNS):
        click_to_point(page, address, link("mlp", epochs=200))
        runs.append(re.search(r"run=([\w-]+)", page.url)[1])
    return runs


def taught() -> object:
    """Two classes in a row, on a server of their own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, serving("app.py", Path(home)) as address:
        secret = (Path(home) / "teacher.key").read_text()
        return in_a_thread(classroom.taught(address, secret, SHORT.lstrip("?"), VISITORS))


@contextmanager
def served() -> Iterator[str]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, serving("app.py", Path(home)) as address:
        yield address


def window(browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(60_000)
    return page


def main() -> None:
    chosen = set(sys.argv[1:]) or set(PARTS)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    result: dict[str, object] = {}
    if "classroom" in chosen:
        result["classroom"] = taught()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=QUIET)
        if "fresh" in chosen:
            result["click_on_a_fresh_server"] = clicks_on_fresh_servers(browser)
        with served() as address:
            page = window(browser)
            if "click" in chosen:
                result["click_to_first_point"] = clicks_on_a_warm_server(page, address)
            if "scrub" in chosen or "stroke" in chosen:
                result["scrub_to_drawn"] = scrubs(page, address)
                result["stroke_end_to_bars"] = strokes(page)
            if "class" in chosen:
                runs = training(page, address)
                browser.close()
                result["class"] = in_a_thread(attended(address, runs, VISITORS))
    if chosen == set(PARTS):
        report.write("pages", result)
    else:
        print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()

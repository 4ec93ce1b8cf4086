"""The draw page in a real Chromium, on real runs: a stroke brings an answer, and nothing is mounted twice."""
from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from dlviz.owners import owner_of
from tests.browser.serving import ROOT, serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

WAIT = 30_000  # ms; a busy machine may take its time, a right page never needs it
OWNER = "visitor-of-the-draw-test"
SEVEN = [(70, 70), (130, 62), (205, 72), (165, 150), (130, 225)]
ODD = "<img src=x onerror=alert(1)>"
PIXELS = "(canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data"


@pytest.fixture(scope="module")
def server(tmp_path_factory, browser):
    """The whole app over a data folder with two runs; its address and their ids."""
    home = tmp_path_factory.mktemp("draw")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1",
           "DLVIZ_HOME": str(home)}
    seed = subprocess.run([sys.executable, str(ROOT / "tests/browser/apps/draw_seed.py"), owner_of(OWNER)], cwd=ROOT,
                          env=env, capture_output=True, text=True, timeout=300, check=True)
    runs = json.loads(seed.stdout.splitlines()[-1])
    with serving("app.py", home) as address:
        first_visit(browser, address)
        yield address, runs


def first_visit(browser, address: str) -> None:
    """Through the front door: a server that has not drawn its frame yet sends every address there."""
    page = browser.new_page()
    page.goto(address)
    expect(page.locator(".stack .card").first).to_be_visible(timeout=90_000)
    page.close()


@pytest.fixture
def draw(server, browser):
    """Opens the page on a run; at the end nothing may have failed in the browser."""
    address, runs = server
    contexts, faults = [], []

    def open_page(run: str = "done", **options):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        contexts.append(context)
        context.add_cookies([{"name": "dlviz_visitor", "value": OWNER, "url": address}])
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(f"{address}/draw?run={runs[run]}")
        expect(page.locator(".answer .classes li")).to_have_count(10, timeout=60_000)
        expect(page.locator("canvas.upper-canvas")).to_be_visible()
        return Page(page)

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


class Page:
    """The draw page as a user sees it."""

    def __init__(self, page) -> None:
        self.page = page
        self.big, self.sure = page.locator(".answer .big"), page.locator(".answer .sure")
        self.stamp()

    def stamp(self) -> None:
        self.page.locator(".answer").evaluate("(root) => { root.stamp = 'first mount'; }")
        self.page.locator("canvas.upper-canvas").evaluate("(root) => { root.stamp = 'first mount'; }")

    def mounted_once(self) -> None:
        for found in (".answer", "canvas.upper-canvas"):
            stamp = self.page.locator(found).evaluate("(root) => root.stamp")
            assert stamp == "first mount", f"{found} was mounted again"

    def stroke(self, points, before_up=None) -> None:
        box = self.page.locator("canvas.upper-canvas").bounding_box()
        mouse = self.page.mouse
        mouse.move(box["x"] + points[0][0], box["y"] + points[0][1])
        mouse.down()
        for x, y in points[1:]:
            mouse.move(box["x"] + x, box["y"] + y, steps=6)
        if before_up:
            before_up()
        mouse.up()

    def answered(self) -> None:
        expect(self.page.locator(".answer .bars:not(.empty)")).to_be_visible()
        expect(self.big).to_have_text(re.compile(r"^\d$"))

    def unanswered(self) -> None:
        expect(self.big).to_have_text("?")
        assert self.shares() == [0] * 10

    def shares(self) -> list[float]:
        tracks = self.page.locator(".answer .track")
        return tracks.evaluate_all("(all) => all.map((bar) => Number(bar.ariaValueNow))")

    def pixels(self) -> str:
        return self.page.locator(".pixels").get_attribute("src")

    def colors(self, name: str) -> int:
        """How many different colours a layer's maps show."""
        return self.canvas(name).evaluate(
            f"(canvas) => new Set(new Uint32Array(({PIXELS})(canvas).buffer)).size")

    def canvas(self, name: str):
        """The maps of a layer."""
        return self.page.locator(".answer li", has=self.page.get_by_text(name, exact=True)).locator("canvas")

    def wait_until(self, selector: str, condition: str) -> None:
        """Wait for a JavaScript condition on `found`, an element inside the answer."""
        self.page.wait_for_function(f"""() => {{
            const roots = [...document.querySelectorAll('*')].map((host) => host.shadowRoot);
            const found = roots.map((root) => root?.querySelector('.answer {selector}')).find(Boolean);
            return {condition}; }}""")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=re.compile(f"{name}$")).first.click()

    def step(self) -> int:
        words = self.page.locator(".answer .when").inner_text()
        return int(re.search(r"after ([\d,]+) step", words)[1].replace(",", ""))

    def row(self, name: str):
        return self.page.locator(".answer .layers button", has=self.page.get_by_text(name, exact=True))


def test_a_stroke_brings_an_answer_and_clear_takes_it_away(draw):
    it = draw()
    it.unanswered()
    blank = it.colors("conv")
    it.stroke(SEVEN)
    it.answered()
    shares = it.shares()
    assert sum(shares) == pytest.approx(1, abs=1e-3)
    assert it.big.inner_text() == str(shares.index(max(shares)))
    expect(it.sure).to_have_text(re.compile(r"(sure|guessing): .*%"))
    fills = it.page.locator(".answer .fill")
    widths = fills.evaluate_all("(all) => all.map((bar) => parseFloat(bar.style.width))")
    assert widths == pytest.approx([100 * fraction for fraction in shares], abs=0.01)
    assert it.colors("conv") > blank + 10
    expect(it.page.locator(".answer .when")).to_have_text(re.compile(", finished"))
    it.press("Clear")
    it.unanswered()
    it.mounted_once()


def test_undo_takes_back_the_last_stroke_and_the_eraser_is_one(draw):
    it = draw()
    it.stroke(SEVEN)
    it.answered()
    one = it.pixels()
    it.stroke([(60, 250), (240, 250)])
    expect(it.page.locator(".pixels")).not_to_have_attribute("src", one)
    it.press("Undo")
    expect(it.page.locator(".pixels")).to_have_attribute("src", one)
    it.page.get_by_role("radio", name="Eraser").click()
    it.stroke([(40, 60), (240, 70)])
    expect(it.page.locator(".pixels")).not_to_have_attribute("src", one)
    it.press("Undo")
    expect(it.page.locator(".pixels")).to_have_attribute("src", one)
    it.press("Undo")
    it.unanswered()
    it.mounted_once()


def test_the_answer_follows_a_run_that_learns(draw):
    it = draw("live")
    it.stroke(SEVEN)
    it.answered()
    first = it.step()
    it.row(ODD).click()
    expect(it.row(ODD)).to_have_attribute("aria-expanded", "true")
    step = "Number(found.textContent.match(/after ([0-9,]+)/)[1].replaceAll(',', ''))"
    it.wait_until(".when", f"{step} > {first + 5}")
    expect(it.page.locator(".answer .when")).to_have_text(re.compile(", training"))
    expect(it.row(ODD)).to_have_attribute("aria-expanded", "true")
    it.mounted_once()


def test_a_tick_in_the_middle_of_a_stroke_does_no_harm(draw):
    it = draw("live")
    it.stroke(SEVEN[:3])
    it.answered()
    it.press("Clear")
    it.unanswered()
    it.stroke(SEVEN, before_up=lambda: it.page.wait_for_timeout(1600))  # three ticks while the button is down
    it.answered()
    unbroken = it.pixels()
    still = draw()
    still.stroke(SEVEN)
    still.answered()
    assert still.pixels() == unbroken
    it.mounted_once()


def test_a_drawing_outlives_a_visit_to_another_page(draw):
    it = draw()
    it.stroke(SEVEN)
    it.answered()
    pixels, answer = it.pixels(), it.big.inner_text()
    it.page.get_by_role("link", name="Runs").click()
    expect(it.page.locator("canvas.upper-canvas")).to_have_count(0)
    it.page.get_by_role("link", name="Draw").click()
    expect(it.page.locator("canvas.upper-canvas")).to_be_visible()
    it.answered()
    assert it.pixels() == pixels
    it.stamp()
    it.stroke([(60, 250), (240, 250)])  # goes on where it was
    expect(it.page.locator(".pixels")).not_to_have_attribute("src", pixels)
    it.press("Undo")
    expect(it.page.locator(".pixels")).to_have_attribute("src", pixels)
    assert answer
    it.mounted_once()


def test_a_test_image_and_back(draw):
    it = draw()
    it.stroke(SEVEN)
    it.answered()
    drawn = it.pixels()
    it.page.get_by_role("radio", name="Test image").click()
    expect(it.page.get_by_text("Target")).to_be_visible()
    it.answered()
    expect(it.page.locator(".answer .second")).to_have_text(re.compile("correct|target: "))
    expect(it.page.locator(".answer .target")).to_have_count(1)
    it.page.get_by_role("radio", name="Draw").click()
    expect(it.page.locator("canvas.upper-canvas")).to_be_visible()
    expect(it.page.locator(".pixels")).to_have_attribute("src", drawn)
    expect(it.page.locator(".answer .target")).to_have_count(0)


def test_maps_open_and_close_by_keyboard(draw):
    it = draw()
    it.stroke(SEVEN)
    it.answered()
    row = it.row("conv")
    canvas = it.canvas("conv")
    low = canvas.bounding_box()["height"]
    expect(row).to_contain_text("of 40 maps")
    row.focus()
    it.page.keyboard.press("Enter")
    expect(row).to_have_attribute("aria-expanded", "true")
    expect(row).not_to_contain_text("of 40 maps")
    assert canvas.bounding_box()["height"] > 2 * low
    it.page.keyboard.press("Enter")
    expect(row).to_contain_text("of 40 maps")
    assert canvas.bounding_box()["height"] == low
    it.mounted_once()


def test_maps_follow_the_theme(draw):
    it = draw(color_scheme="light")
    it.stroke(SEVEN)
    it.answered()
    brightness = f"(canvas) => ({PIXELS})(canvas).reduce((sum, value, _, all) => sum + value / all.length, 0)"
    light = it.canvas("conv").evaluate(brightness)
    it.page.emulate_media(color_scheme="dark")
    it.wait_until("canvas", f"({brightness})(found) < {light} - 50")
    it.mounted_once()


def test_names_are_text_and_the_place_of_the_answer_is_stable(draw):
    it = draw()
    assert it.page.locator(".answer img").count() == 0
    expect(it.row(ODD)).to_be_visible()
    parts = [it.page.locator(f".answer {part}") for part in (".classes", ".when", ".layers")]
    before = [part.bounding_box() for part in parts]
    it.stroke(SEVEN)
    it.answered()
    assert [part.bounding_box() for part in parts] == before

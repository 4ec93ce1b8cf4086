"""What the canvas costs: panning, an edit's way to its new shapes and its bytes, a tick of twenty nodes, the plane.

    python -m benchmarks.canvas         # needs benchmarks/requirements.txt and a Chromium
    python -m benchmarks.canvas edit    # only some: pan, edit, tick, plane; written to no file

Servers of its own with empty data folders, and nothing else on the machine. An edit is a layer put in behind the
first one by a click in the palette: one that changes what all below give and not its shape, one that changes both.
"""
from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks import report
from benchmarks.dock import COUNT, EPOCHS, LAYERS, SECONDS, cpu, twenty_layers
from benchmarks.pages import served, window
from benchmarks.pictures import QUIET, link
from benchmarks.visitors import serving_process, spread
from dlviz import presets
from dlviz.spec import Experiment
from tests.browser.canvas_app import CanvasApp
from tests.browser.serving import serving
from tests.networks import resnet

PARTS = ("pan", "edit", "tick", "plane")
SMALL, LARGE, HUNDRED = 1, 12, 14  # residual blocks: 12, 89 and 103 layers
VISITOR = "a-visitor-of-the-benchmark"
SIDES = (14, 7, 3)  # of the maps after each pooling
QUIET_FOR = 2.5  # seconds without a byte, after which an edit has been answered; the canvas acknowledges within 1.5
STROKES, FAR = 12, 320  # of a pan: there and back by so many px


class Wire:
    """The bytes that a page receives."""

    def __init__(self, page: Page) -> None:
        self.page, self.received, self.last = page, 0, time.perf_counter()
        page.on("websocket", lambda socket: socket.on("framereceived", self._take))

    def _take(self, data: str | bytes) -> None:
        self.received += len(data)
        self.last = time.perf_counter()

    def rest(self) -> int:
        """Bytes so far, once nothing comes any more."""
        self.last = time.perf_counter()
        while time.perf_counter() - self.last < QUIET_FOR:
            self.page.wait_for_timeout(100)
        return self.received


@contextmanager
def opened(browser: Browser, experiment: Experiment) -> Iterator[tuple[CanvasApp, Wire]]:
    """The canvas with this design, on a server of its own, at rest."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, serving("app.py", Path(home)) as address:
        page = window(browser)
        wire = Wire(page)
        canvas = CanvasApp(page, address, Path(home), VISITOR, experiment)
        wire.rest()
        yield canvas, wire
        page.context.close()


def residual(blocks: int) -> Experiment:
    return presets.get("mlp").experiment.model_copy(update={"network": resnet(blocks), "name": "Residual"})


def frames(page: Page, draw: str = "true") -> None:
    """Count, from now on, the frames of the browser in which `draw` holds, and how far they lie apart."""
    page.evaluate("""(draw) => {
      const counted = globalThis.counted = { apart: [], began: performance.now() };
      const asked = new Function("return " + draw);
      let last = performance.now();
      const tick = (now) => {
        if (globalThis.counted !== counted) return;
        if (asked()) { counted.apart.push(now - last); last = now; }
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    }""", draw)


def counted(page: Page) -> dict[str, float]:
    apart, seconds = page.evaluate("""() => {
      const { apart, began } = globalThis.counted;
      globalThis.counted = null;
      return [apart, (performance.now() - began) / 1000];
    }""")
    apart.sort()
    return {"frames_a_second": round(len(apart) / seconds, 1), "p95_ms": round(apart[int(0.95 * (len(apart) - 1))], 1)}


def pan(browser: Browser) -> dict[str, object]:
    """A hundred layers, dragged to and fro; and the same page left alone, as the browser's own measure."""
    with opened(browser, residual(HUNDRED)) as (canvas, _):
        page = canvas.page
        frames(page)
        page.wait_for_timeout(2_000)
        still = counted(page)
        x, y = canvas.empty()
        page.mouse.move(x + FAR, y)
        page.mouse.down()
        frames(page)
        for stroke in range(STROKES):
            page.mouse.move(x + FAR * (stroke % 2), y - 200 * (stroke % 2), steps=30)
        found = counted(page)
        page.mouse.up()
        return {"nodes": page.locator(".react-flow__node").count(), **found, "at_rest": still}


def edits(browser: Browser) -> dict[str, object]:
    return {f"{len(residual(blocks).network.layers)}_layers": _edits(browser, blocks) for blocks in (SMALL, LARGE)}


def _edits(browser: Browser, blocks: int) -> dict[str, object]:
    with opened(browser, residual(blocks)) as (canvas, wire):
        last = f"add{blocks - 1}"
        _edit(canvas, wire, "Tanh", "tanh1", 28, last)  # what is loaded once has been loaded then
        outputs = [_edit(canvas, wire, "Tanh", f"tanh{number}", 28, last) for number in range(2, 2 + len(SIDES))]
        shapes = [_edit(canvas, wire, "MaxPool2d", f"maxpool{number}", side, last)
                  for number, side in enumerate(SIDES, 1)]
        return {"other_outputs": _figures(outputs), "other_shapes": _figures(shapes)}


def _figures(found: list[tuple[float, int, float]]) -> dict[str, object]:
    took, received, server = zip(*found)
    return {"shown": spread(list(took)), "kilobytes": round(sorted(received)[len(received) // 2] / 1024, 1),
            "server_ms": round(sorted(server)[len(server) // 2])}


SHOWN = """([added, last, shape]) => new Promise((done) => {  // ms from the press to the first frame that shows it
  let pressed = null;
  addEventListener("pointerup", (event) => { pressed = event.timeStamp; }, { once: true, capture: true });
  const roots = [...document.querySelectorAll("*")].flatMap((one) => one.shadowRoot ?? []);
  const root = [document, ...roots].find((one) => one.querySelector("[data-node]"));
  const node = (name) => root.querySelector(`[data-node="${name}"]`);
  const look = () => (pressed !== null && node(added) && node(last)?.textContent.includes(shape)
    ? done(performance.now() - pressed) : requestAnimationFrame(look));
  look();
})"""


def _edit(canvas: CanvasApp, wire: Wire, kind: str, name: str, side: int, last: str) -> tuple[float, int, float]:
    """Put a layer in behind the first one: ms until it stands there and the last has its shape, bytes, server's ms.

    Each makes a network that was never there before: Streamlit sends nothing twice that the browser still has.
    """
    page = canvas.page
    canvas.fit()
    canvas.node("stem").click(position={"x": 5, "y": 5})
    place, server = canvas.palette(kind), serving_process()
    before, spent = wire.rest(), cpu(server)
    shown = page.evaluate_handle(f"(what) => ({{ ms: ({SHOWN})(what) }})", [name, last, f"{side} x {side}"])
    page.mouse.click(*place)
    took = page.evaluate("(shown) => shown.ms", shown)
    received = wire.rest() - before
    return took, received, 1000 * (cpu(server) - spent)


def ticks(browser: Browser) -> dict[str, float]:
    """Bytes from the server and its processor time for a tick, all twenty layers in sight; and the ticks a second."""
    with served() as address:
        page = browser.new_context(viewport={"width": 1440, "height": 2_600}).new_page()
        page.set_default_timeout(60_000)
        wire = Wire(page)
        page.goto(f"{address}/{twenty_layers()}&view=canvas")
        page.get_by_role("button", name="Show the whole network (F)").click()
        page.wait_for_timeout(2_500)
        page.locator(".st-key-dock").get_by_role("button", name="Play", exact=True).first.click()
        expect(page.locator("canvas.live:visible")).to_have_count(LAYERS)
        page.wait_for_timeout(3_000)
        server, moments = serving_process(), page.evaluate_handle(COUNT)
        before, bytes_before, from_count = cpu(server), wire.received, page.evaluate("(c) => c.count", moments)
        page.wait_for_timeout(1000 * SECONDS)
        count = page.evaluate("(c) => c.count", moments) - from_count
        return {"layers": LAYERS, "ticks_a_second": round(count / SECONDS, 1),
                "server_ms_each": round(1000 * (cpu(server) - before) / count, 1),
                "kilobytes_each": round((wire.received - bytes_before) / 1024 / count, 1)}


SURFACE = """() => {  // what the surface of the plane has been painted since it was asked last
  const own = CanvasRenderingContext2D.prototype.drawImage;
  globalThis.painted = 0;
  CanvasRenderingContext2D.prototype.drawImage = function (...parts) {
    if (this.canvas.classList.contains("surface")) globalThis.painted += 1;
    return own.apply(this, parts);
  };
}"""
PAINTED = "(() => { const some = globalThis.painted > 0; globalThis.painted = 0; return some; })()"


def plane(browser: Browser) -> dict[str, object]:
    """The plane's default network while it trains: frames with a new picture of the surface, and all frames."""
    with served() as address:
        page = window(browser)
        page.goto(f"{address}/{link('circles', epochs=EPOCHS)}&view=canvas")
        page.locator(".canvas [data-node]").first.wait_for()
        page.wait_for_timeout(2_500)
        page.locator(".st-key-dock").get_by_role("button", name="Play", exact=True).first.click()
        page.get_by_role("link", name="Train", exact=True).first.click()  # where the run's plane is seen large
        page.locator(".plane .surface").first.wait_for()
        page.wait_for_timeout(3_000)
        page.evaluate(SURFACE)
        found = {}
        for what, draw in (("pictures", PAINTED), ("page", "true")):
            frames(page, draw)
            page.wait_for_timeout(1000 * SECONDS / 2)
            found[what] = counted(page)
        return found


MEASURED = {"pan": pan, "edit": edits, "tick": ticks, "plane": plane}


def main() -> None:
    chosen = set(sys.argv[1:]) or set(PARTS)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
                                         args=QUIET)
        result = {part: MEASURED[part](browser) for part in PARTS if part in chosen}
    if chosen == set(PARTS):
        report.write("canvas", result)
    else:
        print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()

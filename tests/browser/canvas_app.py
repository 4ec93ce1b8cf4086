"""The canvas within the whole app, as a person uses it: for the stories, with the design that the server keeps."""
from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dlviz.owners import owner_of
from dlviz.spec import Experiment, from_json
from tests.browser.canvas_page import Canvas

WAIT = 60_000  # ms
PLACED = """() => {  // the view has found its first place
  const root = [...document.querySelectorAll('.st-key-canvas *')].map((one) => one.shadowRoot).find(Boolean);
  return !root.querySelector('.react-flow__viewport').style.transform.includes('translate(0px, 0px) scale(1)');
}"""
IN_SIGHT = """(pane) => {
  const room = pane.getBoundingClientRect();
  return [...pane.querySelectorAll('[data-node]')].map((one) => one.getBoundingClientRect()).every((box) =>
    box.left >= room.left && box.right <= room.right && box.top >= room.top && box.bottom <= room.bottom);
}"""
STEP = "[...document.querySelectorAll('.st-key-dock_bar')].some(bar => /Step [1-9]/.test(bar.innerText))"


class CanvasApp(Canvas):
    """One tab of one visitor, with this design in hand."""

    def __init__(self, page: Any, address: str, home: Path, visitor: str, experiment: Experiment | None = None) -> None:
        self.page, self.draft = page, home / "drafts" / f"{owner_of(visitor)}.json"
        if experiment:
            self.draft.parent.mkdir(exist_ok=True)
            self.draft.write_text(experiment.to_json())
        page.set_default_timeout(WAIT)
        page.context.add_cookies([{"name": "dlviz_visitor", "value": visitor, "url": address}])
        page.goto(f"{address}/?view=canvas")
        page.locator(".canvas [data-node]").first.wait_for(timeout=WAIT)
        page.wait_for_function(PLACED)

    def experiment(self) -> Experiment:
        return from_json(self.draft.read_text())

    def until(self, true: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + WAIT / 1000
        while not true():
            assert time.monotonic() < until, f"{what}: {self.experiment().network.names()}"
            self.page.wait_for_timeout(50)

    def has(self, *names: str) -> None:
        """Wait until the design has these layers, in this order, and no others."""
        self.until(lambda: tuple(self.experiment().network.names()) == names, f"{names} are not the layers")
        for name in names:
            self.node(name).wait_for(state="attached")

    def takes(self, name: str, *sources: str) -> None:
        """Wait until the wires into a layer come from these, and are drawn."""
        for slot, source in enumerate(sources):
            self.page.locator(f'[data-wire="{source}>{name}>{slot}"]').wait_for(state="attached")

    def follow(self, source: str, kind: str, by: tuple[float, float] = (0, 70)) -> None:
        """Pull a wire out of a layer, let it go in empty space, and choose what follows."""
        self.page.locator(".canvas:not(.settling)").wait_for()
        x, y = self.still(source)
        self.drag((x, y), (x + by[0], y + by[1]))
        self.page.get_by_role("dialog").locator(f'[data-kind="{kind}"]').click()

    def still(self, name: str) -> tuple[float, float]:
        """The place of a layer's output, once it has come to rest."""
        before = None
        while before != (before := self.port(name, "out")):
            self.page.wait_for_timeout(120)
        return before

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def fit(self) -> None:
        """All of the network in sight, at rest."""
        self.page.get_by_role("button", name="Show the whole network (F)").click()
        self.until(lambda: self.page.locator(".canvas .pane").evaluate(IN_SIGHT), "not all is in sight")
        self.still(self.page.locator(".canvas .node.input").first.get_attribute("data-node"))

    def palette(self, kind: str) -> tuple[float, float]:
        self.page.locator(f'.palette [data-kind="{kind}"]').scroll_into_view_if_needed()
        return super().palette(kind)

    def empty(self) -> tuple[float, float]:
        """A place in the middle of the canvas, near its lower edge."""
        box = self.page.locator(".canvas .pane").bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.75

    def play(self) -> None:
        """Train, until the first step has been made."""
        button = self.page.locator(".st-key-dock").get_by_role("button", name="Play", exact=True).first
        button.click()
        self.page.wait_for_function(STEP)

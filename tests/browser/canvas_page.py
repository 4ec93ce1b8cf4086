"""What a person does on the canvas, for the stories: it stands in tests/browser/apps/canvas without Streamlit."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

ADDRESS = "/tests/browser/apps/canvas/index.html"


class Canvas:
    """The page with one canvas on it; `do` waits until every edit has been answered."""

    def __init__(self, page: Any, base: str, query: str = "scene=chain") -> None:
        self.page = page
        page.goto(f"{base}{ADDRESS}?{query}&height=1050")
        page.wait_for_function("window.harness && harness.have === harness.state.version", timeout=15_000)

    def nearer(self, times: int = 4) -> None:
        """Zooms in on the middle, so that the network's ends are out of sight."""
        for _ in range(times):
            self.page.get_by_role("button", name="Zoom in").click()
            self.page.wait_for_timeout(250)  # React Flow zooms over some frames, from where it is

    def settled(self) -> None:
        self.page.wait_for_function("harness.have === harness.state.version "
                                    "&& harness.messages.every(m => m.edits.every(e => e.rev <= harness.ack))")

    def applied(self, skip: tuple[str, ...] = ("select",)) -> list[dict[str, Any]]:
        self.settled()
        return [edit for edit in self.page.evaluate("harness.applied") if edit["type"] not in skip]

    def wait(self, kind: str) -> dict[str, Any]:
        """The latest edit, once one of this type has been applied and its design is shown."""
        self.page.wait_for_function("kind => harness.applied.some(edit => edit.type === kind)", arg=kind)
        return self.applied()[-1]

    def layers(self) -> dict[str, list[str]]:
        self.settled()
        return {layer["name"]: layer["inputs"] for layer in self.page.evaluate("harness.state.layers")}

    def node(self, name: str) -> Any:
        return self.page.locator(f'[data-node="{name}"]')

    def middle(self, name: str) -> tuple[float, float]:
        return _middle(self.node(name).bounding_box())

    def port(self, name: str, handle: str) -> tuple[float, float]:
        port = f'.react-flow__handle[data-nodeid="{name}"][data-handleid="{handle}"]'
        return _middle(self.page.locator(port).bounding_box())

    def wire(self, key: str) -> tuple[float, float]:
        """The middle of the wire."""
        path = self.page.locator(f'[data-wire="{key}"] .react-flow__edge-path')
        x, y = path.evaluate("path => { const p = path.getPointAtLength(path.getTotalLength() / 2);"
                             " const m = path.getScreenCTM(); return [p.x * m.a + m.e, p.y * m.d + m.f]; }")
        return x, y

    def drag(self, start: tuple[float, float], end: tuple[float, float],
             midway: Callable[[], None] | None = None) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(start[0] + 8, start[1] + 8, steps=2)
        mouse.move(*end, steps=8)
        if midway:
            midway()
        mouse.up()

    def palette(self, kind: str) -> tuple[float, float]:
        return _middle(self.page.locator(f'.palette [data-kind="{kind}"]').bounding_box())


def _middle(box: dict[str, float]) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

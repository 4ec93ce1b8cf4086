"""What the stack editor's browser tests share: the small app's server, Chromium, the page as a user sees it."""
from __future__ import annotations

import re
import shutil

import pytest

from tests.browser.serving import ROOT, serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

WAIT = 20_000  # ms; a busy machine may take its time, a right page never needs it

FOUR = ("conv2d1", "relu1", "maxpool2d1", "linear1")  # what the app opens with


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home = tmp_path_factory.mktemp("stack_app")
    (home / "static").symlink_to(ROOT / "static")
    shutil.copy(ROOT / "tests/browser/apps/stack_app.py", home / "app.py")
    with serving(home / "app.py", home) as address:
        yield address


@pytest.fixture
def open_stack(server, browser):
    contexts, faults = [], []

    def open_page(query: str = "cards=4", **options):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(f"{server}/?{query}")
        expect(page.locator(".stack .input")).to_have_count(1, timeout=60_000)
        page.locator(".stack").evaluate("(root) => { root.stamp = 'first mount'; }")
        return Stack(page)

    yield open_page
    for context in contexts:
        for page in context.pages:
            stamps = page.locator(".stack").evaluate_all("(all) => all.map((root) => root.stamp)")
            assert stamps == ["first mount"], "the editor was mounted again"
        context.close()
    assert faults == []


class Stack:
    """The page as a user sees it. `order` and `log` are what Python holds, `shown` what the column shows."""

    def __init__(self, page) -> None:
        self.page = page
        self.keys = page.keyboard

    def slot(self, name: str):
        same = self.page.locator(".name", has_text=re.compile(f"^{re.escape(name)}$"))
        return self.page.locator(".slot").filter(has=same)

    def card(self, name: str):
        return self.slot(name).locator(".card")

    def layer(self, kind: str):
        return self.page.locator(f'.item[data-kind="{kind}"]')

    def python_has(self, *names: str) -> None:
        """Python's order is `names`, and the column has come to show the same, with nothing on its way."""
        self.shows("Order", " | ".join(names))
        expect(self.page.locator(".slot .name")).to_have_text(list(names), timeout=WAIT)
        expect(self.page.locator(".slot.pending")).to_have_count(0)

    def python_chose(self, name: str | None) -> None:
        self.shows("Selected", str(name))

    def python_took(self, *types: str) -> None:
        self.shows("Log", " ".join(types))

    def shows(self, what: str, text: str) -> None:
        expect(self.page.get_by_text(re.compile(f"^{what}:"))).to_have_text(f"{what}: {text}", timeout=WAIT)

    def choose(self, name: str) -> None:
        self.card(name).click(position={"x": 60, "y": 12})
        expect(self.card(name)).to_have_attribute("aria-pressed", "true")

    def tool(self, name: str, label: str) -> None:
        self.slot(name).hover()
        self.slot(name).get_by_label(re.compile(f"^{label}")).click()

    def centre(self, locator) -> tuple[float, float]:
        box = locator.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def lift(self, locator, x: float, y: float) -> None:
        """Press on `locator` and drag to (x, y), without letting go."""
        start = self.centre(locator)
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(start[0] + 8, start[1] + 8)
        self.page.mouse.move(x, y, steps=4)

    def above(self, name: str) -> tuple[float, float]:
        box = self.card(name).bounding_box()
        return box["x"] + 120, box["y"] - 4

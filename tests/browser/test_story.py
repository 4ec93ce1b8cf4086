"""The whole story, as a newcomer lives it: open, train, see the loss fall, pause, change, draw, refresh, still there.
"""
from __future__ import annotations

import re

import pytest

from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
WAIT = 90_000  # ms; a busy machine may take its time, a right page never needs it
expect.set_options(timeout=WAIT)
SEVEN = [(70, 70), (130, 62), (205, 72), (165, 150), (130, 225)]


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with serving("app.py", tmp_path_factory.mktemp("story")) as address:
        yield address


@pytest.fixture
def page(app, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    page = context.new_page()
    page.on("request", lambda request: faults.append(f"asked the internet: {request.url}")
            if not request.url.startswith((app, "data:", "blob:", app.replace("http", "ws"))) else None)
    page.set_default_timeout(WAIT)
    page.goto(app)
    yield page
    context.close()
    assert not faults


def button(page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def progress(page) -> str:
    """What the bar says; for a moment after a change there are two, the old one first."""
    return " ".join(page.locator('[data-testid="stProgress"]').all_inner_texts()[-1:])


def step(page) -> int:
    found = re.search(r"Step ([\d,]+) of", progress(page))
    return int(found[1].replace(",", "")) if found else 0


def wait_for_step(page, target: int) -> None:
    for _ in range(600):
        if step(page) >= target:
            return
        page.wait_for_timeout(150)
    raise AssertionError(f"step {target} was never reached: {progress(page)!r}")


def draw_seven(page) -> None:
    """With the mouse."""
    box = page.locator("canvas.upper-canvas").bounding_box()
    points = [(box["x"] + x, box["y"] + y) for x, y in SEVEN]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()


def test_open_train_pause_change_draw_refresh(page, keep):
    expect(page.get_by_text("Classic MLP").first).to_be_visible()
    expect(page.locator(".stack .card").first).to_be_visible()
    keep(page, "1 build")
    button(page, "Play").first.click()
    page.get_by_role("link", name="Train", exact=True).click()
    expect(page).to_have_url(re.compile(r"/train\?run="))
    address = page.url
    wait_for_step(page, 60)
    keep(page, "2 train")
    button(page, "Pause").click()
    expect(button(page, "Resume")).to_be_enabled()
    page.wait_for_timeout(1_000)  # the bar may still be drawing the last steps before the pause
    rested = step(page)
    page.wait_for_timeout(1_000)
    assert step(page) == rested, "a paused run went on"
    rate = page.get_by_label("Learning rate", exact=True).first  # the old one stays for a moment beside the new
    rate.fill("0.0005")
    rate.press("Enter")
    button(page, "One batch").click()
    wait_for_step(page, rested + 1)
    expect(rate).to_have_value("0.0005")
    keep(page, "3 changed")
    button(page, "Resume").click()
    wait_for_step(page, rested + 100)

    page.get_by_role("link", name="Draw", exact=True).click()
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
    expect(page.locator(".answer .big")).to_have_text("?")
    draw_seven(page)
    expect(page.locator(".answer .big")).to_have_text(re.compile(r"^\d$"))
    keep(page, "4 draw")

    page.goto(address)
    wait_for_step(page, rested + 100)
    page.reload()
    wait_for_step(page, rested + 100)
    expect(page.get_by_text("Classic MLP").first).to_be_visible()
    keep(page, "5 still there")

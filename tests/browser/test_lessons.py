"""The first lesson as a beginner takes it, from the first click: ticks by themselves, light on what is spoken of."""
from __future__ import annotations

import pytest

from tests.browser.serving import serving
from tests.browser.test_story import draw_seven

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
WAIT = 90_000  # ms; a busy machine may take its time, a right page never needs it
LIT = """() => [...document.querySelectorAll('*')].filter((one) => one.checkVisibility()
  && getComputedStyle(one).outlineStyle === 'solid' && getComputedStyle(one).outlineColor.includes('245, 158, 11'))
  .map((one) => { const box = one.getBoundingClientRect(); return box.top < innerHeight && box.bottom > 0; })"""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with serving("app.py", tmp_path_factory.mktemp("lessons")) as address:
        yield address


@pytest.fixture
def page(app, browser):
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    page = context.new_page()
    page.set_default_timeout(WAIT)
    expect.set_options(timeout=WAIT)
    page.goto(app)
    expect(page.locator(".stack .card").first).to_be_visible()
    yield page
    context.close()
    assert not faults


def panel(page):
    return page.locator(".st-key-lesson-panel")


def step(page, title: str):
    expect(panel(page).get_by_role("heading", name=title, exact=True)).to_be_visible()


def on(page, label: str = "Next") -> None:
    panel(page).get_by_role("button", name=label, exact=True).click()


def ticked(page) -> None:
    expect(panel(page).get_by_text("Done", exact=True)).to_be_visible()


def lit(page) -> None:
    """A ring of light is somewhere, and in sight."""
    page.wait_for_function(f"() => {{ const lit = ({LIT})(); return lit.some(Boolean); }}")


def scrub(page, key: str) -> None:
    page.locator(".moments input").first.focus()
    page.keyboard.press(key)


def test_the_first_lesson_begins_as_a_beginner_takes_it(page, keep):
    page.get_by_role("link", name="Learn", exact=True).click()
    page.get_by_role("button", name="Take the first lesson").click()
    step(page, "Here is a network")
    panel(page).get_by_role("button", name="Open Classic MLP").click()
    lit(page)
    on(page)
    step(page, "Guess first")
    panel(page).get_by_role("radio", name="2", exact=True).or_(
        panel(page).get_by_role("button", name="2", exact=True)).first.click()
    expect(panel(page).get_by_text("Your prediction is kept.")).to_be_visible()
    on(page)
    step(page, "Train it")
    lit(page)
    expect(panel(page).get_by_text("Not yet.")).to_be_visible()
    page.get_by_role("button", name="Play", exact=True).first.click()
    ticked(page)
    keep(page, "1 trained")
    on(page)
    step(page, "Back to the first moment")
    lit(page)
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
    scrub(page, "Home")
    draw_seven(page)
    ticked(page)
    on(page)
    step(page, "Draw five digits")

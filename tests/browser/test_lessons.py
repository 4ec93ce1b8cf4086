"""Lessons as a beginner takes them alone, from the first click: ticks by themselves, light, guesses under results."""
from __future__ import annotations

import re

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


def test_the_first_lesson_as_a_beginner(page, keep):
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
    for _ in range(4):
        page.get_by_role("button", name="Clear", exact=True).click()
        expect(page.locator(".answer .big")).to_have_text("?")
        draw_seven(page)
        expect(page.locator(".answer .big")).to_have_text(re.compile(r"^\d$"))
    panel(page).get_by_role("radio", name="1", exact=True).or_(
        panel(page).get_by_role("button", name="1", exact=True)).first.click()
    expect(panel(page).get_by_text("You expected 2 digits; it was 1.")).to_be_visible()
    keep(page, "2 guess under the result")
    on(page)
    step(page, "The same drawing, later")
    scrub(page, "End")
    ticked(page)
    on(page)
    step(page, "Draw something that is no digit")
    for _ in range(3):
        page.get_by_role("button", name="Clear", exact=True).click()
        expect(page.locator(".answer .big")).to_have_text("?")
        draw_seven(page)
        expect(page.locator(".answer .big")).to_have_text(re.compile(r"^\d$"))
    ticked(page)
    on(page)
    step(page, "What has changed?")
    panel(page).get_by_text("The same network has other numbers in it.").click()
    expect(panel(page).get_by_text("Training moved the weights")).to_be_visible()
    on(page, "Finish")
    expect(page.locator("[class*=st-key-learn_card_reads-your-digits]")).to_contain_text("finished")
    expect(panel(page)).to_be_hidden()
    assert page.evaluate(LIT) == [], "the light goes with the lesson"


def test_a_lesson_that_trains_with_the_sketch_under_the_curve(page, keep):
    page.goto(page.url.split("?")[0] + "learn?lesson=size-of-a-step")
    step(page, "Here is a step")
    panel(page).get_by_role("button", name="Open Forty times too fast").click()
    lit(page)
    on(page)
    step(page, "Draw the loss")
    axes = panel(page).locator(".sketch svg").first
    box = axes.bounding_box()
    page.mouse.move(box["x"] + 45, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 15, box["y"] + box["height"] - 40, steps=12)
    page.mouse.up()
    expect(panel(page).get_by_text("Your prediction is kept.")).to_be_visible()
    on(page)
    step(page, "Train it too fast")
    page.get_by_role("button", name="Play", exact=True).first.click()
    ticked(page)
    expect(panel(page).locator(".sketch polyline").nth(1)).to_be_attached()
    keep(page, "1 sketch under the curve")
    on(page)
    step(page, "Now make it work")
    lit(page)
    rate = page.locator(".st-key-dock_controls input").first
    rate.fill("0.05")
    rate.press("Enter")
    page.get_by_role("button", name="Play", exact=True).first.click()
    ticked(page)
    keep(page, "2 it works")
    panel(page).locator(".st-key-lesson-leave button").click()
    expect(panel(page)).to_be_hidden()
    page.get_by_role("link", name="Learn", exact=True).click()
    expect(page.get_by_text("step 4 of 6")).to_be_visible()

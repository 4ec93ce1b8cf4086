"""The look page in a real Chromium, on a real run: a head learns to point, and answers what is typed."""
from __future__ import annotations

import re

import pytest

from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
WAIT = 90_000  # ms; a busy machine may take its time, a right page never needs it

# the small map of the first head as the browser has drawn it, one pixel a weight: how much ink, row by row
INK = """(canvas) => {
  const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return Array.from({ length: height }, (_, row) => Array.from({ length: width }, (_, column) => {
    const at = 4 * (row * width + column);
    return 765 - data[at] - data[at + 1] - data[at + 2];
  }));
}"""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with serving("app.py", tmp_path_factory.mktemp("look")) as address:
        yield address


@pytest.fixture
def page(app, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    page = context.new_page()
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.set_default_timeout(WAIT)
    expect.set_options(timeout=WAIT)
    page.goto(app)
    expect(page.locator(".stack .card").first).to_be_visible()
    yield page
    context.close()
    assert not faults


def button(page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def to(page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    expect(page).to_have_url(re.compile(f"/{name.lower()}"))


def mirrored(page) -> int:
    """In how many of ten rows the first head looks most at the mirror place."""
    ink = page.locator(".head canvas").first.evaluate(INK)
    assert len(ink) == len(ink[0]) == 10
    return sum(row[9 - at] == max(row) > min(row) for at, row in enumerate(ink))


def answers(page, text: str) -> None:
    expect(page.locator(".steps .prediction")).to_have_text(list(text))


def own(page, text: str) -> None:
    box = page.get_by_label("Your own")
    box.fill(text)
    box.press("Enter")


def test_a_head_learns_to_point_while_one_watches(page, keep):
    page.goto(page.url.rstrip("/") + "/look")
    expect(page.get_by_text("There is no network on sequences or points yet")).to_be_visible()
    page.get_by_role("link", name="Workbench").last.click()
    button(page, "Presets").click()
    page.locator(".st-key-preset-reverse button").first.click()
    expect(page.get_by_text("ready to train")).to_be_visible()
    expect(page.get_by_text("Reverse: attention points").first).to_be_visible()
    page.get_by_role("link", name="Change the task or the training settings").click()
    page.wait_for_url("**/train?run=new")
    expect(page.get_by_text("Training settings").first).to_be_visible()  # the page before has a button of this name too
    button(page, "One batch").click()
    expect(button(page, "Resume")).to_be_enabled()

    to(page, "Look")
    expect(page.get_by_text("after 1 step, paused")).to_be_visible()
    assert mirrored(page) < 6
    keep(page, "1 before")
    to(page, "Train")
    button(page, "Resume").click()
    to(page, "Look")
    expect(page.get_by_text("471 steps, finished")).to_be_visible()
    expect(page.locator(".habit")).to_contain_text("each place attends to its mirror place")
    assert mirrored(page) == 10
    entered = "".join(page.locator(".steps .entering").all_inner_texts())
    assert len(entered) == 10
    answers(page, entered[::-1])
    expect(page.locator(".verdict")).to_contain_text("10 of 10 correct")
    keep(page, "2 after")

    large = page.locator(".large canvas")
    box = large.bounding_box()
    large.hover(position={"x": box["width"] - 20, "y": box["height"] - 20})  # the last place at itself
    expect(page.locator(".large .pointed")).to_contain_text(f"Place 10 “{entered[9]}” (query) gives")
    button(page, "2 Scaled and masked").click()
    expect(page.locator(".large .about")).to_contain_text("Divided by the root of 32")

    page.get_by_text("My own", exact=True).click()
    own(page, "1234567890")
    answers(page, "0987654321")
    own(page, "12345x7890")
    expect(page.get_by_text("knows the symbols 0 1 2 3 4 5 6 7 8 9, but 'x' is none of them")).to_be_visible()
    keep(page, "3 a sentence")
    own(page, "1111122222")
    answers(page, "2222211111")
    expect(page.locator(".verdict")).to_contain_text("10 of 10 correct")

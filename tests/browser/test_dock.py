"""Play on the build page: the run trains in place, its curve grows, the cards' pictures change and can be scrubbed."""
from __future__ import annotations

import re

import pytest

from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
WAIT = 60_000  # ms
STEP = re.compile(r"Step ([\d,]+) of")
PIXELS = """(name) => {
  const find = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.matches(".slot") && element.querySelector(".name")?.textContent === name) {
        const canvas = element.querySelector("canvas.live");
        return canvas.hidden ? "" : canvas.toDataURL();
      }
      const inside = element.shadowRoot && find(element.shadowRoot);
      if (inside !== null && inside !== undefined && element.shadowRoot) return inside;
    }
    return null;
  };
  return find(document);
}"""


@pytest.fixture
def page(browser, tmp_path_factory):
    with serving("app.py", tmp_path_factory.mktemp("dock")) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        faults: list[str] = []
        context.on("weberror", lambda error: faults.append(str(error.error)))
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.goto(address)
        expect(page.locator(".stack .card")).to_have_count(6, timeout=WAIT)
        yield page
        context.close()
        assert not faults


def dock(page, name: str):
    return page.locator(".st-key-dock").get_by_role("button", name=name, exact=True).first


def step(page) -> int:
    found = STEP.search(" ".join(page.locator(".st-key-dock_bar").all_inner_texts()))
    return int(found[1].replace(",", "")) if found else 0


def until(page, true, what: str) -> None:
    for _ in range(WAIT // 100):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError(what)


def picture(page, name: str) -> str:
    """What the card's live picture shows; empty where its own is shown."""
    return page.evaluate(PIXELS, name)


def settled(page, name: str) -> str:
    """The card's live picture once no newer one comes: a picture may come a tick after its step."""
    shown = picture(page, name)
    for _ in range(WAIT // 1_000):
        page.wait_for_timeout(1_000)
        if (newer := picture(page, name)) == shown:
            return shown
        shown = newer
    raise AssertionError("the picture never came to rest")


def test_play_pause_one_batch_scrub_edit_and_play_again_in_place(page, keep):
    address = page.url.partition("?")[0]
    assert picture(page, "hidden1") == ""
    dock(page, "Play").click()
    until(page, lambda: step(page) > 20, "the run did not train")
    until(page, lambda: picture(page, "hidden1") != "", "no live picture came")
    first = picture(page, "hidden1")
    until(page, lambda: picture(page, "hidden1") != first, "the picture stood still while the run trained")
    expect(page.locator(".st-key-dock_curve .legend .value").first).to_have_text(re.compile(r"^\d"))
    keep(page, "plays")

    dock(page, "Pause").click()
    expect(dock(page, "Play")).to_be_enabled(timeout=WAIT)
    rested, resting = step(page), settled(page, "hidden1")
    dock(page, "One batch").click()
    until(page, lambda: step(page) == rested + 1, "one batch is one step")
    until(page, lambda: picture(page, "hidden1") != resting, "the picture is still that of the step before")
    newest = settled(page, "hidden1")

    page.locator(".moments input").press("Home")  # before the first update: what is one back may be this step's own
    until(page, lambda: picture(page, "hidden1") not in ("", newest), "the scrubber did not move the pictures")
    page.locator(".moments .now").click()
    until(page, lambda: picture(page, "hidden1") == newest, "back at the newest step the picture is another one")

    page.locator(".item", has_text="Dropout").first.click()
    expect(page.get_by_text("which trained another design").or_(page.get_by_text("The design was changed"))
           .first).to_be_visible(timeout=WAIT)
    until(page, lambda: picture(page, "hidden1") == "", "a changed design still shows the other's pictures")
    run = re.search(r"run=([\w-]+)", page.url)
    dock(page, "Play").click()
    until(page, lambda: picture(page, "dropout1") != "", "the new run's pictures did not come")
    until(page, lambda: run[1] not in page.url and "run=" in page.url, "no new run is in focus")
    assert page.url.partition("?")[0] == address
    keep(page, "plays again")

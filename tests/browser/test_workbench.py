"""The workbench on a projector: all of it in sight, and nothing moves under the mouse when a run starts and goes on."""
from __future__ import annotations

import re

import pytest

from dlviz import presets
from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
WAIT = 60_000  # ms
PLACES = """(selectors) => selectors.map((one) => {
  const { left, top, right, bottom } = document.querySelector(one).getBoundingClientRect();
  return [left, top, right, bottom].map(Math.round);
})"""
HIGH = "document.querySelector('[data-testid=stMain]').scrollHeight"
PARTS = [".st-key-build_bar", ".st-key-canvas", ".st-key-inspector", ".st-key-dock_controls", ".st-key-dock_curve"]


def short_link() -> str:
    experiment = presets.get("mlp").experiment
    training = experiment.training.model_copy(update={"train_fraction": 0.2, "epochs": 8})
    return "?view=canvas&experiment=" + experiment.model_copy(update={"training": training}).to_link()


@pytest.fixture
def page(browser, tmp_path_factory):
    with serving("app.py", tmp_path_factory.mktemp("workbench")) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        faults: list[str] = []
        context.on("weberror", lambda error: faults.append(str(error.error)))
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.goto(f"{address}/{short_link()}")
        expect(page.locator(".canvas [data-node=output]")).to_be_attached(timeout=WAIT)
        yield page
        context.close()
        assert not faults


def links(page) -> dict[str, tuple[int, ...]]:
    """Where each link of the strip stands."""
    return {link.inner_text().split("\n")[-1]: tuple(map(round, link.bounding_box().values()))
            for link in page.locator(".st-key-strip-places a").all()}


def test_all_in_sight_on_a_projector_and_nothing_moves(page, keep):
    expect(page.get_by_text("Press Play: the loss appears here")).to_be_visible(timeout=WAIT)
    before = page.evaluate(PLACES, PARTS)
    assert all(0 <= left < right <= 1280 and 50 < top < bottom <= 720 for left, top, right, bottom in before)
    (_, top, _, bottom) = before[1]
    assert bottom - top >= 370, "of the 720 px more than half are the canvas's"
    keep(page, "before")
    page.locator(".st-key-dock").get_by_role("button", name="Play", exact=True).first.click()
    expect(page.locator(".st-key-strip .badge")).to_have_text("Training", timeout=WAIT)
    places = links(page)
    assert list(places) == ["Train", "Draw", "Slow motion", "Explain", "Landscape"]
    expect(page.locator(".st-key-strip .badge")).to_have_text("Finished", timeout=WAIT)
    expect(page.get_by_text("Test accuracy:")).to_be_visible(timeout=WAIT)
    expect(page.locator(".st-key-strip polyline")).to_be_visible(timeout=WAIT)
    keep(page, "after")
    assert links(page) == places
    after = page.evaluate(PLACES, PARTS)
    assert [place[:2] for place in after] == [pytest.approx(place[:2], abs=1) for place in before]
    assert page.evaluate(HIGH) <= 720, "the page is not scrolled"
    page.get_by_role("link", name="Draw", exact=True).click()
    expect(page).to_have_url(re.compile(r"/draw\?run="))

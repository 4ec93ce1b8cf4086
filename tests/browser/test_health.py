"""The doctor's story in a real Chromium: a network that fails on purpose, its rows, its diagnosis, its
cure."""
from __future__ import annotations

import pytest

from dlviz import presets
from dlviz.owners import owner_of
from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

WAIT = 90_000  # ms; a busy machine may take its time, a right page never needs it
VISITOR = "a-visitor-of-the-doctor"


@pytest.fixture
def page(tmp_path, browser):
    """The Train page of a visitor with the sigmoid network in hand; a fault in the browser fails the test."""
    (tmp_path / "drafts").mkdir()
    experiment = presets.get("sigmoid").experiment
    longer = experiment.training.model_copy(update={"epochs": 20})
    experiment = experiment.model_copy(update={"training": longer})
    (tmp_path / "drafts" / f"{owner_of(VISITOR)}.json").write_text(experiment.to_json())
    faults: list[str] = []
    with serving("app.py", tmp_path) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 1600})
        context.add_cookies([{"name": "dlviz_visitor", "value": VISITOR, "url": address}])
        context.on("weberror", lambda error: faults.append(str(error.error)))
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.goto(address)
        page.get_by_role("link", name="Change the task or the training settings").click()
        yield page
        context.close()
    assert not faults


def test_the_doctor_finds_the_vanishing_gradient_and_its_copy_learns(page, keep):
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_role("radio", name="Health").click()
    expect(page.get_by_text("vanishing gradient").first).to_be_visible(timeout=WAIT)
    rows = page.locator("button.row")
    expect(rows).to_have_count(21, timeout=WAIT)
    expect(rows.first).to_contain_text("·10⁻", timeout=WAIT)
    rows.first.evaluate("(row) => { row.stamp = 'the first'; }")
    rows.first.click()
    expect(page.get_by_role("figure", name="weights from")).to_be_visible(timeout=WAIT)
    expect(page.locator(".detail .heatmaplayer image")).to_have_count(2, timeout=WAIT)
    assert rows.first.evaluate("(row) => row.stamp") == "the first", "never built anew"
    keep(page, "ill")

    page.get_by_role("button", name="Try it in a copy").click()
    expect(page.get_by_text("Made from Too deep, on purpose")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("found no problem")).to_be_visible(timeout=WAIT)
    page.wait_for_function("() => document.body.innerText.match(/Step ([1-9][0-9]{2}|[1-9],)/)", timeout=WAIT)
    page.locator("button.row", has_text="norm1").first.click()
    expect(page.get_by_role("figure", name="before and after the normalization")).to_be_visible(timeout=WAIT)
    keep(page, "cured")
    page.get_by_role("link", name="Compare before and after").click()
    expect(page.get_by_role("figure", name="Loss and accuracy of 2 runs")).to_be_visible(timeout=WAIT)
    copy = page.locator(".legendtext").nth(1)
    expect(copy).to_have_text("Too deep, on purpose: ReLU + BatchNorm", timeout=WAIT)

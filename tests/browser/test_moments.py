"""Looking back: somebody scrubs a run that has ended, plays it as a film, and finds the same moment on Draw."""
from __future__ import annotations

import re

import pytest

from dlviz import presets
from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
WAIT = 90_000  # ms; a busy machine may take its time, a right page never needs it
expect.set_options(timeout=WAIT)


def short_link() -> str:
    experiment = presets.get("mlp").experiment
    training = experiment.training.model_copy(update={"train_fraction": 0.05, "epochs": 1})
    return "?experiment=" + experiment.model_copy(update={"training": training}).to_link()


@pytest.fixture
def page(tmp_path, browser):
    with serving("app.py", tmp_path) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 1100})
        faults: list[str] = []
        context.on("weberror", lambda error: faults.append(str(error.error)))
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.goto(f"{address}/{short_link()}")
        yield page
        context.close()
        assert not faults


def test_a_run_is_scrubbed_played_and_met_again(page, keep):
    expect(page.locator(".stack .card").first).to_be_visible()
    page.get_by_role("button", name="Play", exact=True).first.click()
    page.get_by_role("link", name="Train", exact=True).click()
    expect(page.get_by_text("Finished").first).to_be_visible()
    label, slider, note = (page.locator(selector) for selector in
                           (".moments .label", ".moments input", ".blocks .note"))
    expect(label).to_have_text("last step")

    slider.focus()
    page.keyboard.press("Home")
    expect(label).to_have_text("before the first step")
    expect(note.first).to_contain_text("after step 0.")
    page.keyboard.press("ArrowRight")
    expect(label).to_have_text(re.compile(r"after step [1-9]"))
    shown = label.text_content()
    expect(note.first).to_contain_text(f"{shown}.")
    keep(page, "1 a moment")

    page.get_by_role("link", name="Draw", exact=True).click()
    expect(page.locator(".moments .label")).to_have_text(shown)
    page.get_by_role("link", name="Train", exact=True).click()
    expect(label).to_have_text(shown)

    page.keyboard.press("Escape")
    page.locator(".moments .play").click()
    expect(label).to_have_text("last step")
    expect(page.locator(".moments .playing")).to_have_count(0)
    expect(note.first).to_contain_text(re.compile(r"after step 4\d\."))

"""Points in the plane: somebody sets one by hand, trains on them, and sees what the network and its units say."""
from __future__ import annotations

import re

import pytest

from dlviz import presets
from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
WAIT = 90_000  # ms; a busy machine may take its time, a right page never needs it


def short_link() -> str:
    experiment = presets.get("own_points").experiment
    training = experiment.training.model_copy(update={"epochs": 20})
    return "?experiment=" + experiment.model_copy(update={"training": training}).to_link()


@pytest.fixture
def page(tmp_path, browser):
    expect.set_options(timeout=WAIT)
    with serving("app.py", tmp_path) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 1100})
        faults: list[str] = []
        context.on("weberror", lambda error: faults.append(str(error.error)))
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.goto(f"{address}/{short_link()}")
        expect(page.get_by_role("heading", name="Own points", exact=True)).to_be_visible()
        page.goto(f"{address}/train?run=new")
        yield page
        context.close()
        assert not faults


def test_points_are_set_learned_and_seen(page, keep):
    page.get_by_text("More settings").click()
    expect(page.locator(".editor .help")).to_contain_text("60 of 400 points")
    page.locator(".board").click(position={"x": 12, "y": 12})
    expect(page.locator(".editor .help")).to_contain_text("61 of 400 points")
    typed = page.locator("[class*=st-key-settings-points-coordinates] textarea")
    expect(typed.first).to_have_value(re.compile(r"; -1\d\d 1\d\d A$"))  # a new box takes the old one's place
    expect(typed).to_have_count(1)
    page.locator(".st-key-setup-train button").click()
    expect(page.get_by_text("Finished").first).to_be_visible()

    pointed = page.locator(".plane .pointed")
    page.locator(".plane .surface").hover(position={"x": 200, "y": 200})
    expect(pointed).to_contain_text(re.compile(r"A .*\d %"))
    learned = pointed.text_content()
    page.locator(".moments input").focus()
    page.keyboard.press("Home")
    expect(page.locator(".moments .label")).to_have_text("before the first step")
    expect(pointed).not_to_have_text(learned)
    keep(page, "1 before the first step")

    page.locator(".plane .unit").nth(3).focus()
    page.keyboard.press("Enter")
    expect(pointed).to_contain_text("Press it again")
    page.keyboard.press("Enter")
    expect(pointed).not_to_contain_text("Press it again")

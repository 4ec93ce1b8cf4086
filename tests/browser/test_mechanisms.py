"""The mechanisms of training in a real Chromium: a learning rate is found and taken, gradients are clipped, the
schedule is changed while the run goes."""
from __future__ import annotations

import pytest

from dlviz import presets
from dlviz.owners import owner_of
from dlviz.spec import Experiment, TrainingSpec
from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

WAIT = 90_000  # ms; a busy machine may take its time, a right page never needs it
VISITOR = "a-visitor-of-the-mechanisms-test"


def design() -> Experiment:
    base = presets.get("mlp").experiment
    settings = dict(base.training) | {"train_fraction": 0.1, "epochs": 400, "clip": "norm", "clip_threshold": 0.5}
    return base.model_copy(update={"training": TrainingSpec(**settings)})


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home = tmp_path_factory.mktemp("mechanisms_home")
    (home / "drafts").mkdir()
    (home / "drafts" / f"{owner_of(VISITOR)}.json").write_text(design().to_json())
    with serving("app.py", home) as address:
        yield address


def test_a_rate_is_found_and_a_schedule_changed_while_it_trains(server, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 1400})
    context.add_cookies([{"name": "dlviz_visitor", "value": VISITOR, "url": server}])
    page = context.new_page()
    page.set_default_timeout(WAIT)
    page.goto(f"{server}/train?run=new")
    page.get_by_text("Learning rate schedule: cosine").click()
    page.get_by_role("button", name="Find a learning rate").click()
    expect(page.get_by_text("falls fastest")).to_be_visible(timeout=WAIT)
    use = page.get_by_role("button", name="Use 0.")
    found = use.inner_text().removeprefix("Use ")
    use.click()
    expect(use).to_be_disabled(timeout=WAIT)
    expect(page.get_by_role("spinbutton", name="Learning rate")).to_have_value(found, timeout=WAIT)

    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("heading", name="Gradient norm")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Gradients were clipped in")).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("Current schedule: cosine.")).to_be_visible(timeout=WAIT)
    page.locator(".st-key-run-schedule input, [class*='st-key-run-schedule-'] input").first.click()
    page.get_by_role("option", name="Exponential", exact=True).click()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Current schedule: exponential.")).to_be_attached(timeout=WAIT)
    context.close()

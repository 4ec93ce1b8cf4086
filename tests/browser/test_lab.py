"""A study as a teacher shows it: one click, runs side by side at the same step, paused, reloaded, deleted."""
from __future__ import annotations

import re

import pytest

from dlviz.studies.study import LEAD
from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
WAIT = 90_000  # ms; a busy machine may take its time, a right page never needs it
expect.set_options(timeout=WAIT)
MEETING = """(lead) => {
  const own = (one) => (one.matches(".album .when") ? [one.textContent] : []);
  const find = (root) => [...root.querySelectorAll("*")].flatMap((one) =>
    [...own(one), ...(one.shadowRoot ? find(one.shadowRoot) : [])]);
  const steps = find(document);
  const step = Number(steps[0]?.replace(/\\D/g, ""));
  return steps.length === 3 && new Set(steps).size === 1 && step > 0 && step % lead === 0;
}"""


@pytest.fixture
def page(tmp_path, browser):
    with serving("app.py", tmp_path) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 1400})
        faults: list[str] = []
        context.on("weberror", lambda error: faults.append(str(error.error)))
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.goto(f"{address}/lab")
        yield page
        context.close()
        assert not faults


def button(page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def test_a_study_from_the_gallery_to_its_end(page, keep):
    page.locator(".st-key-lab_card_adam_sgd").get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"/lab\?study="))
    expect(page.get_by_role("heading", name="Adam against SGD and momentum")).to_be_visible()
    expect(page.locator(".moment tbody tr")).to_have_count(3)
    expect(page.locator(".moment .title")).to_have_text(re.compile(r"All runs at step [1-9]"))
    page.wait_for_function(MEETING, arg=LEAD, timeout=WAIT)  # the first pictures come at once, all others there
    keep(page, "1 in lock-step")

    button(page, "Pause all").click()
    expect(button(page, "Resume")).to_be_enabled()
    page.reload()
    expect(page.locator(".moment tbody tr").first).to_contain_text("Paused at step")
    button(page, "Resume").click()
    expect(button(page, "Pause all")).to_be_enabled()
    page.get_by_text("Accuracy against value", exact=True).click()
    expect(page.locator(".js-plotly-plot .scatterlayer .trace").last.locator(".points path")).to_have_count(3)
    keep(page, "2 scores")
    button(page, "Stop").click()
    expect(page.locator(".moment tbody tr").first).to_contain_text(re.compile("Stopped|Finished"))

    button(page, "All studies").click()
    expect(page.get_by_text("Finished: 3 runs")).to_be_visible()
    page.get_by_role("link", name="Adam against SGD and momentum").click()
    expect(page.locator(".moment tbody tr")).to_have_count(3)
    page.locator("[class*='st-key-lab-delete-'] button").first.click()
    button(page, "Delete the study and its runs").click()
    expect(page.get_by_text("None yet. Start one above")).to_be_visible()
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_text("No runs yet")).to_be_visible()

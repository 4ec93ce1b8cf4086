"""The look page in a real Chromium: a series is forecast live, and one click puts three memories side by side."""
from __future__ import annotations

import re

import pytest

from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
WAIT = 90_000  # ms; a busy machine may take its time, a right page never needs it


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with serving("app.py", tmp_path_factory.mktemp("look_runs")) as address:
        yield address


@pytest.fixture
def page(app, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 1100})
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


def to(page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    expect(page).to_have_url(re.compile(f"/{name.lower()}"))


def view(page, name: str) -> None:
    page.locator(".st-key-look-view button", has_text=name).click()


def points(page, name: str) -> list[tuple[float, float]]:
    """The points of one line of the figure, as (step, value)."""
    return page.locator(".js-plotly-plot").evaluate(
        "(plot, name) => { const { x, y } = plot._fullData.find((trace) => trace.name === name);"
        " return Array.from(y, (value, at) => [x[at], value]).filter(([, value]) => Number.isFinite(value)); }", name)


def test_a_series_is_forecast_and_three_memories_compared(page, keep):
    page.get_by_role("button", name="Presets", exact=True).click()
    page.locator(".st-key-preset-airline button").first.click()
    expect(page.get_by_text("ready to train")).to_be_visible()
    expect(page.get_by_text("Airline passengers").first).to_be_visible()
    page.get_by_role("link", name="Change the task or the training settings").click()
    page.locator(".st-key-setup-train button").click()
    expect(page).to_have_url(re.compile("run="))

    to(page, "Look")
    expect(page.get_by_text("500 steps, finished")).to_be_visible()
    expect(page.locator(".gtitle", has_text="Forecasts in thousand passengers")).to_be_visible()
    expect(page.get_by_text("Mean absolute error").first).to_be_visible()
    target, one, many = (points(page, name) for name in ("target", "one step ahead", "multi-step"))
    assert [len(line) for line in (target, one, many)] == [48, 24, 25]
    assert many[0] == target[23] and one[0] == pytest.approx(many[1], rel=1e-5)  # both begin where the past ends
    x, y = page.locator(".js-plotly-plot").evaluate(
        "(plot) => { const { xaxis, yaxis } = plot._fullLayout, box = plot.getBoundingClientRect();"
        " return [box.x + xaxis._offset + xaxis.d2p(24), box.y + yaxis._offset + 100]; }")
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y)
    expect(page.locator(".hoverlayer")).to_contain_text("Jan 1959")
    expect(page.locator(".hoverlayer")).to_contain_text("target : 360")
    keep(page, "1 forecast")

    view(page, "Side by side")
    page.get_by_role("button", name="Train the missing ones: RNN and GRU").click()
    expect(page.locator(".column .when", has_text=", finished")).to_have_count(3)
    expect(page.locator(".column .verdict-of", has_text="predicts")).to_have_count(3)
    expect(page.locator(".js-plotly-plot .scatterlayer .trace")).to_have_count(3)
    expect(page.get_by_text(re.compile("LSTM: "))).to_be_visible()
    expect(page.get_by_role("button", name="Train the missing")).to_have_count(0)
    keep(page, "2 side by side")

    view(page, "Gradient")
    expect(page.locator(".gtitle")).to_have_text(
        "Gradient norm at each step, relative to its norm at the step where it enters")
    expect(page.locator(".js-plotly-plot .scatterlayer .trace")).to_have_count(1)  # no longer the three side by side
    line = points(page, page.locator(".js-plotly-plot").evaluate("(plot) => plot._fullData[0].name"))
    assert len(line) == 24 and line[-1][1] >= line[0][1]  # what stands at the end weighs more
    page.get_by_text("My own", exact=True).click()
    expect(page.get_by_text("The target is not known here")).to_be_visible()
    view(page, "Forecast")
    expect(page.get_by_text("The target is not known yet")).to_be_visible()
    assert len(points(page, "multi-step")) == 25

"""Plotly figures in a real Chromium: drawn in both themes, zoom and legend outlive ticks, pictures are saved."""
from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.browser.serving import ROOT, serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

WAIT = 60_000  # ms; a busy machine may take its time, a right page never needs it


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("plot_app")
    (home / "static").symlink_to(ROOT / "static")
    shutil.copy(ROOT / "tests/browser/apps/plot_app.py", home / "app.py")
    with serving(home / "app.py", home) as address:
        yield address


@pytest.fixture
def open_plots(server, browser):
    contexts, faults = [], []

    def open_page(query: str = "", **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 1500}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{server}/{query}")
        expect(page.locator(".js-plotly-plot")).to_have_count(3, timeout=WAIT)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def _range(page) -> list[float]:
    return page.locator(".js-plotly-plot").first.evaluate("(plot) => plot.layout.xaxis.range")


def _drag_across(page, plot) -> None:
    """Zoom into the middle of the chart, as a person does."""
    box = plot.locator(".nsewdrag").first.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.3, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=4)
    page.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=4)
    page.mouse.up()
    page.wait_for_function("(plot) => plot.layout.xaxis.autorange === false", arg=plot.element_handle())


def test_figures_follow_the_theme_and_nothing_fails(open_plots, keep):
    for scheme in ("light", "dark"):
        page = open_plots(color_scheme=scheme)
        font = page.locator(".js-plotly-plot").first.evaluate("(plot) => plot.layout.template.layout.font.color")
        assert font.startswith(("rgb", "#")) and "var(" not in font
        scale = page.locator(".js-plotly-plot").nth(1).evaluate("(plot) => JSON.stringify(plot.data[0].colorscale)")
        assert "var(" not in scale
        keep(page, scheme)


def test_a_zoom_and_a_hidden_line_outlive_ticks(open_plots):
    page = open_plots("?tick=1")
    plot = page.locator(".js-plotly-plot").first
    _drag_across(page, plot)
    zoomed = _range(page)
    plot.locator(".legendtoggle").nth(1).click()
    page.wait_for_function("(plot) => plot._fullData[1].visible === 'legendonly'", arg=plot.element_handle())
    plot.evaluate("(plot) => { plot.seen = 0; plot.on('plotly_afterplot', () => plot.seen++); }")
    for _ in range(200):
        if plot.evaluate("(plot) => plot.seen") >= 3:
            break
        page.wait_for_timeout(100)
    assert plot.evaluate("(plot) => plot.seen") >= 3
    assert _range(page) == zoomed and zoomed[1] - zoomed[0] < 15
    assert plot.evaluate("(plot) => plot._fullData[1].visible") == "legendonly"
    page.locator("figure").first.get_by_role("button", name="Reset view").click()
    page.wait_for_function("(plot) => plot.layout.xaxis.autorange === true", arg=plot.element_handle())


def test_pictures_and_a_page_are_saved(open_plots):
    page = open_plots()
    tools = page.locator("figure").first
    for label, start in (("PNG", b"\x89PNG"), ("SVG", b"<svg"), ("HTML", b"<!doctype html>")):
        with page.expect_download(timeout=WAIT) as download:
            tools.get_by_role("button", name=label).click(force=True)
        content = download.value.path().read_bytes()
        assert content[:200].lstrip().lower().startswith(start.lower()), label
        if label == "HTML":
            assert b"Plotly.newPlot" in content and len(content) > 4_000_000


def test_who_cannot_see_it_is_told_what_it_shows(open_plots):
    page = open_plots()
    expect(page.get_by_role("figure", name="A confusion matrix")).to_be_visible()
    page.get_by_text("Data", exact=True).first.click()
    expect(page.locator("figure table").first).to_contain_text("x")

"""The live curves in a real Chromium, over a made-up run: one mount, a zoom that outlives ticks, marks."""
from __future__ import annotations

import re
import shutil
import time

import pytest

from tests.browser.serving import ROOT, serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

WAIT = 30_000  # ms; a busy machine may take its time, a right page never needs it
BASE = "lab/curves"  # the app lives below a path, as behind a school's proxy: harder for static files


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home = tmp_path_factory.mktemp("curves_app")
    (home / "static").symlink_to(ROOT / "static")
    shutil.copy(ROOT / "tests/browser/apps/curves_app.py", home / "app.py")
    options = ("--server.baseUrlPath", BASE, "--client.showSidebarNavigation", "true")
    with serving(home / "app.py", home, *options) as address:
        yield f"{address}/{BASE}"


@pytest.fixture
def open_curves(server, browser):
    """Open the page with a query; any fault that the page reports on the way fails the test."""
    contexts, faults = [], []

    def open_page(query: str, path: str = "train", script: str = "", routes: dict | None = None, **options):
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("response", lambda answer: answer.status >= 400 and "/app/static/" in answer.url
                and faults.append(f"{answer.status} {answer.url}"))
        page.add_init_script(script)
        for pattern, handle in (routes or {}).items():
            page.route(pattern, handle)
        page.goto(f"{server}/{path}?{query}")
        if path == "train":
            expect(page.locator(".plot canvas").first).to_be_visible(timeout=60_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


def ticks(page) -> int:
    return int(re.search(r"tick (\d+)", page.get_by_text(re.compile(r"^tick \d+")).inner_text())[1])


def wait_ticks(page, count: int) -> None:
    goal = ticks(page) + count
    expect(page.get_by_text(re.compile(r"^tick \d+"))).to_have_text(at_least(goal), timeout=120_000)


def at_least(number: int) -> re.Pattern:
    """A pattern for `tick N;` with N in the next few hundred: a locator can only wait for a text."""
    return re.compile("^tick (" + "|".join(str(n) for n in range(number, number + 400)) + ");")


def visible_steps(page, panel: int = 0) -> tuple[int, int]:
    """What the cursor reads at the chart's left and right end."""
    box = page.locator(".u-over").nth(panel).bounding_box()
    ends = []
    for x in (box["x"] + 2, box["x"] + box["width"] - 2):
        page.mouse.move(x, box["y"] + 90)
        page.mouse.move(x, box["y"] + 91)
        step = re.match(r"step ([\d,]+)", page.locator(".readout").inner_text())[1]
        ends.append(int(step.replace(",", "")))
    page.mouse.move(5, 5)
    return ends[0], ends[1]


def drag(page, start: float, end: float, panel: int = 0) -> None:
    """Zoom from one share of the chart's width to another."""
    box = page.locator(".u-over").nth(panel).bounding_box()
    page.mouse.move(box["x"] + start * box["width"], box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], box["y"] + 80, steps=6)
    page.mouse.up()


COUNT_MOUNTS = """
    window.mounts = [];
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (options) {
        const root = attach.call(this, options);
        new MutationObserver((changes) => changes.flatMap((one) => [...one.addedNodes])
            .forEach((node) => node.matches?.(".curves") && window.mounts.push(node)))
            .observe(root, { childList: true });
        return root;
    };
"""


def test_a_hundred_ticks_are_one_mount_even_where_the_program_comes_late(open_curves):
    def late(route):
        time.sleep(1)  # ticks go on meanwhile, so calls overtake each other
        route.continue_()

    page = open_curves("grow=7&every=0.1", script=COUNT_MOUNTS, routes={"**/curves/main.js*": late})
    page.locator(".plot canvas").first.evaluate("(canvas) => { canvas.stamp = 'the first'; }")
    label = page.locator(".plot").first.get_attribute("aria-label")
    wait_ticks(page, 100)
    assert page.evaluate("window.mounts.length") == 1
    assert page.locator(".plot canvas").first.evaluate("(canvas) => canvas.stamp") == "the first"
    assert page.locator(".plot").first.get_attribute("aria-label") != label


def test_a_component_that_left_the_page_is_cleaned_up(open_curves):
    page = open_curves("start=500&grow=0", script=COUNT_MOUNTS)
    page.get_by_role("link", name="home").click()
    expect(page.get_by_text("The curves are on the other page.")).to_be_visible()
    page.wait_for_function("window.mounts.every((root) => !root.parentNode && !root.querySelector('canvas'))")


def test_the_axis_is_the_planned_run(open_curves):
    page = open_curves("start=500&grow=0")
    low, high = visible_steps(page)
    assert low < 50 and high > 4950
    expect(page.locator(".readout")).to_have_text(re.compile(r"^step 500 of 5,000\s+·\s+epoch 0\.5"))


def test_a_zoom_outlives_twenty_ticks_in_all_panels_and_the_keyboard_ends_it(open_curves):
    page = open_curves("start=3000&grow=5")
    expect(page.get_by_role("button", name="Reset zoom")).to_be_hidden()
    drag(page, 0.2, 0.3)
    expect(page.get_by_role("button", name="Reset zoom")).to_be_visible()
    before = visible_steps(page)
    assert 950 < before[0] < 1050 and 1450 < before[1] < 1550
    wait_ticks(page, 20)
    assert visible_steps(page) == before
    assert abs(visible_steps(page, panel=1)[0] - before[0]) < 5
    page.get_by_role("button", name="Reset zoom").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Reset zoom")).to_be_hidden()
    assert visible_steps(page)[1] > 4950


def test_a_double_click_ends_the_zoom(open_curves):
    page = open_curves("start=3000&grow=5")
    drag(page, 0.2, 0.3, panel=1)
    expect(page.get_by_role("button", name="Reset zoom")).to_be_visible()
    page.locator(".u-over").first.dblclick()
    expect(page.get_by_role("button", name="Reset zoom")).to_be_hidden()
    assert visible_steps(page)[1] > 4950


def test_where_the_run_has_not_come_yet_there_is_nothing_to_zoom_into(open_curves):
    page = open_curves("start=1000&grow=0")
    drag(page, 0.5, 0.7)
    assert visible_steps(page)[1] > 4950
    drag(page, 0.1, 0.7)
    expect(page.get_by_role("button", name="Reset zoom")).to_be_visible()


def test_another_run_starts_without_the_zoom(open_curves):
    page = open_curves("start=3000&grow=5")
    drag(page, 0.2, 0.3)
    expect(page.get_by_role("button", name="Reset zoom")).to_be_visible()
    page.get_by_role("button", name="Another run").click()
    expect(page.get_by_role("button", name="Reset zoom")).to_be_hidden()
    assert visible_steps(page)[1] > 4950


def test_log_scale_and_epochs_keep_the_zoom(open_curves):
    page = open_curves("start=3000&grow=5")
    drag(page, 0.2, 0.3)
    before = visible_steps(page)
    page.get_by_text("Log scale", exact=True).click()
    page.get_by_text("Epochs", exact=True).click()
    wait_ticks(page, 3)
    assert visible_steps(page) == before


def test_a_zoom_brings_finer_points(open_curves):
    page = open_curves("start=100000&planned=100000&grow=0")
    drag(page, 0.50, 0.503)
    box = page.locator(".u-over").first.bounding_box()
    values = set()
    wait_ticks(page, 3)
    for x in range(20, 420, 8):
        page.mouse.move(box["x"] + x, box["y"] + 90)
        values.add(page.locator(".value").first.inner_text())
    assert len(values) > 12, "without points sent for this stretch there would be three or four"


def test_the_empty_chart_says_what_to_do_until_points_come(open_curves):
    page = open_curves("start=0&grow=0")
    expect(page.locator(".empty")).to_have_text(["No points yet: press Train"] * 2)
    expect(page.locator(".plot").first).to_have_attribute("aria-label", "Loss: no points yet")
    page = open_curves("start=1&grow=0")
    expect(page.locator(".empty").first).to_be_hidden()
    label = re.compile(r"^Loss at step 1: training \d")
    expect(page.locator(".plot").first).to_have_attribute("aria-label", label)


def test_the_cursor_reads_all_panels_and_the_marks(open_curves):
    page = open_curves("start=5000&grow=0")
    last = page.locator(".value").all_inner_texts()
    box = page.locator(".u-over").first.bounding_box()
    page.mouse.move(box["x"] + 0.05 * box["width"], box["y"] + 60)
    expect(page.locator(".value").first).not_to_have_text(last[0])
    expect(page.locator(".value").nth(2)).not_to_have_text(last[2])
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 60)
    expect(page.locator(".readout")).to_contain_text("learning rate 0.001 → 0.0003")
    page.mouse.move(5, 5)
    expect(page.locator(".value")).to_have_text(last)


def test_a_run_that_diverged_says_so_and_still_draws(open_curves):
    page = open_curves("start=5000&grow=0&nan=1")
    expect(page.locator(".value").first).to_have_text("NaN")
    expect(page.locator(".value").nth(1)).to_have_text(re.compile(r"^0\.\d+"))


def test_eight_runs_share_a_chart_and_their_names_are_only_text(open_curves):
    page = open_curves("start=3000&runs=8")
    expect(page.locator(".entry")).to_have_count(8)
    expect(page.locator(".entry").nth(2)).to_contain_text("<b>no bold</b>")
    assert page.locator(".curves b").count() == 0
    entry = page.locator(".entry").first
    entry.click()
    expect(entry).to_have_attribute("aria-pressed", "false")
    wait_ticks(page, 3)
    expect(entry).to_have_attribute("aria-pressed", "false")
    entry.click()
    expect(entry).to_have_attribute("aria-pressed", "true")


def test_the_page_may_be_reached_by_link_by_menu_and_again(open_curves):
    page = open_curves("start=500&grow=0", path="")
    page.get_by_role("link", name="Train").click()
    expect(page.locator(".plot canvas")).to_have_count(2)
    page.reload()
    expect(page.locator(".plot canvas")).to_have_count(2)
    page.get_by_role("link", name="home").click()
    expect(page.locator(".plot canvas")).to_have_count(0)
    page.get_by_role("link", name="Train").click()
    expect(page.locator(".plot canvas")).to_have_count(2)


@pytest.mark.parametrize(("width", "stacked"), [(1440, False), (800, True)])
def test_panels_lie_side_by_side_or_stacked(open_curves, width, stacked):
    page = open_curves("start=500&grow=0", viewport={"width": width, "height": 900})
    first, second = (page.locator(".panel").nth(i).bounding_box() for i in (0, 1))
    assert (second["y"] > first["y"] + 100) is stacked
    canvas = page.locator(".plot canvas").first.bounding_box()
    assert abs(canvas["width"] - first["width"]) < 3


def test_the_chart_follows_its_container_and_the_theme(open_curves):
    page = open_curves("start=500&grow=0", device_scale_factor=2)
    canvas = page.locator(".plot canvas").first
    wide = canvas.bounding_box()["width"]
    assert canvas.evaluate("(canvas) => canvas.width") == round(2 * wide)
    page.set_viewport_size({"width": 1100, "height": 900})
    expect(canvas).not_to_have_attribute("width", str(round(2 * wide)))
    light = page.locator(".swatch").first.evaluate("(swatch) => getComputedStyle(swatch).color")
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".swatch").first).not_to_have_css("color", light)

"""The slow motion page in a real Chromium: five steps by button and key, a weight, a kernel that slides."""
from __future__ import annotations

import re

import pytest

from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
WAIT = 90_000  # ms; a busy machine may take its time, a right page never needs it


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with serving("app.py", tmp_path_factory.mktemp("motion")) as address:
        yield address


@pytest.fixture
def page(app, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
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


def number(text: str) -> float:
    """The last number of a text, as people read it."""
    found = re.findall(r"[−-]?\d+\.?\d*(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?", text)[-1].replace("−", "-")
    if "·10" not in found:
        return float(found)
    head, power = found.split("·10")
    return float(head) * 10 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))


def made(page) -> tuple[float, float]:
    """What the browser has worked out for the cell that is lifted out, and what the layer gave."""
    expect(page.locator(".sliding .check")).to_contain_text("✓ the layer gave")
    return tuple(number(page.locator(f".sliding .{name}").inner_text()) for name in ("result", "check"))


def test_an_update_step_by_step_and_a_kernel_that_slides(page, keep):
    page.get_by_role("button", name="Presets", exact=True).click()
    page.locator(".st-key-preset-cnn button").first.click()
    expect(page.get_by_text("ready to train")).to_be_visible()
    page.get_by_role("link", name="One update in slow motion").click()
    counter = page.locator(".player .counter")
    expect(counter).to_have_text("1 Forward: image (before the first step)")
    assert page.locator(".player .card .name").all_inner_texts()[:3] == ["image", "conv1", "relu1"]

    page.get_by_role("button", name="Next (right arrow)").click()
    expect(counter).to_contain_text("1 Forward: conv1")
    for key, shown in (("ArrowLeft", "1 Forward: image"), ("2", "2 Loss"), ("3", "3 Gradients: output"),
                       ("ArrowRight", "3 Gradients: relu3"), ("4", "4 Clip"), ("5", "5 Update")):
        page.keyboard.press(key)
        expect(counter).to_contain_text(shown)
    expect(page.locator(".player .detail")).to_contain_text("On this batch the loss has fallen.")
    page.keyboard.press("1")
    page.get_by_role("button", name="Play (space)").click()
    expect(counter).to_contain_text("1 Forward: relu1")  # it plays by itself
    page.get_by_role("button", name="Pause (space)").click()
    keep(page, "1 player")

    checks = page.locator(".weight .check")
    expect(checks).to_contain_text(["✓ the same as what automatic", "✓ the same by trying"])
    assert number(page.locator(".weight .uses tfoot tr").last.inner_text()) == pytest.approx(
        number(checks.first.inner_text()))
    box = page.get_by_label("To unit (0 to 127)")
    box.fill("0")
    box.press("Enter")
    expect(page.locator(".weight")).to_contain_text("w[0, ")
    expect(checks.first).to_contain_text("✓")

    page.get_by_text("Inside a layer").click()
    expect(page.locator(".sliding h4").first).to_have_text("Input channel 0: 28 x 28")
    assert made(page)[0] == pytest.approx(made(page)[1], abs=2e-4)
    title = page.locator(".sliding .inside h4")
    left, right = page.locator(".sliding canvas.grid").first, page.locator(".sliding canvas.grid").last
    side = left.bounding_box()["width"] / 28
    left.hover(position={"x": 8.5 * side, "y": 11.5 * side})  # the middle of the window of row 10, column 7
    expect(title).to_contain_text("Row 10, column 7")
    first = made(page)
    assert first[0] == pytest.approx(first[1], abs=2e-4)
    side = right.bounding_box()["width"] / 26
    right.hover(position={"x": 12.5 * side, "y": 9.5 * side})
    expect(title).to_contain_text("Row 9, column 12")
    right.press("ArrowDown")
    expect(title).to_contain_text("Row 10, column 12")
    left.press("ArrowRight")
    expect(title).to_contain_text("Row 10, column 13")
    second = made(page)
    assert second[0] == pytest.approx(second[1], abs=2e-4) and second != first
    keep(page, "2 kernel")

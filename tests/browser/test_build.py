"""The build page in a real browser: add, break, read, repair, undo, train; files, links, names, light and dark."""
from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dlviz import presets
from dlviz.spec import from_json
from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

WAIT = 30_000  # ms; a busy machine may take its time, a right page never needs it


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving("app.py", tmp_path_factory.mktemp("build_home")) as address:
        yield address


class Build:
    """The page as a user sees it."""

    def __init__(self, page):
        self.page = page

    def card(self, name: str):
        return self.page.locator(".slot").filter(has=self.page.locator(".name", has_text=exactly(name)))

    def cards_are(self, *names: str) -> None:
        expect(self.page.locator(".slot:not(.pending) .name")).to_have_text(list(names))

    def button(self, name: str):
        return self.page.get_by_role("button", name=name, exact=True)

    def choose(self, name: str) -> None:
        self.card(name).locator(".card").click()
        expect(self.page.get_by_role("textbox", name="Name")).to_have_value(name)

    def open_preset(self, key: str) -> None:
        self.button("Presets").click()
        self.page.locator(f".st-key-preset-{key} button").click()
        expect(self.page.get_by_role("dialog")).to_have_count(0)
        expect(self.page.get_by_role("heading", name=presets.get(key).title, exact=True)).to_be_visible()


def exactly(text: str) -> re.Pattern:
    return re.compile(f"^{re.escape(text)}$")


@pytest.fixture
def visit(server, browser):
    contexts, faults = [], []

    def open_page(query: str = "", **options) -> Build:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        expect.set_options(timeout=WAIT)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(f"{server}/{query}")
        expect(page.locator(".stack .input")).to_have_count(1, timeout=90_000)
        return Build(page)

    yield open_page
    for context in contexts:
        for page in context.pages:
            assert page.locator('[data-testid="stException"]').count() == 0
        context.close()
    assert faults == []


MLP = ("flatten", "hidden1", "relu1", "hidden2", "relu2", "output")


def test_the_story_of_a_network_that_is_broken_and_mended(visit):
    build = visit()
    build.cards_are(*MLP)
    expect(build.button("Play").first).to_be_enabled()

    build.choose("relu1")
    build.page.locator(".item", has_text="Dropout").first.click()
    build.cards_are("flatten", "hidden1", "relu1", "dropout1", "hidden2", "relu2", "output")
    expect(build.page.get_by_text("switches off a random share of the numbers").first).to_be_visible()
    expect(build.card("dropout1").locator("img.picture")).to_be_visible()

    build.choose("flatten")
    build.card("flatten").locator(".card").press("Delete")
    problem = build.card("hidden1").locator(".problem")
    expect(problem).to_contain_text("Layer hidden1 (Linear) takes a vector")
    expect(problem).to_contain_text("image gives an image of 1 x 28 x 28. Put a Flatten between them.")
    expect(build.button("Play").first).to_be_disabled()
    expect(build.page.get_by_text("1 layer has an error")).to_be_visible()

    problem.get_by_role("button", name="Insert Flatten").click()
    build.cards_are("flatten1", "hidden1", "relu1", "dropout1", "hidden2", "relu2", "output")
    expect(build.page.locator(".problem:visible")).to_have_count(0)
    expect(build.button("Play").first).to_be_enabled()

    for _ in range(3):
        build.page.locator(".bar").get_by_role("button", name="Undo").click()
    build.cards_are(*MLP)
    expect(build.button("Play").first).to_be_enabled()
    build.button("Play").first.click()
    build.page.get_by_role("link", name="Train", exact=True).click()
    build.page.wait_for_url("**/train?run=*")


def test_a_field_is_changed_in_the_inspector_and_undone_by_key(visit):
    build = visit()
    build.choose("hidden1")
    width = build.page.get_by_role("spinbutton", name="out_features")
    width.fill("50")
    width.press("Enter")
    expect(build.card("hidden1").locator(".shape")).to_have_text("50")
    expect(build.card("relu1").locator(".shape")).to_have_text("50")
    build.card("hidden1").locator(".card").click()
    build.page.keyboard.press("Control+z")
    expect(build.card("hidden1").locator(".shape")).to_have_text("128")
    expect(width).to_have_value("128")


def test_a_skip_is_wired_in_the_inspector(visit):
    build = visit()
    build.open_preset("resnet")
    build.choose("add1")
    expect(build.page.locator(".st-key-inspector").get_by_text("norm1b (16 x 28 x 28)")).to_be_visible()
    expect(build.card("add1").locator(".from")).to_contain_text("norm1b, relu0")


def test_a_design_is_saved_opened_and_shared(visit, server, tmp_path):
    build = visit()
    build.open_preset("lenet")
    expect(build.page.get_by_text("Undo restores the previous design.")).to_be_visible()
    with build.page.expect_download() as download:
        build.button("Save").click()
    assert download.value.suggested_filename == "LeNet-5.json"
    file = tmp_path / "net.json"
    download.value.save_as(file)
    assert from_json(file.read_bytes()) == presets.get("lenet").experiment

    build.button("Link").click()
    link = build.page.locator(".st-key-link code").inner_text()
    assert link.startswith(f"{server}/?experiment=")
    other = visit(link.removeprefix(f"{server}/"))
    expect(other.page.get_by_role("heading", name="LeNet-5", exact=True)).to_be_visible()
    assert "experiment" not in other.page.url

    third = visit()
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"version": 7}))
    upload(third, bad)
    expect(third.page.get_by_role("dialog")).to_contain_text("this one has version 7")
    third.page.keyboard.press("Escape")
    third.cards_are(*MLP)
    upload(third, file)
    expect(third.page.get_by_role("dialog")).to_have_count(0)
    expect(third.page.get_by_role("heading", name="LeNet-5", exact=True)).to_be_visible()


def upload(build: Build, file: Path) -> None:
    build.button("Open").click()
    build.page.get_by_role("dialog").locator('input[type="file"]').set_input_files(file)


def test_a_link_cut_in_half_gets_its_sentence_and_the_page_stays(visit):
    build = visit("?experiment=" + presets.get("lenet").experiment.to_link()[:40])
    expect(build.page.get_by_text("The link must carry a whole experiment, but it is cut or changed.")).to_be_visible()
    build.cards_are(*MLP)


def test_a_name_with_markup_is_shown_as_it_was_typed(visit):
    build = visit()
    build.choose("hidden1")
    name = '<img src=x onerror="alert(1)">**b**'
    box = build.page.get_by_role("textbox", name="Name")
    box.fill(name)
    box.press("Enter")
    expect(build.card(name)).to_have_count(1)
    build.card("flatten").locator(".card").click()
    build.card("flatten").locator(".card").press("Delete")
    expect(build.card(name).locator(".problem")).to_contain_text(f"Layer {name} (Linear) takes a vector")
    assert build.page.locator(".stack img:not(.picture), .st-key-inspector img[src='x']").count() == 0


def test_the_design_is_there_again_after_a_reload(visit):
    build = visit()
    build.choose("relu2")
    build.page.keyboard.press("Control+d")
    build.cards_are("flatten", "hidden1", "relu1", "hidden2", "relu2", "relu3", "output")
    build.page.wait_for_timeout(500)  # the visitor's cookie and the draft are written after the page is drawn
    build.page.reload()
    build.cards_are("flatten", "hidden1", "relu1", "hidden2", "relu2", "relu3", "output")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 800])
def test_nothing_is_cut_off(visit, scheme, width):
    build = visit(color_scheme=scheme)
    build.page.set_viewport_size({"width": width, "height": 900})
    build.choose("hidden1")
    expect(build.page.get_by_role("spinbutton", name="out_features")).to_be_visible()
    overflow = build.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    boxes = build.page.locator(".st-key-inspector input, .st-key-build_bar button").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect()).filter((box) => box.width).map((b) => [b.left, "
        "b.right])")
    assert len(boxes) >= 6
    assert all(left >= 0 and right <= width for left, right in boxes)

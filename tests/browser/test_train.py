"""The train and runs pages in a real Chromium over real training, and what they must survive."""
from __future__ import annotations

import re
import sqlite3
import time
from pathlib import Path

import pytest

from dlviz import presets
from dlviz.owners import owner_of
from dlviz.spec import Experiment
from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

WAIT = 90_000  # ms; a busy machine may take its time, a right page never needs it
VISITOR = "a-visitor-of-the-browser-test"


def small(name: str, train_fraction: float, epochs: int) -> Experiment:
    """A ready network that learns from a part of the data."""
    experiment = presets.get(name).experiment
    training = experiment.training.model_copy(update={"train_fraction": train_fraction, "epochs": epochs})
    return experiment.model_copy(update={"training": training})


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home = tmp_path_factory.mktemp("train_home")
    (home / "drafts").mkdir()
    with serving("app.py", home) as address:
        yield address, home


@pytest.fixture
def visit(server, browser):
    """Opens the train page as a visitor with this design in hand; a fault in the browser fails the test."""
    address, home = server
    contexts, faults = [], []

    def open_page(experiment: Experiment, visitor: str, **options):
        (home / "drafts" / f"{owner_of(visitor)}.json").write_text(experiment.to_json())
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 1000}, **options})
        context.add_cookies([{"name": "dlviz_visitor", "value": visitor, "url": address}])
        contexts.append(context)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.goto(address)
        page.get_by_role("link", name="Change the task or the training settings").click()
        expect(page.get_by_role("textbox", name="Name of the run")).to_be_visible(timeout=WAIT)
        expect(button(page, "Train")).to_be_enabled(timeout=WAIT)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


def button(page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def menu_link(page, name: str):
    return page.get_by_test_id("stTopNav").get_by_role("link", name=name)


def progress(page):
    return page.locator('[data-testid="stProgress"]')


def step(page) -> int:
    found = re.search(r"Step ([\d,]+) of", progress(page).inner_text())
    return int(found[1].replace(",", "")) if found else 0


def one_input_holds(page, label: str, value: str) -> None:
    """Until one number of this label is left, with this value; for a moment after a change there may be two."""
    page.wait_for_function("""([label, value]) => {
        const found = document.querySelectorAll(`input[type="number"][aria-label="${label}"]`);
        return found.length === 1 && found[0].value === value;
    }""", arg=[label, value], timeout=WAIT)


def wait_beyond(page, goal: int) -> None:
    """Until the run has made more than `goal` steps."""
    page.wait_for_function("""(goal) => {
        const bar = document.querySelector('[data-testid="stProgress"]');
        const found = /Step ([\\d,]+) of/.exec(bar?.innerText ?? "");
        return found && Number(found[1].replaceAll(",", "")) > goal;
    }""", arg=goal, timeout=WAIT)


def loss(page) -> float:
    return float(page.locator(".panel .value").first.inner_text())


def first_loss(page) -> float:
    """What the legend reads with the pointer at the curve's beginning."""
    box = page.locator(".u-over").first.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.move(box["x"] + 1, box["y"] + 60)
    found = loss(page)
    page.mouse.move(5, 5)
    return found


def paused(page) -> None:
    expect(button(page, "Resume")).to_be_enabled(timeout=WAIT)


def test_the_whole_story(visit, server):
    page = visit(small("mlp", 0.2, 60), VISITOR)
    button(page, "Train").click()
    wait_beyond(page, 120)
    assert first_loss(page) > 1.2, "a fresh network guesses: ln 10 is 2.3, here averaged over nearby steps"
    assert loss(page) < 1, "the loss falls while one looks"

    button(page, "Pause").click()
    paused(page)
    stood = step(page)
    button(page, "One batch").click()
    wait_beyond(page, stood)
    paused(page)
    assert step(page) == stood + 1, "paused means paused, and one batch is one step"

    button(page, "÷ 10").click()
    one_input_holds(page, "Learning rate", "0.0002")
    expect_mark(page, stood + 1, "learning rate 0.002 → 0.0002")
    run = page.url.split("run=")[1]

    button(page, "Resume").click()
    wait_beyond(page, stood + 60)
    zoom(page)
    expect(button(page, "Reset zoom")).to_be_visible(timeout=WAIT)
    wait_beyond(page, step(page) + 40)
    expect(button(page, "Reset zoom")).to_be_visible(timeout=WAIT)

    address = page.url
    assert "?run=" in address
    page.reload()
    wait_beyond(page, stood + 60)
    assert page.url == address, "a refresh finds the same run"
    second = page.context.new_page()
    second.goto(address)
    wait_beyond(second, stood + 60)
    button(second, "Pause").click()
    paused(page)
    button(page, "Stop").click()
    expect(button(second, "Train again")).to_be_enabled(timeout=WAIT)
    assert step(page) == step(second)
    assert marks(server, run) == [("learning_rate", 0.0002)], "no tick ever changed a setting by itself"


def marks(server, run: str) -> list[tuple[str, float]]:
    """The changes of a run as the store has them."""
    time.sleep(1)  # the store is written twice a second
    with sqlite3.connect(server[1] / "runs.sqlite") as db:
        return db.execute("SELECT setting, new FROM marks WHERE run = ?", (run,)).fetchall()


def zoom(page) -> None:
    """Drag over the part of the plan that has been trained."""
    box = page.locator(".u-over").first.bounding_box()
    page.mouse.move(box["x"] + 1, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 60, steps=5)
    page.mouse.up()
    page.mouse.move(5, 5)


def expect_mark(page, at: int, text: str) -> None:
    """The chart's readout names the mark when the pointer is on it."""
    box = page.locator(".u-over").first.bounding_box()
    planned = int(re.search(r"of ([\d,]+)", progress(page).inner_text())[1].replace(",", ""))
    page.mouse.move(box["x"] + at / planned * box["width"], box["y"] + 60)
    page.mouse.move(box["x"] + at / planned * box["width"] + 1, box["y"] + 61)
    expect(page.locator(".readout")).to_contain_text(text, timeout=WAIT)
    page.mouse.move(5, 5)


def test_every_view_shows_what_it_should_and_stays_in_its_place_while_it_ticks(visit):
    page = visit(small("cnn", 0.05, 40), VISITOR + "-2")
    button(page, "Train").click()
    expect(page.locator(".maps img")).to_be_visible(timeout=WAIT)
    expect(page.locator(".bars li")).to_have_count(10, timeout=WAIT)
    page.locator(".maps img").evaluate("(img) => { img.stamp = 'the first'; }")
    picture, place = page.locator(".maps img").get_attribute("src"), page.locator(".maps img").bounding_box()
    wait_beyond(page, step(page) + 20)
    expect(page.locator(".maps img")).not_to_have_attribute("src", picture, timeout=WAIT)
    assert page.locator(".maps img").evaluate("(img) => img.stamp") == "the first", "never built anew"
    assert page.locator(".maps img").bounding_box() == place, "and it does not jump"
    page.locator(".maps img").hover(position={"x": 5, "y": 5})
    expect(page.locator(".maps figcaption")).to_have_text("map 1 of 16", timeout=WAIT)

    page.get_by_role("radio", name="First-layer weights").click()
    expect(page.locator(".maps figcaption")).to_contain_text("16 kernels of 3 x 3", timeout=WAIT)
    page.get_by_role("radio", name="Confusion").click()
    confusion = page.locator(".js-plotly-plot")
    expect(confusion).to_be_visible(timeout=WAIT)
    assert confusion.evaluate("(plot) => plot.data[0].y.length") == 10
    page.get_by_role("radio", name="Mistakes").click()
    expect(page.locator(".card").first).to_contain_text("% sure", timeout=WAIT)
    button(page, "Stop").click()
    expect(button(page, "Train again")).to_be_enabled(timeout=WAIT)
    feature_maps = page.get_by_role("radio", name="Feature maps")
    expect(feature_maps).to_have_count(1, timeout=WAIT)  # while the page is drawn anew the older one still stands
    feature_maps.click()
    expect(page.locator(".maps img")).to_be_visible(timeout=WAIT)


def test_a_finished_run_is_still_and_can_be_taken_home(visit):
    page = visit(small("mlp", 0.02, 2), VISITOR + "-3")
    button(page, "Train").click()
    expect(page.get_by_text("of its answers were right")).to_be_visible(timeout=WAIT)
    page.wait_for_timeout(500)  # what was on its way
    page.evaluate("""() => {
        window.sent = 0;
        const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (data) { window.sent += 1; return send.call(this, data); };
    }""")
    page.wait_for_timeout(1500)
    assert page.evaluate("window.sent") == 0, "nothing is asked of the server any more"
    for name, ending, word in (("PyTorch script", ".py", b"class Network"),
                               ("Curves", ".csv", b"step,epoch,"),
                               ("Weights", ".safetensors", b"hidden1.weight")):
        if not button(page, name).is_visible():
            page.get_by_role("button", name="Export").click()
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        assert download.value.suggested_filename == "classic_mlp" + ending
        assert word in Path(download.value.path()).read_bytes()


def test_runs_are_listed_compared_renamed_and_deleted(visit):
    page = visit(small("mlp", 0.02, 2), VISITOR + "-4")
    button(page, "Train").click()
    expect(button(page, "Train again")).to_be_enabled(timeout=WAIT)
    button(page, "Train again").click()
    expect(page.get_by_role("heading", name="Classic MLP 2")).to_be_visible(timeout=WAIT)  # it may be done at once
    expect(button(page, "Train again")).to_be_enabled(timeout=WAIT)
    menu_link(page, "Runs").click()
    expect(page.get_by_role("link", name="Classic MLP 2")).to_be_visible(timeout=WAIT)
    for box in page.get_by_role("checkbox").all():
        box.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Compare 2 runs").click()
    expect(page.get_by_role("figure", name="Loss and accuracy of 2 runs")).to_be_visible(timeout=WAIT)
    expect(page.locator(".legendtext").first).to_have_text("Classic MLP 2", timeout=WAIT)
    button(page, "All runs").click()

    menu(page, 0, "Rename")
    page.get_by_role("textbox", name="Name").fill("<b>mine</b>")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(page.get_by_role("link", name="<b>mine</b>")).to_be_visible(timeout=WAIT)
    menu(page, 0, "Delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("link", name="<b>mine</b>")).to_be_hidden(timeout=WAIT)
    expect(page.get_by_role("link", name="Classic MLP")).to_be_visible(timeout=WAIT)


def menu(page, row: int, entry: str) -> None:
    menus = page.locator('[class*="st-key-runs.menu"], [class*="st-key-runs-menu"]')
    menus.nth(row).get_by_role("button").click()
    page.get_by_text(entry, exact=True).click()

"""The explain page in a real Chromium: maps are painted, pixels are read out, units go off and on again."""
from __future__ import annotations

import re
import time

import pytest

from dlviz import presets
from dlviz.owners import owner_of
from dlviz.runs.process.engine import WEIGHTS
from dlviz.runs.storage.store import RunRow, Store
from dlviz.spec import Experiment, LayerSpec, NetworkSpec
from dlviz.training import events as ev
from dlviz.training import loop
from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

OWNER = "visitor-of-the-explain-test"
COLORS = """(canvas) => new Set(new Uint32Array(
    canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size"""


def experiment() -> Experiment:
    """A small convolution; the name of a layer of it could be anything."""
    layers = (LayerSpec(name="conv", kind="Conv2d", fields={"out_channels": 12, "kernel_size": 5, "stride": 2}),
              LayerSpec(name="<img src=x onerror=alert(1)>", kind="ReLU"),
              LayerSpec(name="flatten", kind="Flatten"),
              LayerSpec(name="out", kind="Linear", fields={"out_features": 10}))
    base = presets.get("mlp").experiment
    training = base.training.model_copy(update={"epochs": 1, "train_fraction": 0.1})
    return base.model_copy(update={"name": "Learned", "network": NetworkSpec(layers=layers), "training": training})


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The whole app over a data folder with one run that has learned a little; its address and the run's id."""
    home, made = tmp_path_factory.mktemp("explain"), experiment()
    (home / "runs" / "learned").mkdir(parents=True)
    events = loop.train(made, checkpoint=home / "runs" / "learned" / WEIGHTS, device="cpu")
    steps = sum(isinstance(event, ev.Step) for event in events)
    store = Store(home)
    store.write([RunRow("learned", owner_of(OWNER), made.name, time.time(), time.time(), "done", made.to_json(None),
                        step=steps,
                     planned_steps=steps)])
    store.close()
    with serving("app.py", home) as address:
        yield address, "learned"


@pytest.fixture
def page(server, browser):
    address, run = server
    faults: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.add_cookies([{"name": "dlviz_visitor", "value": OWNER, "url": address}])
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.goto(f"{address}/explain?run={run}")
    expect(page.locator(".why .card")).to_have_count(4, timeout=90_000)
    yield page
    context.close()
    assert faults == []


def test_an_answer_is_explained_and_parts_are_switched_off(page, keep):
    why(page)
    keep(page, "why")
    page.get_by_role("radio", name="Top activations").click()
    top_activations(page)
    keep(page, "top_activations")
    page.get_by_role("radio", name="Switch parts off").click()
    without(page)
    keep(page, "without")


def why(page) -> None:
    maps = page.locator(".why .map")
    expect(maps).to_have_count(8)
    assert min(maps.nth(at).evaluate(COLORS) for at in range(8)) > 5
    together, difference = page.locator("[data-name=integrated] dd").all_inner_texts()
    assert abs(number(together) - number(difference)) <= 0.02
    maps.first.hover(position={"x": 60, "y": 60})
    pointed = page.locator(".why .pointed")
    expect(pointed.first).to_have_text(re.compile(r"^row \d+, column \d+: [+−]?[\d.e-]+$"))
    places = {text.split(":")[0] for text in pointed.all_inner_texts()}
    assert len(places) == 1  # the same pixel in all four
    before = page.locator(".why .question").inner_text()
    page.get_by_role("combobox", name="against").click()
    page.get_by_role("option", name=re.compile("^3 ")).click()
    expect(page.locator(".why .question")).to_have_text(re.compile(r"the logit of \d minus that of 3"))
    assert before != page.locator(".why .question").inner_text()


def top_activations(page) -> None:
    expect(page.locator(".unit-card")).to_have_count(12, timeout=60_000)
    alive = page.locator(".unit-card:not(.dead)").first
    expect(alive.locator("li")).to_have_count(6)
    assert alive.locator("canvas").first.evaluate(COLORS) > 3
    alive.locator("li").first.hover()
    expect(alive.locator(".pointed")).to_have_text(re.compile(r"^test sample [\d,]+, target \d: [+−]"))


def without(page) -> None:
    units, chips = page.locator("button.unit"), page.locator(".chips li")
    expect(units).to_have_count(12, timeout=60_000)
    assert page.locator(".explain img").count() == 0  # a layer's name is text
    for unit in (0, 2, 5):
        units.nth(unit).click()  # faster than the page answers
    expect(chips).to_have_text([re.compile("^<img.*: 0, 2, 5$")])
    expect(page.locator("button.unit[aria-pressed=true]")).to_have_count(3)
    loss = [number(text.split("loss")[1]) for text in page.locator(".mark .label:last-child").all_inner_texts()]
    assert loss[0] != loss[1]
    page.get_by_role("button", name="Reset").click()
    expect(chips).to_have_count(0)
    expect(page.locator("button.unit[aria-pressed=true]")).to_have_count(0)
    marks = page.locator(".mark .value").all_inner_texts()
    assert marks[0] == marks[1]


def number(text: str) -> float:
    return float(text.replace("−", "-"))

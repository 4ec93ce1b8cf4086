"""The landscape page in a real Chromium: the playground held to torch, a survey that outlives a refresh."""
from __future__ import annotations

import math
import re
import time

import numpy as np
import pytest
import torch

from dlviz import presets
from dlviz.landscape.survey import Survey
from dlviz.runs.process.engine import WEIGHTS
from dlviz.runs.storage.store import RunRow, Store
from dlviz.training import events as ev
from dlviz.training import loop
from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
WAIT = 90_000  # ms; a busy machine may take its time, a right page never needs it
STEPS, MU = 40, 0.9

HILLS = {  # written down a second time, for autograd
    "bowl": lambda x, y: (x ** 2 + y ** 2) / 2,
    "valley": lambda x, y: (x ** 2 + 100 * y ** 2) / 2,
    "saddle": lambda x, y: x ** 2 / 2 - y ** 2 / 2 + y ** 4 / 20 + 1.25,
    "banana": lambda x, y: (1 - x) ** 2 + 100 * (y - x ** 2) ** 2,
    "two": lambda x, y: (x ** 2 - 1) ** 2 + 0.3 * x + y ** 2 / 2 + 0.3054,
    "beale": lambda x, y: sum((c - x + x * y ** n) ** 2 for n, c in ((1, 1.5), (2, 2.25), (3, 2.625)))}
OPTIM = {
    "SGD": lambda p, lr: torch.optim.SGD(p, lr), "RMSprop": lambda p, lr: torch.optim.RMSprop(p, lr),
    "Momentum": lambda p, lr: torch.optim.SGD(p, lr, momentum=MU),
    "Nesterov": lambda p, lr: torch.optim.SGD(p, lr, momentum=MU, nesterov=True),
    "Adam": lambda p, lr: torch.optim.Adam(p, lr), "Adagrad": lambda p, lr: torch.optim.Adagrad(p, lr)}

RACE = """async ([folder, steps, mu]) => {
  const { GROUNDS, curvature } = await import(folder + "grounds.js"), { KINDS, racer, step } = await
  import(folder + "rules.js"); return Object.fromEntries(Object.entries(GROUNDS).map(([name, hill]) => [name,
  {
    start: hill.start, rates: hill.rates, goals: hill.goals, low: hill.low, curve: curvature(hill,
        hill.start),
    height: hill.height(...hill.start),
    paths: Object.fromEntries(KINDS.map((kind) => {
      const one = racer(kind, hill.rates[kind], mu, hill.start), path = [];
      for (let made = 0; made < steps; made += 1) {
        step(one, hill.slope(...one.at));
        path.push([...one.at]);
      }
      return [kind, path];
    })),
  }]));
}"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A data folder with one finished run of 18 steps."""
    home = tmp_path_factory.mktemp("landscape")
    base = presets.get("mlp").experiment
    fast = base.training.model_copy(update={"epochs": 1, "train_fraction": 0.02})
    experiment = base.model_copy(update={"training": fast})
    (home / "runs" / "short").mkdir(parents=True)
    events = list(loop.train(experiment, checkpoint=home / "runs" / "short" / WEIGHTS, device="cpu"))
    steps = sum(isinstance(event, ev.Step) for event in events)
    store = Store(home)
    store.write([RunRow("short", "somebody-of-this-test", "Short", time.time(), time.time(), "done",
                     experiment.to_json(None), step=steps, planned_steps=steps)])
    store.close()
    return home


@pytest.fixture
def page(home, browser):
    with serving("app.py", home) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        faults: list[str] = []
        context.on("weberror", lambda error: faults.append(str(error.error)))
        page = context.new_page()
        page.set_default_timeout(WAIT)
        expect.set_options(timeout=WAIT)
        page.goto(f"{address}/landscape?run=short")
        yield page
        context.close()
        assert not faults


def button(page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def torch_path(hill: str, kind: str, rate: float, start: list[float]) -> list[list[float]]:
    at = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = OPTIM[kind]([at], rate)
    path = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        HILLS[hill](*at).backward()
        optimizer.step()
        path.append(at.tolist())
    return path


def hold_to_torch(page) -> None:
    """Every hill, every rule: the browser's own path and torch's."""
    found = page.evaluate(RACE, [re.sub(r"/landscape.*", "/app/static/landscape/", page.url), STEPS, MU])
    assert set(found) == set(HILLS)
    for name, hill in found.items():
        start = torch.tensor(hill["start"], dtype=torch.float64)
        assert hill["height"] == pytest.approx(HILLS[name](*start).item())
        bends = torch.autograd.functional.hessian(lambda at: HILLS[name](*at), start)
        assert hill["curve"] == pytest.approx(torch.linalg.eigvalsh(bends)[-1].item(), rel=1e-4)
        for goal in hill["goals"]:
            assert HILLS[name](*goal) == pytest.approx(hill["low"], abs=1e-4)
        assert set(hill["paths"]) == set(OPTIM)
        for kind, path in hill["paths"].items():
            assert np.isfinite(path).all(), (name, kind)  # nobody flies away at first
            expected = torch_path(name, kind, hill["rates"][kind], hill["start"])
            np.testing.assert_allclose(path, expected, rtol=1e-7, atol=1e-9, err_msg=f"{kind} on {name}")


def play(page, keep) -> None:
    button(page, "Step").click()
    expect(page.locator(".play .counter")).to_have_text("Step 1")
    after = HILLS["bowl"](-4 * 0.9, 2.5 * 0.9)
    expect(page.locator(".fate").first).to_have_text(f"{after:.2f} above the lowest point")
    page.get_by_label("Learning rate of SGD", exact=True).fill(str(round(math.log10(2.2) / 0.005) * 0.005))
    expect(page.locator(".play .counter")).to_have_text("Step 0")
    button(page, "×25").click()
    button(page, "Play").click()
    expect(page.locator(".fate.lost")).to_contain_text("a learning rate above 2 / curvature = 2.00 makes every step")
    keep(page, "2 flown away")
    button(page, "Saddle").click()
    expect(page.locator(".teaches")).to_contain_text("A pass between two hills")
    page.locator(".play .scene").click(position={"x": 200, "y": 100})
    expect(page.locator(".play .counter")).to_have_text("Step 0")


def point_at(page, plot, place) -> None:
    """Move the pointer to a place of the map, in two steps as a hand does."""
    x, y = plot.evaluate("(plot, [x, y]) => { const { xaxis, yaxis } = plot._fullLayout;"
                         " const box = plot.getBoundingClientRect();"
                         " return [box.x + xaxis._offset + xaxis.d2p(x), box.y + yaxis._offset + yaxis.d2p(y)]; }",
                         [float(at) for at in place])
    page.mouse.move(x - 3, y - 3)
    page.mouse.move(x, y)


def turn(page, keep) -> None:
    """The same as a surface, turned by hand; it stays so when the scale changes."""
    page.get_by_text("3D", exact=True).click()
    expect(page.get_by_text("Drag to rotate it.")).to_be_visible()
    solid = page.locator(".js-plotly-plot").first
    expect(solid.locator("canvas").first).to_be_visible()
    box = solid.bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 250)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + 270, steps=4)
    page.mouse.up()
    eye = solid.evaluate_handle("(plot) => plot")
    page.wait_for_function("(plot) => plot._fullLayout.scene.camera.eye.x !== 1.05", arg=eye)
    turned = solid.evaluate("(plot) => plot._fullLayout.scene.camera.eye")
    page.get_by_text("Loss", exact=True).click()
    page.wait_for_function("(plot) => plot.data[0].colorbar.title.text === 'loss'", arg=eye)
    assert solid.evaluate("(plot) => plot._fullLayout.scene.camera.eye") == turned
    keep(page, "3 surface")


def test_a_run_is_surveyed_and_balls_roll_as_torch_has_them(page, home, keep):
    page.get_by_label("Detail").click()
    page.get_by_role("option", name="Coarse (21 × 21)").click()
    expect(page.get_by_text("and at 441 points around them")).to_be_visible()
    button(page, "Draw the landscape").click()
    expect(button(page, "Cancel")).to_be_visible()
    page.reload()  # whoever looks, it goes on
    map_ = page.locator(".js-plotly-plot").first
    expect(map_.locator(".contourlayer")).to_be_visible()
    expect(page.get_by_text("are the run's own weights; nothing was trained again.")).to_be_visible()
    keep(page, "1 survey")
    found = Survey.read(next((home / "surfaces").glob("*/survey.npz")))
    hover_text = map_.locator(".hoverlayer")
    point_at(page, map_, found.places[0])
    expect(hover_text).to_contain_text(f"step 0: loss {found.losses[0]:.3g} with the run's weights")
    point_at(page, map_, (found.x[18], found.y[10]))
    expect(hover_text).to_contain_text(f"loss {float(f'{found.loss[10, 18]:.3g}'):g}")
    turn(page, keep)

    hold_to_torch(page)
    page.get_by_text("A ball on a hill").click()
    play(page, keep)

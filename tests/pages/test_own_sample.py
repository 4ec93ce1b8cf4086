"""A sample of the user's own beside the network: drawn or typed, it takes the test sample's place, live too."""
from __future__ import annotations

import numpy as np
import pytest

from dlviz import presets, tasks
from dlviz.errors import RunError
from dlviz.training.control import Watch
from dlviz.training.events import QueryResult
from pages.ui.build import cards, editors, own_sample
from pages.ui.shared import canvas as draw_canvas
from tests.pages.test_dock import build, fed, outputs
from tests.pages.test_draw import Canvas
from tests.pages.train_page import MLP, drawn, service, texts
from tests.pages.train_service import FakeService

__all__ = ["build", "drawn", "fed", "service"]  # fixtures
MNIST = tasks.get("mnist")


@pytest.fixture
def pad(monkeypatch) -> Canvas:
    made = Canvas()
    monkeypatch.setattr(draw_canvas, "_mount", made)
    return made


@pytest.fixture
def asked(service: FakeService, monkeypatch) -> list[tuple]:
    """What the run was asked; it answers with as many ones as layers are wanted."""
    found: list[tuple] = []

    def query(run: str, inputs: tuple, names: tuple[str, ...] = (), timeout: float = 0) -> QueryResult:
        found.append((inputs, names))
        return QueryResult("t", 70, np.ones(10, np.float32), {name: np.ones(len(names)) for name in names})

    monkeypatch.setattr(service, "query", query, raising=False)
    return found


def opened(build, experiment=MLP):
    at = build(experiment)
    at.session_state[editors.VIEW] = editors.CANVAS
    at.button(key="dock.own").click().run()
    assert not at.exception
    return at


def test_a_drawing_runs_through_the_untrained_network_in_place_of_a_test_sample(build, pad, fed):
    at = opened(build)
    test_sample = fed[-1]
    assert "Draw here" in texts(at) and test_sample["pictures"] and "dock.sample" not in [one.key for one in at.button]
    pad.strokes.append("one")
    at.run()
    assert not at.exception and fed[-1]["of"] != test_sample["of"] and len(fed[-1]["bytes"])
    at.button(key="dock.own").click().run()
    assert fed[-1]["of"] == test_sample["of"] and "Draw here" not in texts(at)


def test_while_a_run_trains_the_drawing_is_asked_about_and_no_test_sample_is_looked_at(build, pad, fed, service,
                                                                                       asked):
    service.put("r", MLP, {"captured": outputs("hidden1")}, state="training", step=50)
    at = opened(build)
    assert not asked and service.watched[-1].outputs
    pad.strokes.append("one")
    at.session_state["dock.canvas_feed"] = {"visible": {"names": ["hidden2", "output"], "room": 500}}
    at.run()
    (inputs, names), = asked
    np.testing.assert_array_equal(inputs[0], MNIST.from_picture(pad.pixels())[0])
    assert names == ("hidden2", "output") and fed[-1]["live"] and fed[-1]["step"] == 70
    sizes = [(one["name"], one["width"] * one["height"]) for one in fed[-1]["pictures"]]
    assert sizes == [("hidden2", 2), ("output", 2)]
    assert service.watched[-1] == Watch()


def test_a_run_that_is_too_busy_to_answer_breaks_nothing(build, pad, fed, service, monkeypatch):
    def busy(*_question: object, **_more: object) -> QueryResult:
        raise RunError("The run", "answers", "it is busy", "Wait.")

    monkeypatch.setattr(service, "query", busy, raising=False)
    service.put("r", MLP, {"captured": outputs("hidden1")}, state="training", step=50)
    at = opened(build)
    pad.strokes.append("one")
    at.run()
    assert not at.exception and fed[-1]["live"] and not fed[-1]["pictures"]


def test_what_is_typed_runs_through_and_what_does_not_fit_is_said(build, fed):
    reverse = presets.get("reverse").experiment
    at = opened(build, reverse)
    key, before = f"{own_sample.TEXT}.reverse", fed[-1]
    at.text_input(key=key).set_value("1 2 cat").run()
    assert not at.exception and len(at.error) == 1 and fed[-1]["of"] == before["of"]
    at.text_input(key=key).set_value(tasks.get("reverse").example).run()
    assert not at.exception and not at.error and fed[-1]["of"] != before["of"]


@pytest.mark.parametrize("name", [name for name in tasks.TASKS if own_sample.places.asked(tasks.get(name))])
def test_the_example_of_every_task_that_is_typed_is_what_its_networks_take(name):
    task = tasks.get(name)
    assert [array.shape for array in task.parse(task.example)] == [shape.axes for _, shape in task.signature().inputs]


def test_two_samples_are_two_views_and_the_same_one_is_drawn_once():
    one, other = (own_sample.OwnSample(digest, (np.full((1, 28, 28), value, np.float32),))
                  for digest, value in (("a", 0.1), ("b", 0.9)))
    first, second = cards.view(MLP, False, own=one), cards.view(MLP, False, own=other)
    assert first is cards.view(MLP, False, own=one) and first.own and first.digest != second.digest
    assert not np.array_equal(first.outputs["hidden1"], second.outputs["hidden1"])

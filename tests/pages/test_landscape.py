"""The landscape page without a browser: what is offered, what is asked for, what is sent, what is said."""
from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dlviz import presets
from dlviz.runs.survey import Survey, Wish, key
from dlviz.runs.surveys import Progress
from dlviz.training.events import Changed
from pages.ui import landscape_map, landscape_play, landscape_run, state
from tests.pages.train_service import OWNER, FakeService

APP = str(Path(__file__).parents[2] / "app.py")
MLP, BATCHNORM = (presets.get(key).experiment for key in ("mlp", "resnet"))


def made(**values) -> Survey:
    """A survey as a process makes one."""
    grid = np.linspace(-1, 1, 5)
    usual = {"x": grid, "y": grid, "loss": grid[:, None] ** 2 + grid ** 2 + 0.1,
             "shares": np.array([0.8, 0.1]), "inside": 0.9, "steps": np.array([0, 5, 20]),
             "losses": np.array([2.3, 1.0, 0.1]),
             "places": np.array([[-1.0, 0.5], [-0.5, 0.4], [0, 0]]), "along": np.array([0, 0.6, 1]),
             "line_at": np.linspace(0, 1.25, 6), "line_loss": np.linspace(2.3, 0.1, 6), "samples": 1_024,
             "apart": 0.0, "seconds": 9.0}
    return Survey(**usual | values)


class FakeSurveys:
    def __init__(self) -> None:
        self.found: dict[str, Survey] = {}
        self.under_way: dict[str, Progress] = {}
        self.asked: list[Wish] = []
        self.seen: Wish | None = None

    def find(self, wish: Wish) -> Survey | None:
        self.seen = wish
        return self.found.get(key(wish))

    def progress(self, wish: Wish) -> Progress | None:
        return self.under_way.get(key(wish))

    def ask(self, wish: Wish) -> None:
        self.asked.append(wish)
        self.under_way[key(wish)] = Progress("Training once more from the same seed", 0.4)

    def cancel(self, wish: Wish) -> None:
        self.under_way.pop(key(wish))

    def end(self, survey: Survey) -> None:
        """The last that was asked for is made."""
        name = key(self.asked[-1])
        del self.under_way[name]
        self.found[name] = survey


@pytest.fixture
def service(monkeypatch) -> FakeService:
    found = FakeService()
    monkeypatch.setattr(state, "service", lambda: found)
    return found


@pytest.fixture
def surveys(monkeypatch) -> FakeSurveys:
    found = FakeSurveys()
    monkeypatch.setattr(landscape_run, "surveys", lambda: found)
    return found


@pytest.fixture
def shown(monkeypatch) -> dict:
    last: dict = {}

    def mount(key, data):
        json.dumps(data, allow_nan=False)  # one NaN breaks a component for good
        last[key] = SimpleNamespace(**data)

    for module in (landscape_map, landscape_play):
        monkeypatch.setattr(module, "LANDSCAPE", mount)
    return last


@pytest.fixture
def visit(service, surveys, shown):
    def open_page(**query) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        at.session_state["dlviz.visitor"] = OWNER
        at.run()
        at.switch_page("pages/landscape.py")
        for name, value in query.items():
            at.query_params[name] = value
        shown.clear()
        at.run()
        assert not at.exception
        return at

    return open_page


def texts(at: AppTest) -> str:
    return "\n".join(str(part.value).replace("\\", "") for part in [*at.markdown, *at.caption, *at.error])


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    at.run()
    assert not at.exception
    return at


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def test_without_a_run_it_says_what_to_do(visit):
    assert "There is no run to look around yet" in texts(visit())


def test_a_run_is_surveyed_on_demand_and_shown(visit, service, surveys, shown):
    service.put("r", MLP, name="<b>mine</b>", state="done", step=20)
    at = visit(run="r")
    assert "trained once more from the same seed" in texts(at) and "up to step 20" in texts(at)
    press(at, "Draw the landscape")
    wish = surveys.asked[0]
    assert (wish.step, wish.directions, wish.points, wish.changes) == (20, "path", 31, ()) and wish.retraced
    assert json.loads(wish.experiment)["seed"] == MLP.seed
    assert "Draw the landscape" not in labels(at) and "Do not go on" in labels(at)
    surveys.end(made())
    at.run()
    data = shown["landscape.map"]
    loss = np.frombuffer(base64.b64decode(data.loss), "<f4").reshape(5, 5)
    np.testing.assert_allclose(loss, made().loss, rtol=1e-6)
    assert data.steps == [0, 5, 20] and data.titles[0] == "the path's first direction (80 % of its variance)"
    assert "projection" in " ".join(data.words) and "90.0 %" in " ".join(data.words)
    assert "It ends in the run's own weights." in texts(at) and "1,024 training samples" in texts(at)


def test_left_alone_and_broken_surveys(visit, service, surveys):
    service.put("r", MLP, state="done", step=20)
    at = press(visit(run="r"), "Draw the landscape")
    press(at, "Do not go on")
    assert "Draw the landscape" in labels(at)
    press(at, "Draw the landscape")
    surveys.under_way[key(surveys.asked[-1])] = Progress(error="The disk is *full*.")
    at.run()
    assert "The disk is *full*." in texts(at) and "Try again" in labels(at)


def test_random_directions_and_others(visit, service, surveys, shown):
    service.put("r", MLP, state="done", step=20)
    at = visit(run="r")
    at.segmented_control(key="landscape.directions").set_value("random").run()
    press(at, "Draw the landscape")
    assert surveys.asked[0].directions == "random" and surveys.asked[0].draw == 0
    surveys.end(made(shares=None, inside=1e-5))
    at.run()
    assert "less than 0.1 %" in " ".join(shown["landscape.map"].words)
    press(at, "Other directions")
    assert surveys.seen.draw == 1 and "Draw the landscape" in labels(at)


def test_a_run_that_goes_on_is_surveyed_as_it_was_when_asked(visit, service, surveys, shown):
    service.put("r", MLP, state="training", step=20)
    at = press(visit(run="r"), "Draw the landscape")
    service.become("r", step=50)
    surveys.end(made())
    at.run()
    assert shown["landscape.map"].steps[-1] == 20 and at.query_params["at"] in ("20", ["20"])
    del at.query_params["at"]  # as after a visit to another page
    at.run()
    assert surveys.seen.step == 20
    press(at, "Up to now (step 50)")
    assert surveys.seen.step == 50 and "Draw the landscape" in labels(at)


def test_changes_by_hand_are_made_again_or_named(visit, service, surveys):
    marks = (Changed(5, "learning_rate", 0.002, 0.01), Changed(6, "plateau", 0.01, 0.005),
             Changed(7, "temperature", 1.0, 2.0), Changed(40, "momentum", 0.9, 0.1))
    service.put("r", MLP, {"marks": marks}, state="done", step=20)
    at = press(visit(run="r"), "Draw the landscape")
    assert surveys.asked[0].changes == ((5, "learning_rate", 0.01),)
    surveys.end(made())
    at.run()
    assert "what was changed by hand while it ran (temperature) is not in it" in texts(at)


def test_what_would_take_long_is_said_before(visit, service, surveys, tmp_path):
    service.put("r", BATCHNORM, state="done", step=50_000)
    service.weights = tmp_path / "w.safetensors"
    at = visit(run="r")
    assert "Training it once more takes long" in texts(at)
    at.segmented_control(key="landscape.directions").set_value("random").run()
    press(at, "Draw the landscape")
    assert not surveys.asked[0].retraced and surveys.asked[0].weights == str(service.weights)
    surveys.end(made(steps=np.array([0, 50_000]), shares=None))
    at.run()
    assert "Start and end are the run's own weights" in texts(at)


def test_what_a_survey_says():
    run = SimpleNamespace(experiment=BATCHNORM, step=20)
    wish = Wish("{}", 20)
    said = landscape_map.remarks(run, wish, made(apart=0.02), ())
    assert "2.0 % of the weights' length away" in " ".join(said) and "Running statistics" in " ".join(said)
    again = replace(wish, changes=((2, "momentum", 0.1),))
    assert "changed again" in " ".join(landscape_map.remarks(run, again, made(), ()))
    patient = BATCHNORM.training.model_copy(update={"early_stopping": 3})
    run.experiment = BATCHNORM.model_copy(update={"training": patient})
    assert "best weights" in " ".join(landscape_map.remarks(run, wish, made(), ()))
    assert "only falls" in landscape_map.straight(made())
    hill = np.array([2.3, 1.0, 1.8, 0.5, 0.1, 0.1])
    assert "rises by 0.8" in landscape_map.straight(made(line_loss=hill))
    assert landscape_map.straight(made(line_loss=hill * np.nan)) == ""


def test_the_playground_opens(visit, service, shown):
    service.put("r", MLP, state="done", step=20)
    at = visit()
    at.segmented_control(key="landscape.view").set_value(":material/sports_soccer: A ball on a hill").run()
    assert not at.exception and shown["landscape.play"].view == "play"

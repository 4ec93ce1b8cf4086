"""The landscape page without a browser: what is offered, what is asked for, what is sent, what is said."""
from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dlviz import presets
from dlviz.landscape.survey import Survey, SurveyRequest, key
from dlviz.landscape.surveys import SurveyProgress
from dlviz.training.events import Evaluated
from pages.ui.landscape import map, play
from pages.ui.landscape import run as landscape_run
from pages.ui.shared import plot, state
from tests.pages.train_service import OWNER, FakeService

APP = str(Path(__file__).parents[2] / "app.py")
MLP, BATCHNORM = (presets.get(key).experiment for key in ("mlp", "resnet"))


def made(**values) -> Survey:
    """A survey as a process makes one."""
    grid = np.linspace(-1, 1, 5)
    usual = {"x": grid, "y": grid, "loss": grid[:, None] ** 2 + grid ** 2 + 0.1,
             "explained_variance": np.array([0.8, 0.1]), "explained_total": 0.9, "steps": np.array([0, 5, 20]),
             "losses": np.array([2.3, 1.0, 0.1]),
             "places": np.array([[-1.0, 0.5], [-0.5, 0.4], [0, 0]]), "along": np.array([0, 0.6, 1]),
             "line_at": np.linspace(0, 1.25, 6), "line_loss": np.linspace(2.3, 0.1, 6), "samples": 1_024,
             "val_loss": 0.123456, "val_samples": 5_000, "seconds": 9.0}
    return Survey(**usual | values)


class FakeSurveys:
    def __init__(self) -> None:
        self.found: dict[str, Survey] = {}
        self.under_way: dict[str, SurveyProgress] = {}
        self.asked: list[SurveyRequest] = []
        self.request: SurveyRequest | None = None

    def find(self, survey_request: SurveyRequest) -> Survey | None:
        self.request = survey_request
        return self.found.get(key(survey_request))

    def progress(self, survey_request: SurveyRequest) -> SurveyProgress | None:
        return self.under_way.get(key(survey_request))

    def start(self, survey_request: SurveyRequest) -> None:
        self.asked.append(survey_request)
        self.under_way[key(survey_request)] = SurveyProgress("Measuring the loss around it", 0.4)

    def cancel(self, survey_request: SurveyRequest) -> None:
        self.under_way.pop(key(survey_request))

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

    monkeypatch.setattr(play, "LANDSCAPE", mount)
    monkeypatch.setattr(plot, "_MOUNT", lambda key, data, **more: mount(key, data))
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


def put(service: FakeService, more: dict | None = None, experiment=MLP, moments=(0, 5, 20), **values) -> None:
    """A run that has kept its weights at these moments; and a checkpoint, of the last of them."""
    service.scrubber.steps["r"] = moments
    service.weights = Path("/somewhere/weights.safetensors")
    service.put("r", experiment, more, **{"state": "done", "step": 20, **values})


def test_without_a_run_it_says_what_to_do(visit):
    assert "There is no run yet" in texts(visit())


def test_a_run_is_surveyed_on_demand_and_shown(visit, service, surveys, shown):
    evaluations = (Evaluated(10, 1.0, 0.5, 5_000), Evaluated(20, 0.123456, 0.9, 5_000))
    put(service, {"evaluations": evaluations}, name="<b>mine</b>")
    at = visit(run="r")
    assert "has 3 keyframes up to step 20" in texts(at) and "Nothing is trained again" in texts(at)
    press(at, "Draw the landscape")
    survey_request = surveys.asked[0]
    assert (survey_request.step, survey_request.directions, survey_request.points, survey_request.run) == (20, "path",
                                                                                                            31, "r")
    assert survey_request.weights == ((0, "0.safetensors"), (5, "5.safetensors"), (20, str(service.weights)))
    assert json.loads(survey_request.experiment)["seed"] == MLP.seed
    assert "Draw the landscape" not in labels(at) and "Cancel" in labels(at)
    surveys.end(made())
    at.run()
    drawn = shown["landscape.map.map"]
    assert drawn.table["rows"] == [["0", "2.3"], ["5", "1.0"], ["20", "0.1"]]
    assert "the path's first direction (80 % of its variance)" in drawn.figure
    assert "from 2.3 at step 0 to 0.1 at step 20" in drawn.label and "landscape.straight" in shown
    assert "projection" in texts(at) and "90.0 %" in texts(at)
    assert "the end at step 20 are the run's own weights" in texts(at) and "1,024 training samples" in texts(at)
    assert "the loss at the end is 0.123456; the run itself recorded 0.123456 (the same)" in texts(at)


def test_a_surface_has_a_map_for_browsers_that_cannot_turn_it(visit, service, surveys, shown):
    put(service)
    at = press(visit(run="r"), "Draw the landscape")
    surveys.end(made())
    at.run()
    assert shown["landscape.map.map"].flat is None
    at.segmented_control(key="landscape.drawn").set_value("surface").run()
    solid = shown["landscape.map.surface"]
    kinds = [json.loads(text)["data"][0]["type"] for text in (solid.figure, solid.flat)]
    assert kinds == ["surface", "contour"] and "loss (log scale)" in solid.figure
    at.segmented_control(key="landscape.scale").set_value("plain").run()
    assert "log scale" not in shown["landscape.map.surface"].figure


def test_left_alone_and_broken_surveys(visit, service, surveys):
    put(service)
    at = press(visit(run="r"), "Draw the landscape")
    press(at, "Cancel")
    assert "Draw the landscape" in labels(at)
    press(at, "Draw the landscape")
    surveys.under_way[key(surveys.asked[-1])] = SurveyProgress(error="The disk is *full*.")
    at.run()
    assert "The disk is *full*." in texts(at) and "Try again" in labels(at)


def test_random_directions_and_others(visit, service, surveys, shown):
    put(service)
    at = visit(run="r")
    at.segmented_control(key="landscape.directions").set_value("random").run()
    press(at, "Draw the landscape")
    assert surveys.asked[0].directions == "random" and surveys.asked[0].draw == 0
    surveys.end(made(explained_variance=None, explained_total=1e-5))
    at.run()
    assert "less than 0.1 %" in texts(at)
    press(at, "Other directions")
    assert surveys.request.draw == 1 and "Draw the landscape" in labels(at)


def test_a_run_that_goes_on_is_surveyed_as_it_was_when_asked(visit, service, surveys, shown):
    put(service, state="training", moments=(0, 5, 18))
    at = press(visit(run="r"), "Draw the landscape")
    assert surveys.asked[0].weights == ((0, "0.safetensors"), (5, "5.safetensors"), (18, "18.safetensors"))
    service.become("r", step=50)
    service.scrubber.steps["r"] = (0, 5, 18, 49)
    surveys.end(made(steps=np.array([0, 5, 18])))
    at.run()
    assert shown["landscape.map.map"].table["rows"][-1][0] == "18" and at.query_params["at"] in ("18", ["18"])
    del at.query_params["at"]  # as after a visit to another page
    at.run()
    assert surveys.request.step == 18
    press(at, "Up to now (step 49)")
    assert surveys.request.step == 49 and "Draw the landscape" in labels(at)


def test_a_run_without_a_path_says_what_to_do(visit, service, surveys, shown):
    put(service, moments=())
    at = visit(run="r")
    assert "has too few keyframes" in texts(at) and "earlier version" in texts(at)
    at.segmented_control(key="landscape.directions").set_value("random").run()
    press(at, "Draw the landscape")
    assert surveys.asked[0].directions == "random" and len(surveys.asked[0].weights) == 1
    surveys.end(made(explained_variance=None, steps=np.array([20]), losses=np.array([0.1]), places=np.zeros((1, 2)),
                     line_at=np.array([]), line_loss=np.array([]), along=np.zeros(1)))
    at.run()
    assert "this run has no other keyframes" in texts(at) and "landscape.straight" not in shown
    service.weights = None
    at.run()
    assert "This run has no keyframes" in texts(at)
    put(service, state="training", moments=(0,))
    service.weights = None
    assert "Wait for some more steps" in texts(visit(run="r"))


def test_a_large_network_keeps_only_its_end(visit, service, monkeypatch):
    monkeypatch.setattr("dlviz.settings.MAX_KEYFRAME_BYTES", 100)
    put(service, moments=())
    assert "so large that only its latest weights" in texts(visit(run="r"))


def test_what_would_take_long_is_said_before(visit, service, surveys, monkeypatch):
    put(service, experiment=BATCHNORM)
    monkeypatch.setattr(landscape_run, "LONG", 1.0)
    assert "That takes about" in texts(visit(run="r"))


def test_what_a_survey_says():
    run = SimpleNamespace(experiment=BATCHNORM, step=20)
    survey_request = SurveyRequest("{}", "r", ((20, "w"),))
    remarks = " ".join(map.remarks(run, survey_request, made(), Evaluated(20, 0.123459, 0.9, 5_000)))
    assert "rounding on another device" in remarks and "Running statistics" in remarks
    assert "should not differ" in " ".join(map.remarks(run, survey_request, made(), Evaluated(20, 0.2, 0.9, 5_000)))
    assert "Check" not in " ".join(map.remarks(run, survey_request, made(), Evaluated(20, 0.2, 0.9, 1_000)))
    patient = BATCHNORM.training.model_copy(update={"early_stopping": 3})
    run = SimpleNamespace(experiment=BATCHNORM.model_copy(update={"training": patient}), step=40)
    assert "early stopping has restored" in " ".join(map.remarks(run, survey_request, made(), None))
    assert "only falls" in map.straight(made())
    hill = np.array([2.3, 1.0, 1.8, 0.5, 0.1, 0.1])
    assert "rises by 0.8" in map.straight(made(line_loss=hill))
    assert map.straight(made(line_loss=hill * np.nan)) == ""


def test_the_playground_opens(visit, service, shown):
    put(service)
    at = visit()
    at.segmented_control(key="landscape.view").set_value(":material/sports_soccer: A ball on a hill").run()
    assert not at.exception and "landscape.play" in shown

"""The Health view without a browser: what is asked for, what is sent, what the doctor's button does."""
from __future__ import annotations

import json

import numpy as np
import pytest

from dlviz import doctor, presets
from dlviz.probes.health import LayerHealth
from dlviz.probes.histogram import BINS, Histogram
from dlviz.runs.trials import Trial
from dlviz.training import events as ev
from pages.ui.shared import cure_trial, view_host
from tests.pages import train_service
from tests.pages.train_page import MLP, drawn, reversing, service, texts, train  # noqa: F401 (fixtures)
from tests.pages.train_service import columns

SHAPE = Histogram(-1.0, 1.0, tuple(range(BINS)))
DEEP = presets.get("sigmoid").experiment


@pytest.fixture
def sent(monkeypatch):
    """What the component is given."""
    data_sent: list[dict] = []
    monkeypatch.setattr(view_host, "_MOUNT",
                        lambda key, data, **more: key != "run.health" or data_sent.append(data["data"]))
    return data_sent


def weighted(gradient: float, ratio: float = 1e-3) -> LayerHealth:
    return LayerHealth(gradient_norm=gradient, update_ratio=ratio, weight_norm=1.0, weights=SHAPE,
                       gradients=SHAPE)


def well(count: int = 6) -> dict:
    layers = {"hidden1": weighted(1.0), "relu1": LayerHealth(density=0.5, silent=0.1, dead=0.05),
              "hidden2": weighted(2.0), "relu2": LayerHealth(density=0.4, silent=0.0), "output": weighted(1.0)}
    return {"health": tuple(ev.Health(1 + 40 * at, layers) for at in range(count))}


def starved() -> dict:
    layers = {f"hidden{n}": weighted(10.0 ** (n - 12)) for n in range(1, 11)} | {"output": weighted(1.0)}
    return {"health": tuple(ev.Health(1 + 40 * at, layers) for at in range(6))}


def flat(step: int) -> dict[str, np.ndarray]:
    """A loss that does not fall."""
    return columns(step) | {"loss": np.full(step, 2.3, np.float32), "accuracy": np.full(step, 0.1, np.float32)}


def open_health(train, run: str = "r1"):
    at = train(run)
    return at.segmented_control(key="run.view").set_value("health").run()


def test_rows_of_all_layers_that_tell_something_and_only_health_is_watched(train, service, drawn, sent):
    service.put("r1", MLP, well(), step=250)
    open_health(train)
    watched = service.watched[-1]
    assert watched.health and watched.active and not watched.needs_sample
    rows = {row["name"]: row for row in sent[-1]["rows"]}
    assert list(rows) == ["hidden1", "relu1", "hidden2", "relu2", "output"], "Flatten has nothing to tell"
    assert rows["relu1"]["stuckWord"] == "dead"
    assert (rows["relu1"]["stuck"][-1], rows["relu2"]["stuck"][-1]) == (0.05, 0)
    assert rows["hidden1"]["gradient"] == [1.0] * 6 and rows["hidden1"]["active"] == []
    assert sent[-1]["steps"] == [1, 41, 81, 121, 161, 201] and sent[-1]["detail"] is None
    json.dumps(sent[-1], allow_nan=False)


def test_a_row_opens_to_its_histograms(train, service, drawn, sent):
    service.put("r1", MLP, well(), step=250)
    at = train("r1")
    at.session_state["run.health"] = {"open": "hidden2"}
    at.segmented_control(key="run.view").set_value("health").run()
    detail = sent[-1]["detail"]
    assert detail["name"] == "hidden2" and detail["dropped"] is None and "normalized" not in detail
    figure = json.loads(detail["spreads"]["figure"])
    assert [trace["name"] for trace in figure["data"]] == ["weights", "gradients"]
    assert detail["spreads"]["label"] == ("hidden2 over the steps; at step 201 weights from -1 to 1, "
                                          "gradients from -1 to 1")
    assert detail["spreads"]["key"].endswith("hidden2")
    json.dumps(sent[-1], allow_nan=False)


def test_a_run_that_is_well_gets_a_calm_word_and_what_was_looked_at(train, service, drawn, sent):
    service.put("r1", MLP, well(), step=250)
    at = open_health(train)
    assert "found no problem" in texts(at) and "Vanishing gradient" in texts(at)
    assert not [button for button in at.button if "copy" in button.label]


def test_the_doctor_names_the_illness_and_its_button_starts_a_changed_copy(train, service, drawn, sent,
                                                                           monkeypatch):
    monkeypatch.setattr(train_service, "columns", flat)
    service.put("r1", DEEP, starved(), step=200)
    at = open_health(train)
    assert "vanishing gradient" in texts(at)
    at.button(key="run.doctor.vanishing").click().run()
    made = service.infos["made1"]
    assert made.parent == "r1" and at.query_params["run"] == "made1"
    kinds = [layer.kind for layer in made.experiment.network.layers]
    assert "Sigmoid" not in kinds and kinds.count("BatchNorm1d") == 10
    service.more["made1"] = well()
    service.become("made1", step=100)
    at.run()
    assert "Made from Too deep, on purpose" in texts(at)
    link, = [each for each in at.get("page_link") if "Compare" in each.proto.label]
    assert "compare=r1.made1" in link.proto.query_string


def ill(train, service, monkeypatch, trial: Trial):
    monkeypatch.setattr(train_service, "columns", flat)
    service.put("r1", DEEP, starved(), step=200)
    service.trials.trial = trial
    return open_health(train)


def test_a_remedy_that_did_not_help_a_copy_is_not_offered(train, service, drawn, sent, monkeypatch):
    none = ev.TrialsCompared(ev.Outcome(300, 2.3, 0.1), (ev.Outcome(300, 2.31, 0.1), ev.Outcome(300, 2.29, 0.1)), 2.3,
                             2.2,
                       0.1)
    at = ill(train, service, monkeypatch, Trial(1.0, compared=none))
    assert not [button for button in at.button if "copy" in button.label]
    assert "What to try" in texts(at) and "no change clearly helped" in texts(at)
    assert "cannot memorize even one batch" in texts(at)


def test_while_a_remedy_is_tried_its_progress_shows(train, service, drawn, sent, monkeypatch):
    at = ill(train, service, monkeypatch, Trial(0.4, running=True))
    assert not [button for button in at.button if "copy" in button.label]
    progress, = [each.proto for each in at.get("progress") if "short copy" in each.proto.text]
    assert progress.value == 40
    asked, changed = service.trials.asked[-1]
    assert asked == DEEP and all(each.network != DEEP.network for each in changed)


def test_a_trial_that_failed_says_why(train, service, drawn, sent, monkeypatch):
    at = ill(train, service, monkeypatch, Trial(sentence="There was no memory."))
    assert "There was no memory" in texts(at) and "What to try" in texts(at)


@pytest.mark.parametrize(("step", "sentence"), [(0, "ended before its first step"), (8, "ended after 8 steps")])
def test_a_run_that_ended_at_its_beginning_is_not_told_to_wait(train, service, drawn, sent, step, sentence):
    looks = {"health": well(2)["health"][:1]} if step else {}
    service.put("r1", MLP, looks, step=step, state="stopped")
    at = open_health(train)
    assert sentence in texts(at).replace("\\", "") and "needs a few more" not in texts(at)


def test_a_press_that_is_told_twice_starts_one_copy(monkeypatch):
    session, started = {}, []
    monkeypatch.setattr(cure_trial.state, "session_value", lambda name, make: session.setdefault(name, make()))
    monkeypatch.setattr(cure_trial.run_actions, "start", lambda *args: started.append(args))
    remedy = doctor.Remedy("another", DEEP)
    for problem in ("vanishing", "vanishing", "dead"):
        cure_trial._start("r1", problem, remedy)
    assert started == [(DEEP, "r1")] * 2


def test_the_same_again_is_no_before_and_after(train, service, drawn, sent):
    service.put("r1", MLP, well(), step=250)
    service.put("r2", MLP, well(), step=250, parent="r1")
    assert "Made from" not in texts(open_health(train, "r2"))


@pytest.mark.parametrize("values", [{"state": "queued", "position": 1}, {"state": "stopped"}])
def test_a_run_without_a_look_is_calm(train, service, drawn, sent, values):
    service.put("r1", MLP, **values)
    at = open_health(train)
    assert not at.exception and not at.error and not sent


def test_numbers_that_are_none_travel_as_null(train, service, drawn, sent):
    sick = LayerHealth(density=0.0, gradient_norm=float("inf"), update_ratio=float("nan"),
                       weights=Histogram(0.0, float("inf"), (0,) * BINS), gradients=SHAPE)
    service.put("r1", MLP, {"health": (ev.Health(1, {"hidden1": sick}),)}, state="diverged", step=3)
    open_health(train)
    json.dumps(sent[-1], allow_nan=False)


def test_a_task_without_pictures_has_the_view_too(train, service, drawn, sent):
    service.put("r1", reversing(), {"health": (ev.Health(1, {"embed": weighted(1.0)}),)}, step=250)
    at = open_health(train)
    assert list(at.segmented_control(key="run.view").options) == ["Feature maps", "Health", "Weights of a layer"]
    assert [row["name"] for row in sent[-1]["rows"]] == ["embed"]

"""The build page's dock: what Play does in each state of the run in focus, and what the dock says of it."""
from __future__ import annotations

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dlviz import presets
from dlviz.errors import RunError
from dlviz.network import editing
from dlviz.spec import Experiment, NetworkSpec, TaskSpec
from dlviz.training import events as ev
from dlviz.training.control import Advance, Pause, Resume, Set, Stop
from pages.ui.build import editors, feed, stack
from pages.ui.shared import run_views
from pages.ui.shared.design import Design
from tests.pages.train_page import APP, CNN, MLP, drawn, enabled, service, texts
from tests.pages.train_service import OWNER, FakeService, columns

__all__ = ["drawn", "service"]  # fixtures
CHANGED = MLP.model_copy(update={"network": editing.delete(MLP.network, "hidden2")})


@pytest.fixture
def build(service):
    """Opens the build page with this design in hand."""
    def open_page(design: Experiment = MLP) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        at.session_state["dlviz.visitor"] = OWNER
        at.session_state["dlviz.design"] = Design(OWNER, design)
        at.run()
        assert not at.exception
        return at

    return open_page


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=f"dock.{key}").click().run()
    assert not at.exception
    return at


def rate(at: AppTest):
    found, = [box for box in at.number_input if str(box.key).startswith(("dock.rate", "dock.set.learning_rate"))]
    return found


def test_before_the_first_run_the_dock_offers_play_and_one_batch(build):
    at = build()
    assert "Nothing is trained yet" in texts(at) and {"Play", "One batch"} <= enabled(at)
    assert not {"Pause", "Stop"} & enabled(at) and rate(at).value == MLP.training.optimizer.learning_rate


@pytest.mark.parametrize("state", ["done", "training"])
def test_beside_the_curve_of_another_design_a_broken_one_is_not_promised_a_run(build, service: FakeService, state):
    service.put("r", MLP, state=state, step=30)
    assert "a new run" in texts(build(CHANGED))
    broken = build(MLP.model_copy(update={"network": editing.delete(MLP.network, "flatten")}))
    assert "Play" not in enabled(broken) and "a new run" not in texts(broken)
    assert "cannot be trained now" in texts(broken)


def test_play_starts_a_run_of_the_design_in_hand_and_stays_on_the_page(build, service: FakeService, drawn):
    at = press(build(), "play")
    assert [info.experiment for info in service.infos.values()] == [MLP]
    assert "Pause" in enabled(at) and drawn["dock.curve"]["run"] == "made0"
    assert any(button.label == "Presets" for button in at.button)


def test_one_batch_starts_a_run_that_pauses_after_it(build, service: FakeService):
    press(build(), "batch")
    assert service.posted == [("made0", Advance("batch"))]


def test_edits_that_come_with_play_count_first(build, service: FakeService, monkeypatch):
    waiting = [stack.Edit("delete", "hidden2")]
    monkeypatch.setattr(stack, "coming", lambda key: bool(waiting))
    at = build()
    monkeypatch.setattr(stack, "stack", lambda key, **shown: tuple(waiting.pop() for _ in waiting[:1]))
    press(at, "play")
    assert ["hidden2" in info.experiment.network.names() for info in service.infos.values()] == [False]


@pytest.mark.parametrize("state", ["queued", "starting", "training"])
def test_a_run_under_way_can_be_paused_and_stopped_and_shows_its_state(build, service: FakeService, state):
    service.put("r", MLP, state=state, step=50 * (state == "training"), position=2 if state == "queued" else None)
    at = build()
    assert {"Pause", "Stop"} <= enabled(at) and "Play" not in enabled(at)
    assert ("One batch" in enabled(at)) == (state == "training")
    assert {"queued": "number 2", "starting": "Starting", "training": "Training"}[state] in texts(at)
    press(at, "pause")
    press(at, "stop")
    assert service.posted == [("r", Pause()), ("r", Stop())]


def test_a_paused_run_goes_on_and_no_second_one_is_made(build, service: FakeService):
    service.put("r", MLP, state="paused", step=50)
    at = build()
    press(at, "batch")
    press(at, "play")
    assert service.posted == [("r", Advance("batch")), ("r", Resume())] and list(service.infos) == ["r"]


@pytest.mark.parametrize("state", ["stopped", "failed"])
def test_a_run_that_ended_early_goes_on(build, service: FakeService, state):
    service.put("r", MLP, state=state, step=50, sentence="The disk was full." if state == "failed" else "")
    at = build()
    assert ("The disk was full." in texts(at)) == (state == "failed")
    press(at, "play")
    assert service.posted == [("r", Resume())]


@pytest.mark.parametrize("state", ["done", "diverged"])
def test_a_run_that_is_over_is_trained_once_more_from_the_start(build, service: FakeService, state):
    service.put("r", MLP, state=state, step=50, sentence="The loss was no longer a number." * (state == "diverged"))
    at = build()
    assert {"done": "Finished", "diverged": "no longer a number"}[state] in texts(at) and "Stop" not in enabled(at)
    press(at, "play")
    assert service.posted == [] and list(service.infos) == ["r", "made1"]


def test_a_changed_design_is_trained_in_a_new_run_and_the_old_one_pauses(build, service: FakeService):
    service.put("r", MLP, state="training", step=50)
    at = build(CHANGED)
    assert "still trains the one before" in texts(at) and {"Play", "One batch", "Stop"} <= enabled(at)
    press(at, "play")
    assert service.posted == [("r", Pause())] and service.infos["made1"].experiment == CHANGED


def test_another_name_is_no_other_design(build, service: FakeService):
    service.put("r", MLP, state="paused", step=50)
    press(build(MLP.model_copy(update={"name": "Mine"})), "play")
    assert service.posted == [("r", Resume())]


def test_the_curve_of_another_design_says_whose_it_is(build, service: FakeService, drawn):
    service.put("r", CNN, state="done", step=50)
    at = build()
    assert f"that of **{CNN.name}**" in texts(at) and drawn["dock.curve"]["run"] == "r"


def test_somebody_elses_run_is_watched_and_not_steered(build, service: FakeService):
    service.put("r", MLP, state="training", step=50, owner="somebody else")
    at = build()
    at.query_params["run"] = "r"
    at.run()
    assert "belongs to somebody else" in texts(at) and not {"Pause", "Stop"} & enabled(at)
    press(at, "play")
    assert service.posted == [] and service.infos["made1"].owner == OWNER


def test_a_design_with_an_error_says_why_it_does_not_play(build, service: FakeService):
    at = build(MLP.model_copy(update={"network": editing.delete(MLP.network, "flatten")}))
    assert not {"Play", "One batch"} & enabled(at) and "1 layer has an error" in at.button(key="dock.play").help


def test_an_empty_design_does_not_play(build):
    assert "Play" not in enabled(build(MLP.model_copy(update={"network": NetworkSpec()})))


def test_data_that_is_not_here_is_offered_in_the_dock(build):
    at = build(CNN.model_copy(update={"task": TaskSpec(name="fashion_mnist")}))
    assert "Download" in enabled(at) and "Play" not in enabled(at)


def test_the_learning_rate_is_the_runs_while_it_trains_else_the_designs(build, service: FakeService):
    at = build()
    rate(at).set_value(0.01).run()
    assert at.session_state["dlviz.design"].experiment.training.optimizer.learning_rate == 0.01
    service.put("r", at.session_state["dlviz.design"].experiment, state="training", step=50)
    at.run()
    rate(at).set_value(0.003).run()
    assert service.posted == [("r", Set("learning_rate", 0.003))] and rate(at).value == 0.003


def test_the_rate_of_an_earlier_design_that_a_slow_browser_still_shows_changes_no_other(build):
    at = build()
    stale = rate(at)
    at.session_state["dlviz.design"].open(CNN)
    stale.set_value(0.5).run()  # on its way while another design was opened
    assert not at.exception and rate(at).value == CNN.training.optimizer.learning_rate != 0.5
    rate(at).set_value(0.25).run()
    assert at.session_state["dlviz.design"].experiment.training.optimizer.learning_rate == 0.25


def test_a_learning_rate_that_cannot_be_is_refused_in_a_sentence(build, service: FakeService):
    at = build()
    rate(at).set_value(1e9).run()
    assert not at.exception and "learning rate" in texts(at) and "stays within its bounds" in texts(at)
    assert rate(at).value == MLP.training.optimizer.learning_rate


def test_what_the_service_refuses_is_said_in_the_dock(build, service: FakeService):
    at = build()
    service.refuse = RunError("The queue", "has room", "it is full", "Wait.")
    press(at, "play")
    assert "The queue has room, but it is full" in texts(at) and not service.infos


def test_step_and_accuracy_stand_in_words_and_loss_of_both_splits_in_the_curve(build, service: FakeService, drawn):
    service.put("r", MLP, {"evaluations": (ev.Evaluated(100, 0.4, 0.91, 1_000),)}, state="training", step=120,
                accuracy=0.875, val_accuracy=0.91)
    at = build()
    bar, = at.get("progress")
    assert "Step 120 of" in bar.proto.text and "training 95.0 %, validation 91.0 %" in bar.proto.text
    panel, = drawn["dock.curve"]["panels"]
    points = {series["name"]: np.cumsum(series["points"]["gaps"]).tolist() for series in panel["series"]}
    assert points["val_loss"] == [100] and points["train_loss"][-1] == 120


@pytest.mark.parametrize(("key", "words"), [("scene", "Intersection over union: training 95.0 %, validation 91.0 %"),
                                            ("catch", "Score: exploring 87.5 %, by itself 91.0 %")])
def test_a_score_that_counts_no_right_answers_is_not_called_accuracy(build, service: FakeService, key, words):
    experiment = presets.get(key).experiment
    service.put("r", experiment, state="training", step=120, accuracy=0.875, val_accuracy=0.91)
    bar, = build(experiment).get("progress")
    assert words in bar.proto.text


def test_the_training_score_is_that_of_the_clear_line_and_not_of_one_lucky_batch(build, service: FakeService,
                                                                                 monkeypatch):
    def noisy(step: int) -> dict[str, np.ndarray]:
        found = columns(step)
        return found | {"accuracy": np.where(np.arange(step) % 5 == 4, 0.5, 0.1)}

    monkeypatch.setattr("tests.pages.train_service.columns", noisy)
    service.put("r", MLP, state="training", step=600, accuracy=0.5)
    bar, = build().get("progress")
    assert "Accuracy: training 18.0 %" in bar.proto.text


def test_the_moment_that_is_looked_back_at_stands_on_the_curve(build, service: FakeService, drawn):
    service.put("r", MLP, state="done", step=120)
    service.scrubber.steps["r"] = (0, 10, 100)
    at = build()
    assert drawn["dock.moments"]["moments"] == [0, 10, 100] and drawn["dock.curve"]["moment"] is None
    at.session_state["dock.moments"] = {"at": {"run": "r", "step": 10, "turn": 1}}
    at.run()
    assert drawn["dock.curve"]["moment"] == 10


@pytest.fixture
def fed(monkeypatch) -> list[dict]:
    """What the feed of live pictures was given, tick by tick."""
    given: list[dict] = []

    def mount(key: str, data: str, pictures: np.ndarray, **more: object) -> None:
        given.append(json.loads(data)["json"] | {"bytes": pictures, "key": key})

    monkeypatch.setattr(feed, "_STACK", mount)
    monkeypatch.setattr(feed, "_canvas", lambda: mount)
    return given


def outputs(*names: str) -> ev.Captured:
    return ev.Captured(50, 0, {name: np.linspace(-1, 1, 12, dtype=np.float32) for name in names})


def test_layers_in_sight_are_watched_and_their_pictures_sent(build, service: FakeService, fed):
    service.put("r", MLP, {"captured": outputs("relu1", "hidden2")}, state="training", step=50)
    at = build()
    assert service.watched[-1].outputs == MLP.network.names()  # before the browser has said what is in sight
    at.session_state["dock.feed"] = {"visible": ["hidden2", "output", "gone", 3, None]}
    at.run()
    assert service.watched[-1].outputs == ("hidden2", "output")
    assert [frame["name"] for frame in fed[-1]["pictures"]] == ["hidden2"] and fed[-1]["live"]
    assert len(fed[-1]["bytes"]) == 12 and fed[-1]["step"] == 50


@pytest.mark.parametrize("visible", [None, "hidden1", 5, {"hidden1": 1}])
def test_what_no_browser_of_ours_says_of_names_in_sight_harms_nothing(build, service: FakeService, fed, visible):
    service.put("r", MLP, {"captured": outputs("hidden1")}, state="training", step=50)
    at = build()
    at.session_state["dock.feed"] = {"visible": visible}
    at.run()
    assert not at.exception and fed[-1]["live"]


def test_a_design_that_the_run_does_not_train_keeps_its_own_pictures_and_nothing_is_watched(build,
                                                                                        service: FakeService, fed):
    service.put("r", MLP, {"captured": outputs("hidden1")}, state="training", step=50)
    build(CHANGED)
    assert service.watched == [] and fed[-1]["live"] is False and not len(fed[-1]["bytes"])


def test_the_scrubber_moves_the_pictures(build, service: FakeService, fed):
    service.put("r", MLP, {"captured": outputs("hidden1")}, state="done", step=120)
    service.scrubber.steps["r"] = (0, 10, 100)
    at = build()
    at.session_state["dock.moments"] = {"at": {"run": "r", "step": 10, "turn": 1}}
    at.run()
    assert fed[-1]["step"] == 10 and {frame["name"] for frame in fed[-1]["pictures"]} == set(MLP.network.names())


def test_somebody_elses_run_is_looked_at_through_the_sample_that_its_owner_chose(build, service: FakeService, fed):
    captured = ev.Captured(50, 17, {"hidden1": np.ones(4, np.float32)})
    service.put("r", MLP, {"captured": captured}, state="training", step=50, owner="somebody else")
    at = build()
    at.query_params["run"] = "r"
    at.run()
    assert service.watched[-1].sample == 17


def test_the_canvas_has_a_feed_of_its_own_and_says_what_is_in_sight(build, service: FakeService, fed):
    service.put("r", MLP, {"captured": outputs("relu1", "hidden2")}, state="training", step=50)
    at = build()
    at.session_state[editors.VIEW] = editors.CANVAS
    at.run()
    assert not at.exception and service.watched[-1].outputs == MLP.network.names()
    assert fed[-1]["key"] != fed[0]["key"] and [one["name"] for one in fed[-1]["pictures"]] == ["relu1", "hidden2"]
    at.session_state["dock.canvas_feed"] = {"visible": ["hidden2"]}
    at.run()
    assert service.watched[-1].outputs == ("hidden2",)


def test_the_canvas_is_brought_what_the_untrained_design_gives_of_the_layers_in_sight_alone(build, fed):
    at = build(CNN)
    assert not fed[-1]["pictures"], "the stack has pictures of its own"
    at.session_state[editors.VIEW] = editors.CANVAS
    at.run()
    names = CNN.network.names()
    assert [one["name"] for one in fed[-1]["pictures"]] == list(names[:feed.FIRST]) and fed[-1]["live"] is False
    before = fed[-1]
    at.session_state["dock.canvas_feed"] = {"visible": {"names": [names[0], names[2]], "room": 500}}
    at.run()
    first, second = fed[-1]["pictures"]
    assert (first["name"], second["name"]) == (names[0], names[2]) and fed[-1]["of"] != before["of"]
    assert first["width"] * first["height"] <= 500 < before["pictures"][0]["width"] * before["pictures"][0]["height"]
    held = {"names": [names[0], names[2]], "room": 500, "of": fed[-1]["of"], "held": [names[2], 5]}
    at.session_state["dock.canvas_feed"] = {"visible": held}
    at.run()
    assert [one["name"] for one in fed[-1]["pictures"]] == [names[0]] and fed[-1]["present"] == [names[2]]
    at.session_state["dlviz.design"].set_network(editing.delete(CNN.network, names[1]))
    at.run()
    assert not at.exception and len(fed[-1]["pictures"]) == 2 and not fed[-1]["present"]


@pytest.mark.parametrize("visible", [{"names": 3, "room": "much"}, {"names": ["hidden1"], "room": -1}, {"room": 10**9}])
def test_whatever_a_browser_says_of_what_is_in_sight_pictures_stay_small(build, fed, visible):
    at = build()
    at.session_state[editors.VIEW] = editors.CANVAS
    at.session_state["dock.canvas_feed"] = {"visible": visible}
    at.run()
    assert not at.exception and fed[-1]["pictures"]
    assert all(0 < one["width"] * one["height"] <= feed.ROOM for one in fed[-1]["pictures"])


def test_until_the_first_picture_of_a_run_the_canvas_shows_the_untrained_design(build, service: FakeService, fed):
    service.put("r", MLP, state="queued", position=1)
    at = build()
    at.session_state[editors.VIEW] = editors.CANVAS
    at.run()
    assert not at.exception and fed[-1]["pictures"] and fed[-1]["live"] is False


def test_another_sample_runs_through_the_cards_and_the_run(build, service: FakeService, fed, monkeypatch):
    shown: list[dict] = []
    monkeypatch.setattr(stack, "stack", lambda key, **cards: shown.append(cards) or ())
    monkeypatch.setattr(run_views.secrets, "randbelow", lambda size: min(17, size))
    service.put("r", MLP, {"captured": outputs("hidden1")}, state="training", step=50)
    press(build(), "sample")
    assert service.watched[0].sample == 0 and service.watched[-1].sample == 17
    first, last = shown[0], shown[-1]
    assert first["inputs"][0]["picture"] != last["inputs"][0]["picture"]
    assert first["cards"][1]["picture"] != last["cards"][1]["picture"]

"""A run on the train page, without a browser: each state's words and buttons, changes while it trains."""
from __future__ import annotations

import pytest

from dlviz.errors import RunError
from dlviz.optimizers import Adagrad
from dlviz.training import events as ev
from dlviz.training.control import Advance, Pause, Resume, Set, Stop
from tests.pages.train_page import CNN, MLP, enabled, marks, service, setting, texts, train  # noqa: F401
from tests.pages.train_service import OWNER

# states and their buttons

def test_training(train, service):
    service.put("r1", MLP, {"samples_per_second": 41_000.0, "seconds_left": 65.0}, step=250, loss=0.1)
    at = train("r1")
    assert {"Pause", "One batch", "One epoch", "Stop", "Start over"} <= enabled(at)
    assert at.progress[0].text == ("Step 250 of 500  ·  epoch 3 of 5  ·  41,000 images per second  ·  "
                                   "1 min 5 s left")
    assert at.progress[0].value == 50
    for label, message in (("Pause", Pause()), ("Stop", Stop()), ("One batch", Advance("batch")),
                           ("One epoch", Advance("epoch"))):
        at.button(key=f"run.{label}").click().run()
        assert service.posted[-1] == ("r1", message)


def test_paused(train, service):
    service.put("r1", MLP, step=250, state="paused")
    at = train("r1")
    assert "Pause" not in enabled(at)
    assert "continue by one batch or one epoch" in texts(at)
    at.button(key="run.Resume").click().run()
    assert service.posted == [("r1", Resume())]


def test_waiting_in_the_queue(train, service):
    service.put("r1", MLP, state="queued", position=3, planned_steps=0)
    at = train("r1")
    assert "It is number 3 in the queue" in texts(at)
    assert {"Pause", "Stop"} <= enabled(at) and not {"One batch", "One epoch"} & enabled(at)
    assert at.progress[0].text == "5 epochs planned"


@pytest.mark.parametrize(("values", "says", "buttons"), [
    ({"state": "done", "test_accuracy": 0.9781}, "97.81 % of its answers were right", {"Train again"}),
    ({"state": "stopped"}, "Its weights at that step are saved", {"Train again", "Resume"}),
    ({"state": "failed", "sentence": "The memory was full. Make it smaller."}, "The memory was full.",
     {"Train again", "Resume"}),
    ({"state": "diverged", "sentence": "The loss was no number."}, "The loss was no number.",
     {"Train again", "Try a learning rate of 0.0002"})])
def test_a_run_that_is_over(train, service, values, says, buttons):
    service.put("r1", MLP, step=250, **values)
    at = train("r1")
    assert says in texts(at)
    assert enabled(at) & {"Train again", "Resume", "Pause", "Stop", "One batch",
                          "Try a learning rate of 0.0002"} == buttons
    assert not [box for box in at.number_input if box.key.startswith("run.set.")], "nothing can be changed"


def test_after_a_divergence_a_gentler_run_is_one_click_away(train, service):
    service.put("r1", MLP, state="diverged", step=3)
    at = train("r1")
    at.button(key="run.gentler").click().run()
    new = service.list(OWNER)[0]
    assert new.experiment.training.optimizer.learning_rate == 0.0002 and new.parent == "r1"
    assert new.experiment.network == MLP.network


def test_start_over_makes_a_fresh_run_and_keeps_the_old_one(train, service):
    service.put("r1", MLP, step=250)
    at = train("r1")
    at.button(key="run.over").click().run()
    assert [run.id for run in service.list(OWNER)] == ["made1", "r1"]
    assert service.get("made1").experiment == MLP and service.get("made1").parent == "r1"
    assert at.query_params["run"] == "made1"


def test_a_message_that_comes_too_late_is_answered_with_its_sentence(train, service):
    service.put("r1", MLP, step=250)
    at = train("r1")
    service.refuse = RunError("The run", "is paused while it trains", "it has finished", "Start a new run.")
    at.button(key="run.Pause").click().run()
    assert "it has finished. Start a new run." in texts(at)


def test_start_from_it_takes_the_experiment_in_hand(train, service):
    service.put("r1", CNN, step=250)
    at = train("r1")
    at.button(key="run.from").click().run()
    assert at.session_state["dlviz.design"].experiment == CNN


def test_somebody_elses_run_can_be_watched_but_not_steered(train, service):
    service.put("r1", MLP, owner="another", step=250)
    at = train("r1")
    assert "somebody else" in texts(at)
    assert not {"Pause", "Stop", "Start over", "Another", "÷ 10"} & enabled(at)
    assert at.progress[0].value == 50


def test_a_guest_looks_at_the_sample_that_the_owner_has_chosen(train, service):
    service.put("r1", MLP, {"captured": ev.Captured(250, 17)}, owner="another", step=250)
    at = train("r1")
    assert service.watched[-1].sample == 17
    assert not [box for box in at.number_input if box.key.startswith("run.sample.")]


# changes while it runs

def test_a_change_of_the_learning_rate_is_asked_for_and_then_shown_as_it_is(train, service):
    service.put("r1", MLP, step=250)
    at = train("r1")
    assert setting(at, "learning_rate").value == 0.002
    at.button(key="run.rate.÷ 10").click().run()
    assert service.posted == [("r1", Set("learning_rate", 0.0002))]
    assert setting(at, "learning_rate").value == 0.0002
    setting(at, "momentum").set_value(0.5).run()
    assert service.posted[-1] == ("r1", Set("momentum", 0.5))


def test_a_wish_is_shown_until_the_run_has_obeyed(train, service, monkeypatch):
    service.put("r1", MLP, step=250)
    at = train("r1")
    monkeypatch.setattr(service, "post", lambda run, message, by: None)  # the run is slow: no mark yet
    setting(at, "learning_rate").set_value(0.05).run()
    assert setting(at, "learning_rate").value == 0.05
    service.more["r1"] = marks((251, "learning_rate", 0.002, 0.04))  # another tab came first
    at.run()
    assert setting(at, "learning_rate").value == 0.04


def test_a_refused_change_leaves_the_value_that_holds(train, service):
    service.put("r1", MLP, step=250)
    at = train("r1")
    service.refuse = RunError("The learning rate", "must lie between 0 and 100", "it is 1000", "Choose another.")
    setting(at, "learning_rate").set_value(1000.0).run()
    assert "must lie between 0 and 100" in texts(at)
    assert setting(at, "learning_rate").value == 0.002


def test_only_optimizers_with_momentum_offer_to_change_it(train, service):
    training = MLP.training.model_copy(update={"optimizer": Adagrad()})
    service.put("r1", MLP.model_copy(update={"training": training}), step=250)
    at = train("r1")
    labels = [box.label for box in at.number_input if box.key.startswith("run.set.")]
    assert labels == ["Learning rate", "Weight decay"]


# words of the user's own

def test_a_name_that_looks_like_code_is_shown_as_text(train, service):
    service.put("r1", MLP, name="<b>*x*</b> $y$ :red[z]", step=250)
    at = train("r1")
    assert at.subheader[0].value == r"\<b\>\*x\*\</b\> \$y\$ \:red\[z\]"

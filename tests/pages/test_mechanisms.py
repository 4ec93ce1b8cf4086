"""The mechanisms of training on the Train page: what the forms put into the design, what a run shows of them."""
from __future__ import annotations

import numpy as np
import pytest

from dlviz.augmentation import Augmentation
from dlviz.errors import RunError
from dlviz.runs.rate_search import RateSearch
from dlviz.schedules import CosineAnnealingLR, ExponentialLR, StepLR
from dlviz.spec import TrainingSpec
from dlviz.training import events as ev
from dlviz.training.control import Set
from tests.pages.train_page import MLP, drawn, marks, reversing, service, texts, train  # noqa: F401


def training_of(at) -> TrainingSpec:
    return at.session_state["dlviz.design"].experiment.training


def expanders(at) -> str:
    return "\n".join(box.label for box in at.expander)


def test_a_schedule_has_its_own_fields(train):
    at = train()
    assert "Learning rate schedule: cosine" in expanders(at)
    at.selectbox(key="settings.schedule").select("StepLR").run()
    at.number_input(key="settings.schedule.StepLR.step_size").set_value(1).run()
    at.number_input(key="settings.schedule.StepLR.gamma").set_value(0.5).run()
    assert not at.exception and not at.error
    assert training_of(at).schedule == StepLR(step_size=1, gamma=0.5)
    at.selectbox(key="settings.schedule").select("ReduceLROnPlateau").run()
    assert "whenever the validation loss has stopped improving" in texts(at)


def test_what_is_on_is_said_on_the_folded_group(train):
    at = train()
    at.selectbox(key="settings.clip").select("norm").run()
    at.number_input(key="settings.clip_threshold").set_value(0.5).run()
    at.number_input(key="settings.early_stopping").set_value(3).run()
    at.number_input(key="settings.label_smoothing").set_value(0.1).run()
    at.slider(key="settings.augmentation.rotate").set_value(15.0).run()
    assert not at.exception and not at.error
    training = training_of(at)
    assert (training.clip, training.clip_threshold) == ("norm", 0.5)
    assert (training.early_stopping, training.label_smoothing) == (3, 0.1)
    assert training.augmentation.rotate == 15.0
    assert "on: clipping by norm, label smoothing 0.1, early stopping, augmentation" in expanders(at)
    assert "Training images, and below each one two" in texts(at)


def test_a_value_out_of_bounds_is_a_sentence(train):
    at = train()
    at.selectbox(key="settings.clip").select("value").run()
    at.number_input(key="settings.clip_threshold").set_value(0.0).run()
    assert "The setting clip threshold stays within its bounds, but 0.0 was given" in texts(at)
    assert training_of(at).clip_threshold == 1.0 and not at.exception


def test_a_task_without_pictures_offers_none_of_their_changes(train):
    at = train(design=reversing())
    assert not at.exception and not [box for box in at.slider if "augmentation" in box.key]
    spec = TrainingSpec(**dict(reversing().training) | {"augmentation": Augmentation(shift=2)})
    at = train(design=reversing().model_copy(update={"training": spec}))
    assert "this task has none. Set all amounts of augmentation to 0." in texts(at)
    at.slider(key="settings.augmentation.shift").set_value(0.0).run()
    assert "this task has none" not in texts(at) and not at.exception


# the search for a learning rate

def found(suggestion: float | None) -> ev.RateFound:
    rates = np.logspace(-6, 0, 40).astype(np.float32)
    losses = (2.3 - 1.5 / (1 + (1e-2 / rates))).astype(np.float32)
    ways = () if suggestion is None else (ev.Suggestion(suggestion, "Valley", "A reason of its own.", 0.4),
                                          ev.Suggestion(0.02, "Steepest", "The other reason.", 1.25))
    return ev.RateFound(rates, losses, losses, suggestion, "The reason is this one.", ways)


@pytest.fixture
def searches(service):
    """The made-up service also searches; a test says how far it is."""
    service.search = RateSearch(0.4)
    service.find_rate = lambda experiment: "find-it"
    service.rate_search = lambda ticket: service.search
    service.stopped = []
    service.stop_search = service.stopped.append
    return service


def test_a_suggestion_is_shown_with_its_reason_and_taken_over(train, searches):
    at = train()
    assert not [button for group in at.expander for button in group.button if button.key == "settings.find"], \
        "nobody looks for it in a folded group"
    at.button(key="settings.find").click().run()
    assert not at.exception and at.button(key="settings.find").disabled
    searches.search = RateSearch(1.0, found(0.0042))
    at.run()
    assert "The reason is this one." in texts(at)
    at.button(key="settings.find.use").click().run()
    assert training_of(at).optimizer.learning_rate == 0.0042
    assert at.button(key="settings.find.use").disabled and "changed since" not in texts(at)
    at.select_slider(key="settings.batch_size").set_value(128).run()
    assert "have changed since" in texts(at)


def test_another_suggestion_can_be_pressed_and_says_its_own_reason(train, searches):
    at = train()
    at.button(key="settings.find").click().run()
    searches.search = RateSearch(1.0, found(0.0042))
    at.run()
    [ways] = [group for group in at.segmented_control if group.key.startswith("settings.find.way")]
    assert ways.value == "Valley"
    ways.set_value("Steepest").run()
    assert "The other reason. Its short trial ended with a loss of 1.25." in texts(at)
    at.button(key="settings.find.use").click().run()
    assert training_of(at).optimizer.learning_rate == 0.02 and not at.exception


def test_a_search_can_be_stopped_or_come_to_nothing(train, searches):
    at = train()
    at.button(key="settings.find").click().run()
    at.button(key="settings.find.stop").click().run()
    assert searches.stopped == ["find-it"] and not at.button(key="settings.find").disabled
    searches.search = RateSearch(1.0, found(None))
    at.button(key="settings.find").click().run()
    assert "The reason is this one." in texts(at)
    assert not [button for button in at.button if button.key == "settings.find.use"]
    searches.search = RateSearch(sentence="The search was ended.")
    at.run()
    assert "The search was ended." in texts(at) and not at.exception


# a run

def clipping(run: str, service, fraction: float = 0.5) -> None:
    spec = TrainingSpec(**dict(MLP.training) | {"clip": "norm", "clip_threshold": 2.0})
    records = tuple(ev.Clipped(10 * n, 3.0, 5.0, 1.9, fraction) for n in range(1, 21))
    service.put(run, MLP.model_copy(update={"training": spec}), step=200, more={"clipped": records})


def test_a_run_that_clips_shows_the_norm_against_its_line(train, service, drawn):
    clipping("run", service)
    at = train("run")
    panels = {panel["title"]: panel for panel in drawn["run.curves"]["panels"]}
    assert list(panels) == ["Loss", "Accuracy", "Gradient norm"]
    before, after, line = (series["points"]["values"] for series in panels["Gradient norm"]["series"])
    assert set(before) == {3.0} and set(after) == {1.9} and set(line) == {2.0} and len(line) == 20
    assert "Gradients were clipped in 50 % of the last 100 steps" in texts(at)
    assert "the largest before clipping was 5, the threshold is 2" in texts(at)


def test_the_learning_rate_has_a_panel_when_asked(train, service, drawn):
    service.put("run", MLP, step=200)
    at = train("run")
    assert [panel["title"] for panel in drawn["run.curves"]["panels"]] == ["Loss", "Accuracy"]
    at.toggle(key="run.rates").set_value(True).run()
    assert [panel["title"] for panel in drawn["run.curves"]["panels"]] == ["Loss", "Accuracy", "Learning rate"]


def open_schedule(at) -> None:
    """Open the form, as a click on its button does."""
    at.session_state["run.schedule"] = True
    at.run()


def test_the_form_of_the_schedule_costs_nothing_while_it_is_closed(train, service, drawn):
    service.put("run", MLP, step=200)
    at = train("run")
    assert "Current schedule" not in texts(at) and "run.schedule.run.chart" not in drawn
    open_schedule(at)
    assert "Current schedule" in texts(at) and "run.schedule.run.chart" in drawn


def test_another_schedule_for_a_run_that_trains(train, service, drawn):
    change = (51, "schedule", CosineAnnealingLR().model_dump_json(), ExponentialLR(end_factor=0.1).model_dump_json())
    service.put("run", MLP, step=200, more=marks(change, (121, "plateau", 0.002, 0.0002)))
    at = train("run")
    assert [label for _, label in drawn["run.curves"]["marks"]] == ["schedule cosine → exponential",
                                                                    "plateau 0.002 → 0.0002"]
    open_schedule(at)
    assert "Current schedule: exponential." in texts(at)
    assert at.button(key="run.schedule.use").disabled
    at.selectbox(key="run.schedule.run").select("StepLR").run()
    at.number_input(key="run.schedule.run.StepLR.step_size").set_value(1).run()
    at.button(key="run.schedule.use").click().run()
    assert not at.exception and service.posted[-1] == ("run", Set("schedule", StepLR(step_size=1)))


def test_a_refused_schedule_is_a_sentence(train, service):
    service.put("run", MLP, step=200)
    service.refuse = RunError("The run", "takes a new setting while it trains", "it has finished", "Start a new one.")
    at = train("run")
    open_schedule(at)
    at.selectbox(key="run.schedule.run").select("StepLR").run()
    at.button(key="run.schedule.use").click().run()
    assert "it has finished" in texts(at) and not at.exception

"""The train page without a browser: each state's words and buttons, what they ask for, what is watched."""
from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dlviz import presets
from dlviz.errors import RunError
from dlviz.optimizers import Adagrad
from dlviz.spec import Experiment, LayerSpec, NetworkSpec
from dlviz.training import events as ev
from dlviz.training.control import Advance, Pause, Resume, Set, Stop
from pages.ui import state
from pages.ui.design import Design
from tests.pages.train_service import OWNER, FakeService, columns

APP = str(Path(__file__).parents[2] / "app.py")
MLP = presets.get("mlp").experiment
CNN = presets.get("cnn").experiment


@pytest.fixture
def service(monkeypatch) -> FakeService:
    made = FakeService()
    monkeypatch.setattr(state, "service", lambda: made)
    return made


@pytest.fixture
def train(service):
    """Opens the train page, by an address where one is given."""
    def open_page(run: str | None = None, design: Experiment | None = None) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        at.session_state["dlviz.visitor"] = OWNER
        at.session_state["dlviz.design"] = Design(OWNER, design or MLP)
        at.run()
        at.switch_page("pages/train.py")
        if run:
            at.query_params["run"] = run
        at.run()
        assert not at.exception
        return at

    return open_page


@pytest.fixture
def drawn(monkeypatch):
    """What the browser's components are given, by key."""
    from pages.ui import curves, train_pictures

    seen: dict[str, dict] = {}
    monkeypatch.setattr(curves, "_MOUNT", lambda key, data, **more: seen.__setitem__(key, data))
    monkeypatch.setattr(train_pictures, "_MOUNT", lambda key, data: seen.__setitem__(key, data))
    return seen


def texts(at: AppTest) -> str:
    """Everything that the page says, without the backslashes that keep Markdown from reading it."""
    parts = [*at.markdown, *at.caption, *at.subheader, *at.error, *at.success, *at.warning, *at.info]
    return "\n".join(str(part.value).replace("\\", "") for part in parts)


def enabled(at: AppTest) -> set[str]:
    return {button.label for button in at.button if not button.disabled}


def setting(at: AppTest, name: str):
    """The number that changes a setting of the run."""
    found, = [box for box in at.number_input if box.key.startswith(f"run.set.{name}.")]
    return found


def sample(at: AppTest):
    found, = [box for box in at.number_input if box.key.startswith("run.sample.")]
    return found


def marks(*changes: tuple[int, str, float, float]) -> dict:
    return {"marks": tuple(ev.Changed(*change) for change in changes)}


# before a run

def test_without_a_run_the_design_in_hand_is_ready_to_train(train, service):
    at = train()
    assert at.text_input(key="setup.name").value == "Classic MLP"
    assert "5 epochs of 860 steps over 55,000 images" in texts(at)
    at.button(key="setup.train").click().run()
    run, = service.infos.values()
    assert run.experiment == MLP and run.owner == OWNER and run.state == "starting"
    assert at.query_params["run"] == run.id
    assert "Starting" in texts(at) and not at.exception


@pytest.mark.parametrize("by", ["batch", "epoch"])
def test_a_run_can_begin_with_one_step_or_epoch(train, service, by):
    at = train()
    at.button(key=f"setup.{by}").click().run()
    run, = service.infos
    assert service.posted == [(run, Advance(by))]


def test_a_second_run_of_the_same_name_gets_a_number(train, service):
    service.put("old", CNN, name="Classic MLP", state="done")
    at = train(run="new")
    at.button(key="setup.train").click().run()
    assert service.list(OWNER)[0].name == "Classic MLP 2"


def test_a_design_with_a_fault_says_so_and_cannot_be_trained(train):
    broken = MLP.model_copy(update={"network": NetworkSpec(layers=(LayerSpec(name="only", kind="Linear"),))})
    at = train(design=broken)
    assert "Put a Flatten between them." in texts(at)
    assert at.button(key="setup.train").disabled


def test_a_service_that_refuses_is_heard_once(train, service):
    at = train()
    service.refuse = RunError("The disk", "has room", "it is full", "Make some.")
    at.button(key="setup.train").click().run()
    assert len(at.error) == 1 and "The disk has room, but it is full. Make some." in texts(at)
    at.run()
    assert not at.error


# the settings form

def test_settings_go_into_the_design(train):
    at = train()
    at.selectbox(key="settings.optimizer").select("SGD").run()
    at.number_input(key="settings.learning_rate").set_value(0.3).run()
    at.select_slider(key="settings.batch_size").set_value(128).run()
    at.number_input(key="settings.epochs").set_value(2).run()
    at.number_input(key="settings.SGD.momentum").set_value(0.5).run()
    at.toggle(key="settings.SGD.nesterov").set_value(False).run()
    at.selectbox(key="settings.schedule").select("cosine").run()
    at.selectbox(key="settings.share").select(0.1).run()
    at.number_input(key="settings.seed").set_value(7).run()
    assert not at.exception and not at.error
    experiment = at.session_state["dlviz.design"].experiment
    training = experiment.training
    assert (training.optimizer.kind, training.optimizer.learning_rate, training.optimizer.momentum,
            training.optimizer.nesterov) == ("SGD", 0.3, 0.5, False)
    assert (training.batch_size, training.epochs, training.schedule, training.share, experiment.seed) == (
        128, 2, "cosine", 0.1, 7)
    assert "2 epochs of 43 steps over 5,500 images" in texts(at)


def test_a_tasks_own_fields_are_settings_too(train):
    reverse = reversing()
    at = train(design=reverse)
    at.number_input(key="settings.reverse.length").set_value(5).run()
    assert not at.exception and not at.error
    assert at.session_state["dlviz.design"].experiment.task.fields["length"] == 5
    assert "samples" in texts(at) and "images" not in texts(at)


def test_a_run_over_symbols_shows_its_layers_and_no_pictures_that_it_has_not(train, service, drawn):
    reverse = reversing()
    service.put("r1", reverse, {"captured": ev.Captured(250, 0)}, step=250)
    at = train("r1")
    assert list(at.segmented_control(key="run.view").options) == ["Feature maps"]
    assert drawn["run.maps"]["blocks"] == []


def test_another_optimizer_brings_its_own_fields_and_sentence(train):
    at = train()
    at.selectbox(key="settings.optimizer").select("Adagrad").run()
    assert Adagrad.sentence() in texts(at)
    assert at.number_input(key="settings.learning_rate").value == 0.01
    with pytest.raises(KeyError):
        at.number_input(key="settings.Adam.beta1")
    assert at.number_input(key="settings.Adagrad.lr_decay").value == 0


def test_quick_learning_rates_are_taken(train):
    at = train()
    at.pills(key="settings.quick_rate").set_value(0.01).run()
    assert at.session_state["dlviz.design"].experiment.training.optimizer.learning_rate == 0.01
    assert at.number_input(key="settings.learning_rate").value == 0.01


def test_a_value_out_of_bounds_gets_a_sentence_and_changes_nothing(train):
    at = train()
    at.number_input(key="settings.Adam.beta2").set_value(1.0).run()
    assert "The setting beta2 stays within its bounds" in texts(at)
    assert at.session_state["dlviz.design"].experiment == MLP
    assert at.number_input(key="settings.Adam.beta2").value == 0.999


def test_an_undo_in_build_is_seen_in_the_form(train):
    at = train()
    at.number_input(key="settings.epochs").set_value(9).run()
    at.session_state["dlviz.design"].undo()
    at.run()
    assert at.number_input(key="settings.epochs").value == 5


def test_the_name_of_the_run_is_the_designs(train):
    at = train()
    at.text_input(key="setup.name").set_value(" <b>mine</b> ").run()
    assert at.session_state["dlviz.design"].experiment.name == "<b>mine</b>"
    assert at.text_input(key="setup.name").value == "<b>mine</b>"


# which run is shown

def test_a_live_run_is_shown_without_an_address(train, service):
    service.put("r1", MLP, step=10)
    at = train()
    assert at.query_params["run"] == "r1" and "Training" in texts(at)


def test_a_run_that_is_over_gives_way_to_a_design_that_has_moved_on(train, service):
    service.put("r1", CNN, step=500, state="done")
    at = train()
    assert at.text_input(key="setup.name").value == "Classic MLP"
    at = train(run="r1")
    assert "Finished" in texts(at)


def test_a_run_that_is_over_stays_while_the_design_is_the_same(train, service):
    service.put("r1", MLP, name="renamed", step=500, state="done")
    assert "Finished" in texts(train())


def test_an_address_that_names_no_run_says_so(train):
    at = train(run="nonsense")
    assert "there is none of this name" in texts(at)
    assert "New run" in enabled(at)


# states and their buttons

def test_training(train, service):
    service.put("r1", MLP, {"samples_per_second": 41_000.0, "seconds_left": 65.0}, step=250, loss=0.1)
    at = train("r1")
    assert {"Pause", "One batch", "One epoch", "Stop", "Start over"} <= enabled(at)
    assert at.progress[0].text == ("Step 250 of 500  ·  epoch 3 of 5  ·  41,000 images a second  ·  "
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
    assert "go on by one batch or one epoch" in texts(at)
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
    ({"state": "stopped"}, "Its weights are kept", {"Train again", "Resume"}),
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
    monkeypatch.setattr(service, "post", lambda run, message: None)  # the run is slow: no mark yet
    setting(at, "learning_rate").set_value(0.05).run()
    assert setting(at, "learning_rate").value == 0.05
    service.more["r1"] = marks((251, "learning_rate", 0.002, 0.04))  # another tab came first
    at.run()
    assert setting(at, "learning_rate").value == 0.04


def test_a_refused_change_leaves_the_value_that_holds(train, service):
    service.put("r1", MLP, step=250)
    at = train("r1")
    service.refuse = RunError("The learning rate", "lies between 0 and 100", "it is 1000", "Choose another.")
    setting(at, "learning_rate").set_value(1000.0).run()
    assert "lies between 0 and 100" in texts(at)
    assert setting(at, "learning_rate").value == 0.002


def test_only_optimizers_with_momentum_offer_to_change_it(train, service):
    training = MLP.training.model_copy(update={"optimizer": Adagrad()})
    service.put("r1", MLP.model_copy(update={"training": training}), step=250)
    at = train("r1")
    labels = [box.label for box in at.number_input if box.key.startswith("run.set.")]
    assert labels == ["Learning rate", "Weight decay"]


# curves and what is seen inside

def reversing() -> Experiment:
    """A ready network over symbols instead of images."""
    return next(preset.experiment for preset in presets.PRESETS.values()
                if preset.experiment.task.name == "reverse")


def captured(**values: object) -> ev.Captured:
    probabilities = np.full(10, 0.01, np.float32)
    probabilities[7] = 0.91
    return ev.Captured(250, 0, probabilities=probabilities, **values)


def test_curves_are_pinned_to_the_plan_and_carry_the_marks(train, service, drawn):
    service.put("r1", MLP, {"evaluations": (ev.Evaluated(100, 0.5, 0.8, 1000),)} | marks(
        (200, "learning_rate", 0.002, 0.0003)), step=250)
    train("r1")
    sent = drawn["run.curves"]
    assert (sent["planned"], sent["perEpoch"], sent["axis"], sent["run"]) == (500, 100, "step", "r1")
    assert sent["marks"] == [[200, "learning rate 0.002 → 0.0003"]]
    loss = {series["name"]: series for series in sent["panels"][0]["series"]}
    assert loss["val_loss"]["points"]["values"] == [0.5]
    assert len(loss["train_loss"]["points"]["values"]) > 50


def test_each_tick_asks_only_for_what_is_new_and_draws_all_of_it(train, service, drawn):
    service.put("r1", MLP, step=40)
    at = train("r1")
    service.become("r1", step=60)
    service.asked_since.clear()
    at.run()
    assert set(service.asked_since) == {40, 60}
    sent = drawn["run.curves"]["panels"][0]["series"][0]["points"]
    assert sum(sent["gaps"]) == 60 and len(sent["values"]) == 60
    assert sent["values"][:2] == pytest.approx(columns(2)["loss"].tolist(), rel=1e-3)


def test_a_curve_that_was_taken_back_is_read_anew(train, service, drawn):
    service.put("r1", MLP, step=60)
    at = train("r1")
    service.become("r1", step=30)
    service.revision["r1"] = 1
    at.run()
    assert sum(drawn["run.curves"]["panels"][0]["series"][0]["points"]["gaps"]) == 30


def test_feature_maps_of_the_chosen_layer_and_nothing_else_are_watched(train, service, drawn):
    outputs = {"relu1": np.ones((16, 26, 26), np.float32)}
    service.put("r1", CNN, {"captured": captured(outputs=outputs)}, step=250)
    at = train("r1")
    assert (service.watched[-1].outputs, service.watched[-1].weights) == (("relu1",), ())
    sample, maps = drawn["run.maps"]["blocks"]
    assert sample["title"] == "This is 7" and sample["probabilities"][7] == pytest.approx(0.91)
    assert (maps["count"], maps["columns"], maps["cell"]) == (16, 8, [27, 27])
    assert "16 maps of 26 x 26, after step 250" in maps["note"]
    at.selectbox(key="run.layer.r1").select("conv2").run()
    assert service.watched[-1].outputs == ("conv2",)
    assert [block["kind"] for block in drawn["run.maps"]["blocks"]] == ["sample"], "not captured yet"


def test_another_test_image_is_watched(train, service, drawn):
    service.put("r1", CNN, step=250)
    at = train("r1")
    sample(at).set_value(42).run()
    assert service.watched[-1].sample == 42
    assert drawn["run.maps"]["blocks"][0]["title"] == "This is 4"
    at.button(key="run.random").click().run()
    assert sample(at).value == service.watched[-1].sample < 10_000


def test_first_layer_weights(train, service, drawn):
    weight = np.random.default_rng(0).normal(size=(128, 784)).astype(np.float32)
    service.put("r1", MLP, {"captured": captured(weights={"hidden1": weight})}, step=250)
    at = train("r1")
    at.segmented_control(key="run.view").set_value("weights").run()
    assert (service.watched[-1].outputs, service.watched[-1].weights) == ((), ("hidden1",))
    maps, = drawn["run.weights"]["blocks"]
    assert maps["count"] == 64 and "the first 64 shown" in maps["note"] and maps["noun"] == "neuron"


def test_confusion_and_mistakes_come_from_evaluations_and_capture_nothing(train, service, drawn):
    table = np.eye(10, dtype=np.int32) * 90
    table[4, 9] = 10
    service.put("r1", MLP, {"confusion": table, "mistakes": (ev.Mistake(3, 4, 9, 0.98),),
                            "evaluations": (ev.Evaluated(200, 0.2, 0.95, 910),)}, step=250)
    at = train("r1")
    at.segmented_control(key="run.view").set_value("confusion").run()
    assert not service.watched[-1].wants
    block, = drawn["run.confusion"]["blocks"]
    assert block["common"] == [{"truth": "4", "answer": "9", "count": 10}]
    assert block["note"] == "Judged on 910 validation samples after step 200."
    at.segmented_control(key="run.view").set_value("mistakes").run()
    assert not service.watched[-1].wants
    card, = drawn["run.mistakes"]["blocks"][0]["cards"]
    assert (card["truth"], card["answer"], card["sure"]) == ("4", "9", 0.98)


@pytest.mark.parametrize("view", ["maps", "weights", "confusion", "mistakes"])
@pytest.mark.parametrize("values", [{"state": "queued", "position": 1}, {"state": "stopped"}])
def test_every_view_of_a_run_without_a_step_is_calm(train, service, drawn, view, values):
    service.put("r1", MLP, **values)
    at = train("r1")
    at.segmented_control(key="run.view").set_value(view).run()
    assert not at.exception and not at.error


def test_numbers_that_are_none_do_not_break_the_page(train, service, drawn):
    nothing = np.full(10, np.nan, np.float32)
    capture = ev.Captured(3, 0, {"relu1": np.full(128, np.nan, np.float32)}, {}, nothing)
    service.put("r1", MLP, {"captured": capture}, state="diverged", sentence="Oh.", step=3)
    train("r1")
    assert drawn["run.maps"]["blocks"][0]["probabilities"] == [0.0] * 10


# words of the user's own

def test_a_name_that_looks_like_code_is_shown_as_text(train, service):
    service.put("r1", MLP, name="<b>*x*</b> $y$ :red[z]", step=250)
    at = train("r1")
    assert at.subheader[0].value == r"\<b\>\*x\*\</b\> \$y\$ \:red\[z\]"

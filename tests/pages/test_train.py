"""The train page before a run, without a browser: the design in hand, its settings, which run is shown."""
from __future__ import annotations

import pytest

from dlviz import tasks
from dlviz.errors import RunError
from dlviz.optimizers import Adagrad
from dlviz.spec import LayerSpec, NetworkSpec
from dlviz.training.control import Advance
from tests.pages.shown import shown
from tests.pages.train_page import CNN, MLP, enabled, reversing, service, texts, train  # noqa: F401
from tests.pages.train_service import OWNER

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


def test_where_there_is_a_choice_it_is_offered_and_taken(train, service):
    at = train()
    assert not [group for group in at.get("button_group") if group.key == "setup.device"]
    service.choice = ("cpu", "gpu")
    at.run()
    (choice,) = [group for group in at.get("button_group") if group.key == "setup.device"]
    assert choice.options == ["Wherever there is room", "CPU", "GPU"]
    choice.set_value("gpu").run()
    at.button(key="setup.train").click().run()
    assert list(service.devices_of.values()) == ["gpu"]


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


def test_a_task_whose_data_is_not_here_is_fetched_first(train, monkeypatch):
    monkeypatch.setattr(tasks.FashionMnist, "ready", lambda self: False)
    fashion = MLP.model_copy(update={"task": MLP.task.model_copy(update={"name": "fashion_mnist"})})
    at = train(design=fashion)
    assert "Download" in enabled(at) and "Train" not in enabled(at)


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
    shown(at.selectbox, "settings.optimizer").select("SGD").run()
    shown(at.number_input, "settings.learning_rate").set_value(0.3).run()
    shown(at.select_slider, "settings.batch_size").set_value(128).run()
    shown(at.number_input, "settings.epochs").set_value(2).run()
    shown(at.number_input, "settings.SGD.momentum").set_value(0.5).run()
    shown(at.toggle, "settings.SGD.nesterov").set_value(False).run()
    shown(at.selectbox, "settings.schedule").select("CosineAnnealingLR").run()
    shown(at.selectbox, "settings.train_fraction").select(0.1).run()
    shown(at.number_input, "settings.seed").set_value(7).run()
    assert not at.exception and not at.error
    experiment = at.session_state["dlviz.design"].experiment
    training = experiment.training
    assert (training.optimizer.kind, training.optimizer.learning_rate, training.optimizer.momentum,
            training.optimizer.nesterov) == ("SGD", 0.3, 0.5, False)
    assert (training.batch_size, training.epochs, training.schedule.kind, training.train_fraction, experiment.seed) == (
        128, 2, "CosineAnnealingLR", 0.1, 7)
    assert "2 epochs of 43 steps over 5,500 images" in texts(at)


def test_a_tasks_own_fields_are_settings_too(train):
    reverse = reversing()
    at = train(design=reverse)
    shown(at.number_input, "settings.reverse.length").set_value(5).run()
    assert not at.exception and not at.error
    assert at.session_state["dlviz.design"].experiment.task.fields["length"] == 5
    assert "samples" in texts(at) and "images" not in texts(at)


def test_features_are_switches_and_points_are_a_text(train):
    at = train()
    shown(at.selectbox, "settings.task").select("xor").run()
    shown(at.toggle, "settings.xor.x_squared").set_value(True).run()
    assert at.session_state["dlviz.design"].experiment.task.fields == {"x_squared": True}
    shown(at.selectbox, "settings.task").select("points").run()
    shown(at.text_area, "settings.points.coordinates").set_value("1 2 A; 3 4").run()
    assert "5 to 400 points" in texts(at) and not at.exception
    assert at.session_state["dlviz.design"].experiment.task.fields == {}
    given = "1 2 A; 3 4 B; 5 6 C; 7 8 A; 9 9 B"
    shown(at.text_area, "settings.points.coordinates").set_value(given).run()
    assert at.session_state["dlviz.design"].experiment.task.fields == {"coordinates": given} and not at.exception


def test_points_come_from_a_csv_file(train):
    at = train()
    shown(at.selectbox, "settings.task").select("points").run()
    lines = "\n".join(f"{i},{-i},{'cat' if i % 2 else 'dog'}" for i in range(10))
    at.file_uploader(key="settings.points.file").set_value(("points.csv", lines.encode(), "text/csv")).run()
    fields = at.session_state["dlviz.design"].experiment.task.fields
    assert fields["class_names"] == "cat, dog" and fields["coordinates"].count(";") == 9 and not at.exception
    at.file_uploader(key="settings.points.file").set_value(("points.csv", b"1,2", "text/csv")).run()
    assert "line 1 has 2 columns" in texts(at) and not at.exception
    at.file_uploader(key="settings.points.file").set_value(("points.csv", b"\xff\xfe", "text/csv")).run()
    assert "must be text in UTF-8" in texts(at) and not at.exception
    assert at.session_state["dlviz.design"].experiment.task.fields == fields


def test_another_optimizer_brings_its_own_fields_and_sentence(train):
    at = train()
    shown(at.selectbox, "settings.optimizer").select("Adagrad").run()
    assert Adagrad.sentence() in texts(at)
    assert shown(at.number_input, "settings.learning_rate").value == 0.01
    with pytest.raises(KeyError):
        at.number_input(key="settings.Adam.beta1")
    assert shown(at.number_input, "settings.Adagrad.lr_decay").value == 0


def test_quick_learning_rates_are_taken(train):
    at = train()
    at.pills(key="settings.quick_rate").set_value(0.01).run()
    assert at.session_state["dlviz.design"].experiment.training.optimizer.learning_rate == 0.01
    assert shown(at.number_input, "settings.learning_rate").value == 0.01


def test_a_value_out_of_bounds_gets_a_sentence_and_changes_nothing(train):
    at = train()
    shown(at.number_input, "settings.Adam.beta2").set_value(1.0).run()
    assert "The setting beta2 stays within its bounds" in texts(at)
    assert at.session_state["dlviz.design"].experiment == MLP
    assert shown(at.number_input, "settings.Adam.beta2").value == 0.999


def test_an_undo_in_build_is_seen_in_the_form(train):
    at = train()
    shown(at.number_input, "settings.epochs").set_value(9).run()
    at.session_state["dlviz.design"].undo()
    at.run()
    assert shown(at.number_input, "settings.epochs").value == 5


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

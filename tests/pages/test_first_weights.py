"""The choice of initial weights: what is offered, what is said of each layer, what a run is made with."""
from __future__ import annotations

import pytest

from dlviz import presets
from dlviz.network import editing
from dlviz.runs.info import Origin
from dlviz.spec import Experiment
from pages.ui.shared.design import Design
from tests.pages.train_page import CNN, MLP, service, texts, train  # noqa: F401
from tests.pages.train_service import OWNER

CHOICE = "first_weights.0"


def wider() -> Experiment:
    """The MLP with another hidden layer and another output."""
    network = editing.set_fields(MLP.network, "hidden2", {"out_features": 20})
    return MLP.model_copy(update={"network": editing.rename(network, "output", "classes")})


def design(at) -> Design:
    return at.session_state["dlviz.design"]


def test_nothing_is_offered_where_no_run_fits(train, service):
    service.put("other", CNN, state="done", step=300)
    service.put("untrained", MLP, state="paused", step=0)
    service.put("strange", MLP, state="done", step=300, owner="somebody")
    at = train(run="new")
    assert not [box for box in at.selectbox if box.label == "Initial weights"]
    at.button(key="setup.train").click().run()
    assert service.list(OWNER)[0].origin is None


def test_the_layers_that_fit_are_named_and_a_run_is_made_with_them(train, service):
    service.put("old", MLP, state="done", step=300, name="Old *one*")
    at = train(run="new", design=wider())
    assert at.selectbox(key=CHOICE).value == ""
    at.selectbox(key=CHOICE).set_value("old").run()
    assert "**Start from that run:** hidden1" in texts(at) and "**New, random weights:** classes" in texts(at)
    assert "**Other kind or shape, random weights:** hidden2" in texts(at) and not at.exception
    at.button(key="setup.train").click().run()
    made = service.list(OWNER)[0]
    assert made.origin == Origin("old", "Old *one*", 300, ("hidden1",), ("hidden2",), ("classes",))
    assert "Started from the weights of the run Old *one* after step 300: hidden1." in texts(at)
    assert "Random weights: hidden2, classes." in texts(at)


def test_the_layers_that_fit_are_frozen_by_a_button_and_thawed_again(train, service):
    service.put("old", MLP, state="done", step=300)
    at = train(run="new", design=wider())
    at.selectbox(key=CHOICE).set_value("old").run()
    at.button(key="first_weights.freeze").click().run()
    assert [layer.name for layer in design(at).network.layers if not layer.trainable] == ["hidden1"]
    assert at.button(key="first_weights.freeze").label == "Train the layer from that run too"
    at.button(key="first_weights.freeze").click().run()
    assert all(layer.trainable for layer in design(at).network.layers)
    design(at).undo()
    assert not design(at).network.layer("hidden1").trainable


def test_what_would_leave_nothing_to_learn_cannot_be_frozen(train, service):
    service.put("old", MLP, state="done", step=300)
    at = train(run="new")
    at.selectbox(key=CHOICE).set_value("old").run()
    assert at.button(key="first_weights.freeze").disabled


@pytest.mark.parametrize("change", ["deleted", "other design"])
def test_a_choice_that_no_longer_fits_is_none(train, service, change):
    service.put("old", MLP, state="done", step=300)
    at = train(run="new")
    at.selectbox(key=CHOICE).set_value("old").run()
    if change == "deleted":
        del service.infos["old"]
    else:
        design(at).open(presets.get("cnn").experiment)
    at.run()
    at.button(key="setup.train").click().run()
    assert service.list(OWNER)[0].origin is None and not at.exception


def test_play_on_build_begins_with_it_too(train, service):
    service.put("old", MLP, state="done", step=300)
    at = train(run="new", design=wider())
    at.switch_page("pages/build.py").run()
    at.selectbox(key=CHOICE).set_value("old").run()
    at.button(key="dock.play").click().run()
    assert service.list(OWNER)[0].origin.taken == ("hidden1",) and not at.exception

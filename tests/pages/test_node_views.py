"""The views of the selected layer in the inspector: those that the registry has of it, drawn by the run's own tick."""
from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dlviz import presets, views
from pages.ui.build import node_views
from pages.ui.shared.design import Design
from tests.pages.train_page import APP, MLP, drawn, service, texts
from tests.pages.train_service import OWNER, FakeService

__all__ = ["drawn", "service"]  # fixtures


@pytest.fixture
def inspect(service):
    """Opens the build page with this layer of the design selected."""
    def open_page(layer: str) -> AppTest:
        at, design = AppTest.from_file(APP, default_timeout=60), Design(OWNER, MLP)
        design.selected = layer
        at.session_state["dlviz.visitor"], at.session_state["dlviz.design"] = OWNER, design
        at.run()
        assert not at.exception
        return at

    return open_page


def test_a_layer_of_a_run_shows_every_view_that_there_is_of_it(inspect, service: FakeService):
    service.put("r", MLP, state="training", step=50)
    at = inspect("hidden1")
    choice = at.segmented_control(key=node_views.KEY)
    assert choice.options == [str(views.get(key).title) for key in ("maps", "layer_weights", "projector")]
    assert any(watch.outputs == ("hidden1",) for watch in service.watched)
    choice.set_value("layer_weights").run()
    assert not at.exception and any(watch.parameters == ("hidden1",) for watch in service.watched)
    assert not any("layer" in str(box.key) for box in at.selectbox if str(box.key).startswith("node."))


def test_a_layer_without_weights_has_no_view_of_them(inspect, service: FakeService):
    service.put("r", MLP, state="training", step=50)
    assert "Weights of a layer" not in inspect("relu1").segmented_control(key=node_views.KEY).options


def test_before_a_run_the_inspector_shows_what_the_untrained_layer_gives(inspect, service: FakeService):
    at = inspect("hidden1")
    assert not [one for one in at.segmented_control if one.key == node_views.KEY]
    assert "before" in texts(at) and not service.watched


@pytest.mark.parametrize("key", presets.PRESETS)
def test_every_layer_that_a_preset_has_shows_at_least_its_output(key):
    of = views.subject(presets.get(key).experiment)
    for layer in of.report.layers:
        assert "maps" in node_views.of_layer("train", of, layer.name)

"""A layer and an optimizer of one class each on the pages: Build, Train, Slow motion, Lab, with nothing added."""
from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from dlviz.layers import CATALOGUE
from dlviz.optimizers import OPTIMIZERS
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TrainingSpec
from pages.ui.build import stack
from pages.ui.motion import player
from pages.ui.motion import weight as motion_weight
from pages.ui.shared import state
from pages.ui.shared.design import Design
from tests.pages.train_page import setting
from tests.pages.train_service import OWNER, FakeService
from tests.toys import Adamax, Hardtanh

APP = str(Path(__file__).parents[2] / "app.py")
ROWS = (("flat", "Flatten", {}), ("a", "Linear", {"out_features": 16}), ("cut", "Hardtanh", {"limit": 2.0}),
        ("b", "Linear", {"out_features": 10}))


@pytest.fixture
def design(monkeypatch) -> Experiment:
    monkeypatch.setitem(CATALOGUE, "Hardtanh", Hardtanh)
    monkeypatch.setitem(OPTIMIZERS, "Adamax", Adamax)
    network = NetworkSpec(layers=tuple(LayerSpec(name=name, kind=kind, fields=fields) for name, kind, fields in ROWS))
    return Experiment(network=network, training=TrainingSpec(optimizer=Adamax(beta2=0.99)))


@pytest.fixture
def service(monkeypatch) -> FakeService:
    made = FakeService()
    monkeypatch.setattr(state, "service", lambda: made)
    return made


@pytest.fixture
def visit(service, design):
    def open_page(page: str = "", run: str = "") -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        at.session_state["dlviz.visitor"] = OWNER
        at.session_state["dlviz.design"] = Design(OWNER, design)
        at.run()
        if page:
            at.switch_page(f"pages/{page}.py")
        if run:
            at.query_params["run"] = run
        at.run()
        assert not at.exception
        return at

    return open_page


def test_build_has_the_layer_in_its_palette_on_a_card_and_in_a_form(visit, monkeypatch):
    shown: dict = {}
    monkeypatch.setattr(stack, "stack", lambda key, **given: shown.update(given) or ())
    at = visit()
    assert {"kind": "Hardtanh", "sentence": Hardtanh.sentence()} in [
        layer for family in shown["palette"] for layer in family["layers"]]
    card, = [card for card in shown["cards"] if card["name"] == "cut"]
    assert (card["summary"], card["out_shape"], card["family"], card["error"]) == ("limit 2", "16", "activation", None)
    edits = [(stack.Edit("select", name="cut"),)]
    monkeypatch.setattr(stack, "stack", lambda key, **given: edits.pop() if edits else ())
    at.run()
    field = at.number_input(key="layer.cut.Hardtanh.limit")
    assert (field.value, field.min, field.max) == (2.0, 0.1, 10.0)
    field.set_value(3.0).run()
    assert at.session_state["dlviz.design"].network.layer("cut").fields == {"limit": 3.0}


def test_train_has_the_optimizer_in_its_form_and_lets_it_be_changed_while_a_run_trains(visit, service, design):
    at = visit("train")
    assert at.selectbox(key="settings.optimizer").value == "Adamax"
    assert at.number_input(key="settings.Adamax.beta2").value == 0.99
    at.selectbox(key="settings.optimizer").select("SGD").run()
    at.selectbox(key="settings.optimizer").select("Adamax").run()
    assert at.session_state["dlviz.design"].experiment.training.optimizer == Adamax()
    service.put("r1", design, step=250)
    assert setting(visit("train", run="r1"), "momentum").value == 0.9


def test_slow_motion_shows_the_layers_words_and_the_optimizers_lines(visit, monkeypatch):
    shown: dict = {}

    def mount(key, data, **more):
        json.dumps(data, allow_nan=False)
        shown[key] = SimpleNamespace(**data)

    monkeypatch.setattr(player, "_MOTION", mount)
    visit("motion")
    card, = [layer for layer in shown[player.KEY].layers if layer["name"] == "cut"]
    assert card["formula"] == Hardtanh.plain and card["behind"] == Hardtanh.backward
    update = shown[motion_weight.KEY].update
    assert update["optimizer"] == "Adamax" and [line["symbol"] for line in update["lines"]] == ["m̂", "u", "Δ", "w"]


def test_the_lab_offers_the_layers_field_and_the_optimizers(visit):
    at = visit("lab")
    options = at.selectbox(key="lab.first.hyperparameter").options
    assert any("cut: limit" in option for option in options)
    assert any(option.endswith("beta2") for option in options)

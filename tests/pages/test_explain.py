"""The explain page without a browser: whose answers, what is asked, what is sent, what is switched off."""
from __future__ import annotations

import base64
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from dlviz import once, presets, tasks
from dlviz import views as registry
from dlviz.inspect import explanation
from dlviz.inspect.explanation import Explainer
from dlviz.network import build
from dlviz.probes.ablation import HeadsOff, LayerBypass, UnitsOff, WeightNoise
from dlviz.probes.attribution import AttributionTarget, enlarged
from dlviz.training import checkpoint
from dlviz.views import why
from dlviz.views.base import Choice
from pages.ui.explain import source
from pages.ui.explain.switches import Switches
from pages.ui.shared import state, view_host
from tests.pages.train_service import OWNER, FakeService

APP = str(Path(__file__).parents[2] / "app.py")
TOP, WITHOUT = ":material/favorite: Top activations", ":material/toggle_off: Switch parts off"


@pytest.fixture
def service(monkeypatch) -> FakeService:
    made = FakeService()
    monkeypatch.setattr(state, "service", lambda: made)
    monkeypatch.setattr(explanation, "ABLATION_SAMPLES", 60)
    monkeypatch.setattr(explanation, "TOP_SAMPLES", 90)
    once.forget("subjects")
    return made


@pytest.fixture
def shown(monkeypatch) -> dict:
    last: dict = {}

    def mount(key, data, **more):
        json.dumps(data, allow_nan=False)  # one NaN breaks a component for good
        last[key] = SimpleNamespace(**data)

    monkeypatch.setattr(view_host, "_MOUNT", lambda key, data, **more: mount(key, data["data"]))
    return last


@pytest.fixture
def visit(service, shown, tmp_path):
    """Opens the page on a run of a preset with its first weights."""
    def open_page(key: str | None = "mlp", **values) -> AppTest:
        if key:
            experiment = presets.get(key).experiment
            task = tasks.get(experiment.task.name, experiment.task.fields)
            network = build(experiment.network, task.signature(), 1)
            service.weights = tmp_path / f"{key}.safetensors"
            checkpoint.save(service.weights, network, torch.optim.SGD(network.parameters(), 0.1), 7)
            service.put("r", experiment, **({"state": "done", "step": 7} | values))
        at = AppTest.from_file(APP, default_timeout=60)
        at.session_state["dlviz.visitor"] = OWNER
        at.run()
        at.switch_page("pages/explain.py")
        shown.clear()
        at.run()
        assert not at.exception
        return at

    return open_page


def part(at: AppTest, name: str) -> AppTest:
    at.segmented_control(key="explain.part").set_value(name).run()
    assert not at.exception and not at.error
    return at


def widget(widgets, start: str):
    return next(one for one in widgets if one.key and one.key.startswith(start))


def subject_of(service: FakeService) -> Explainer:
    return source._subjects().get(service.get("r").experiment, service.weights)


def texts(at: AppTest) -> str:
    return "\n".join(str(part.value).replace("\\", "") for part in [*at.markdown, *at.caption, *at.error])


def floats(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4")


# whose answers

def test_without_runs_it_says_what_to_do(visit, service):
    assert "There is no network to explain yet" in texts(visit(None))
    assert "has not made its first step yet" in texts(visit("mlp", step=0, state="queued"))


def test_a_run_without_weights_is_a_sentence(visit, service):
    at = visit("mlp", state="training")
    service.weights, held = None, at.session_state["dlviz.value.explain.held"]
    held.fresh += 1
    at.run()
    assert "has not saved any yet" in texts(at)


def test_the_run_in_focus_comes_before_one_that_trains(visit, service):
    service.put("t", presets.get("cnn").experiment, state="training", step=3)
    at = visit("mlp")
    assert at.session_state["dlviz.run"] == "r"


def test_the_weights_on_screen_stay_until_newer_ones_are_taken(visit, service):
    at = visit("mlp", state="training", name="**<b>mine</b>**")
    before = at.session_state["dlviz.value.explain.held"].subject
    service.become("r", step=90)
    at.run()
    assert at.session_state["dlviz.value.explain.held"].subject is before and "<b>" not in texts(at)
    service.weights = service.weights.rename(service.weights.with_name("newer.safetensors"))
    at.button(key="explain.fresh").click().run()
    assert at.session_state["dlviz.value.explain.held"].subject is not before and not at.exception


def test_weights_beyond_all_bounds_are_a_sentence(visit, service, shown):
    at = visit("cnn")
    subject_of(service)._network.module_of("conv2").weight.data.fill_(float("nan"))
    at.run()
    assert "have diverged" in at.warning[0].value
    for name in (TOP, WITHOUT):
        part(at, name)
    at.button(key="explain.rank").click().run()
    assert not at.exception and not at.error and shown["explain.without"].before["loss"] is None


# why

def test_why_its_answer(visit, service, shown):
    visit()
    data, it = shown["explain.why"], subject_of(service)
    inputs = it.task.sample("test", 0)[0]
    best = int(it.scores(inputs).argmax())
    assert data.of == f"the logit of {best}" and data.score == pytest.approx(float(it.scores(inputs)[best]))
    cards = {card["name"]: card for card in data.cards}
    assert list(cards) == ["saliency", "integrated", "occlusion", "cam"] and cards["cam"]["missing"]
    score = AttributionTarget(best)
    np.testing.assert_allclose(floats(cards["saliency"]["values"][0]), it.saliency(inputs, score)[0].ravel())
    np.testing.assert_allclose(floats(cards["occlusion"]["values"][0]), it.occlusion(inputs, score, 5)[0].ravel(),
                               atol=1e-6)
    found = it.integrated_gradients(inputs, score)
    assert floats(cards["integrated"]["values"][0]).sum() == pytest.approx(found.given - found.blank, abs=0.01)
    assert cards["integrated"]["figures"][0][1] == why.number(found.total)
    assert all(card["missing"] or (card["says"] and card["not"]) for card in data.cards)


def test_why_this_and_not_that_in_a_convolution(visit, service, shown):
    at = visit("cnn")
    widget(at.selectbox, "explain.why.of").set_value(7).run()
    widget(at.selectbox, "explain.why.against").set_value(1).run()
    widget(at.selectbox, "explain.why.layer").set_value("conv1").run()
    at.slider(key="explain.why.patch").set_value(4).run()
    data, it = shown["explain.why"], subject_of(service)
    inputs, score = it.task.sample("test", 0)[0], AttributionTarget(7, 1)
    assert data.of == "the logit of 7 minus that of 1" and not any(card["missing"] for card in data.cards)
    cards = {card["name"]: card for card in data.cards}
    np.testing.assert_allclose(floats(cards["occlusion"]["values"][0]), it.occlusion(inputs, score, 4)[0].ravel(),
                               atol=1e-6)
    small = it.grad_cam(inputs, score, "conv1")
    assert cards["cam"]["figures"][0][1] == "26 x 26" and "conv1" in cards["cam"]["says"]
    np.testing.assert_allclose(floats(cards["cam"]["values"][0]), enlarged(small, 28, 28).ravel(), atol=1e-6)


def test_a_drawing_is_waited_for(visit):
    at = visit()
    at.segmented_control(key="explain.source").set_value(":material/draw: Draw").run()
    assert not at.exception and "Draw: the explanation" in texts(at)


@pytest.mark.parametrize(("key", "rows"), [("reverse", [10]), ("facts", [5, 1]), ("order_lstm", [30]), ("sine", [24])])
def test_sequences_are_coloured_words(visit, shown, key, rows):
    at = visit(key)
    data = shown["explain.why"]
    assert data.ink is None and [card["name"] for card in data.cards] == ["saliency", "integrated", "occlusion"]
    for card in data.cards:
        assert [len(floats(values)) for values in card["values"]] == [len(words) for words in data.words]
    if key != "sine":
        assert [len(words) for words in data.words] == rows
    for name in (TOP, WITHOUT):
        part(at, name)


def test_a_sequence_of_many_numbers_is_a_picture(visit, shown):
    at = visit("rows")
    assert shown["explain.why"].shape == [28, 28] and len(floats(shown["explain.why"].cards[0]["values"][0])) == 784
    part(at, TOP)
    assert "frame" in shown["explain.top_activations"].units[0]["top"][0]


# top activations

def test_favourites_with_frames(visit, service, shown):
    at = part(visit("cnn"), TOP)
    data, found = shown["explain.top_activations"], subject_of(service).top_activations("relu2")
    alive = next(unit for unit in data.units if unit["top"])
    assert [activation["sample"] for activation in alive["top"]] == found.samples[alive["number"]].tolist()
    top, left, bottom, right = alive["top"][0]["frame"]
    assert 0 < bottom - top <= 8 and 0 < right - left <= 8  # 3 x 3, pooled by 2, 3 x 3
    labels = tasks.get("mnist").labels("test")
    assert all(activation["target"] == str(labels[activation["sample"]]) for activation in alive["top"])
    assert {str(activation["sample"]) for unit in data.units for activation in unit["top"]} == set(data.samples)
    at.selectbox(key="explain.top_activations.order").set_value("agreed").run()
    counts = [int(unit["about"][0]) for unit in shown["explain.top_activations"].units if unit["about"][:1].isdigit()]
    assert counts == sorted(counts, reverse=True) and not at.exception


def test_many_units_come_in_parts(visit, shown):
    at = part(visit("mlp"), TOP)
    assert [unit["number"] for unit in shown["explain.top_activations"].units] == list(range(32))
    widget(at.selectbox, "explain.top_activations.page").set_value(3).run()
    assert [unit["number"] for unit in shown["explain.top_activations"].units] == list(range(96, 128))


class Width(registry.View):
    """A view that is declared here and nowhere else."""

    key, title, sentence, places = "width", "Width", "How many units a layer has.", ("explain",)

    def suits(self, report, task):
        return tuple(layer.name for layer in report.layers)

    def choices(self, subject):
        names = self.suits(subject.report, subject.task)
        return (Choice("of", "Layer", names, names),)

    def examine(self, explainer, subject, choices, progress):
        return explainer.units(choices["of"])

    def draw(self, subject, observation, choices):
        return f"{choices['of']} has {observation.examined} units."


def test_a_view_declared_by_one_class_is_offered_examined_and_drawn(visit, monkeypatch):
    monkeypatch.setitem(registry.VIEWS, Width.key, Width())
    at = part(visit("mlp"), "Width")
    at.selectbox(key="explain.width.of").select("relu2").run()
    assert "relu2 has 64 units." in [caption.value.replace("\\", "") for caption in at.caption]


# switching off

def test_a_number_is_wrong_where_it_is_further_off_than_the_task_allows(visit, service, shown):
    """A forecast meets its target to two decimals about never; the run counts it as correct within a tolerance."""
    part(visit("airline"), WITHOUT)
    it = subject_of(service)
    inputs, target = it.task.sample("test", 0)
    off = abs(float(it.scores(inputs).ravel()[0]) - float(np.ravel(target)[0])) > it.task.signature().tolerance
    [row] = shown["explain.without"].answer["steps"]
    assert row["before"] != row["target"] and row["wrong"] == {"before": off, "after": off} and not off


def test_units_off_and_everything_on_again(visit, service, shown):
    at = part(visit("mlp"), WITHOUT)
    data, it = shown["explain.without"], subject_of(service)
    assert data.layer == "relu1" and data.units == 128 and data.off == [] and data.before == data.after
    at.session_state["explain.without"] = {"off": {"layer": "relu1", "turn": 0, "units": [5, 3]}}
    at.run()
    data, inputs = shown["explain.without"], it.task.sample("test", 0)[0]
    by_engine = it.outcome((UnitsOff("relu1", (3, 5)),))
    assert data.off == [3, 5] and data.list == ["relu1: 3, 5"]
    assert data.after == {"accuracy": by_engine.accuracy, "loss": by_engine.loss}
    assert [bar["after"] for bar in data.answer["bars"]] == pytest.approx(
        torch.from_numpy(it.scores(inputs, (UnitsOff("relu1", (3, 5)),))).softmax(0).tolist(), abs=1e-4)
    assert [bar["word"] for bar in data.answer["bars"] if bar["target"]] == ["7"]
    widget(at.selectbox, "explain.to").set_value("mean").run()
    loss = it.outcome((UnitsOff("relu1", (3, 5), "mean"),)).loss  # summed up by another number of threads, perhaps
    assert shown["explain.without"].after["loss"] == pytest.approx(loss, rel=1e-6)
    widget(at.toggle, "explain.around").set_value(True).run()
    widget(at.slider, "explain.noise").set_value(0.5).run()
    assert shown["explain.without"].list == ["noise 0.50 on all weights", "relu1: bypassed", "relu1: 3, 5"]
    at.button(key="explain.reset").click().run()
    data = shown["explain.without"]
    assert data.list == [] and data.off == [] and data.turn == 1 and data.before == data.after and not at.exception


def test_the_unit_that_matters_most(visit, service, shown):
    at = part(visit("mlp"), WITHOUT)
    widget(at.selectbox, "explain.without.layer").set_value("relu2").run()
    assert shown["explain.without"].drops is None
    at.button(key="explain.rank").click().run()
    it = subject_of(service)
    ranked, data = it.ranked("relu2"), shown["explain.without"]
    assert data.drops == pytest.approx((it.outcome(()).accuracy - ranked[:, 0]).tolist(), abs=1e-4)
    at.button(key="explain.most").click().run()
    data = shown["explain.without"]
    worst = sorted(range(64), key=lambda unit: (-ranked[unit, 0], ranked[unit, 1]))[-10:]
    assert data.off == sorted(worst) and not at.exception
    assert data.after["loss"] > data.before["loss"]


def test_heads_and_whole_layers(visit, service, shown):
    at = part(visit("dates_transformer"), WITHOUT)
    assert shown["explain.without"].layer == "encoder"
    widget(at.button_group, "explain.heads.encoder").set_value([1, 2]).run()
    it, inputs = subject_of(service), subject_of(service).task.sample("test", 0)[0]
    assert shown["explain.without"].list == ["encoder.self_attn: heads 1, 2"]
    assert shown["explain.without"].after["loss"] == it.outcome((HeadsOff("encoder.self_attn", (1, 2)),)).loss
    widget(at.toggle, "explain.off").set_value(True).run()
    assert shown["explain.without"].all and "encoder: all off" in shown["explain.without"].list
    assert len(inputs) == 2 and not at.exception


# what is off

def test_what_is_off_in_one_order():
    switches = Switches(noise=0.5, noisy="a")
    switches.hear({"layer": "b", "turn": 0, "units": [4, 1]}, "b", 5)
    switches.flip(switches.layers, "c")
    switches.flip(switches.bypassed, "d")
    switches.heads["e.self_attn"] = (0,)
    assert switches.changes() == (WeightNoise("a", 0.5), HeadsOff("e.self_attn", (0,)), LayerBypass("d"),
                                  UnitsOff("b", (1, 4)), UnitsOff("c"))
    assert switches.words() == ["noise 0.50 on a", "e.self_attn: head 0", "d: bypassed", "b: 1, 4", "c: all off"]
    switches.flip(switches.layers, "c")
    switches.put("b", range(9))
    assert switches.words()[-1] == "b: 0, 1, 2, 3, 4, 5 and 3 more"


@pytest.mark.parametrize("message", [
    None, "x", {}, {"layer": "b", "turn": 1, "units": [1]}, {"layer": "a", "turn": 0, "units": [1]},
    {"layer": "b", "turn": 0, "units": [5]}, {"layer": "b", "turn": 0, "units": [True]},
    {"layer": "b", "turn": 0, "units": "1"}])
def test_nonsense_from_the_browser_is_passed_over(message):
    switches = Switches(units={"b": {2}})
    switches.hear(message, "b", 5)
    assert switches.units == {"b": {2}}


def test_what_rounds_to_zero_has_no_sign():
    values = (-0.001, 0.0, -0.0, 0.004, -0.005001, 1.5, float("nan"))
    assert [why.number(v) for v in values] == ["0.00", "0.00", "0.00", "0.00", "−0.01", "+1.50", "–"]

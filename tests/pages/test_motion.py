"""The slow motion page without a browser: which network, what is sent, which weight, which layer."""
from __future__ import annotations

import base64
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from dlviz import network as net
from dlviz import presets, tasks
from dlviz.inspect.slow_motion import record_update
from dlviz.inspect.weight_inside import WeightUses
from dlviz.spec import NetworkSpec
from dlviz.training import checkpoint, loop, optimizers
from pages.ui.motion import player, weight
from pages.ui.shared import state
from pages.ui.shared.design import Design
from tests.pages.train_service import OWNER, FakeService

APP = str(Path(__file__).parents[2] / "app.py")
MLP, CNN, REVERSE = (presets.get(key).experiment for key in ("mlp", "cnn", "reverse"))
ADDING = next(preset.experiment for preset in presets.PRESETS.values()
              if preset.experiment.task.name == "adding")
FORMS = {"cnn": {"sliding", "curve", "linear", "softmax"},
         "resnet": {"sliding", "norm", "curve", "linear", "softmax"},
         "reverse": {"attention", "norm", "linear", "softmax"}}


@pytest.fixture
def service(monkeypatch) -> FakeService:
    made = FakeService()
    monkeypatch.setattr(state, "service", lambda: made)
    return made


@pytest.fixture
def shown(monkeypatch) -> dict:
    last: dict = {}

    def mount(key, data, **more):
        json.dumps(data, allow_nan=False)  # one NaN breaks a component for good
        last[key] = SimpleNamespace(**data)

    monkeypatch.setattr(player, "_MOTION", mount)
    return last


@pytest.fixture
def visit(service, shown):
    def open_page(experiment=MLP, run: str | None = None) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        at.session_state["dlviz.visitor"] = OWNER
        at.session_state["dlviz.design"] = Design(OWNER, experiment)
        at.run()
        at.switch_page("pages/motion.py")
        if run:
            at.query_params["run"] = run
        shown.clear()
        at.run()
        assert not at.exception
        return at

    return open_page


def texts(at: AppTest) -> str:
    return "\n".join(str(part.value).replace("\\", "") for part in [*at.markdown, *at.caption, *at.error])


def floats(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4")


def to_layers(at: AppTest, name: str | None = None) -> None:
    at.segmented_control(key="motion.view").set_value(":material/calculate: Inside a layer").run()
    if name:
        at.selectbox(key="motion.inner").set_value(name).run()
    assert not at.exception and not at.error


# whose update

def test_the_design_in_hand_with_one_click(visit, shown):
    at = visit()
    data, motion = shown["motion.player"], record_update(MLP)
    assert "motion.source" not in [one.key for one in at.segmented_control]
    assert "(design, untrained)" in texts(at) and data.when == "before the first step"
    assert [card["name"] for card in data.layers] == ["image", *MLP.network.names()]
    assert data.loss == pytest.approx(motion.update.loss) and data.after < data.loss
    assert [sample["number"] for sample in data.samples] == list(motion.indices)
    labels = tasks.get("mnist").labels("train")
    assert [sample["target"] for sample in data.samples] == [str(labels[i]) for i in motion.indices]
    assert "motion.weight" in shown


def test_another_batch_and_another_sample(visit, shown):
    at = visit()
    before = shown["motion.player"]
    at.button(key="motion.another").click().run()
    after = shown["motion.player"]
    assert [s["number"] for s in after.samples] != [s["number"] for s in before.samples]
    at.session_state["motion.player"] = {"sample": 3}
    at.run()
    assert shown["motion.player"].chosen == 3
    at.session_state["motion.player"] = {"sample": "nonsense"}
    at.run()
    assert shown["motion.player"].chosen == 0


def test_a_run_with_its_newest_weights(visit, service, shown, tmp_path):
    training = MLP.training.model_copy(update={"epochs": 1, "train_fraction": 0.01})
    short = MLP.model_copy(update={"training": training})
    path = tmp_path / "w.safetensors"
    list(loop.train(short, checkpoint=path, device="cpu"))
    service.put("r", short, name="**<b>mine</b>**", state="training", step=5)
    service.weights = path
    at = visit(run="r")
    assert at.segmented_control(key="motion.source").value == "run" and shown["motion.player"].when == "after 9 steps"
    assert "<b>" not in texts(at) and not at.button(key="motion.another").disabled
    service.become("r", step=20)
    at.run()
    assert shown["motion.player"].when == "after 9 steps"
    at.button(key="motion.fresh").click().run()
    assert not at.exception
    service.weights = None
    service.become("r", state="done", step=30)
    at.run()
    assert shown["motion.player"].when == "after 9 steps" and not at.error  # what is read stays
    at.button(key="motion.another").click().run()
    assert "has not saved any yet" in texts(at)


def test_a_training_since_the_last_visit_is_what_opens(visit, service, tmp_path):
    at = visit()
    assert "motion.source" not in at.session_state or at.session_state["motion.source"] == "design"
    path = tmp_path / "w.safetensors"
    training = MLP.training.model_copy(update={"epochs": 1, "train_fraction": 0.002})
    list(loop.train(MLP.model_copy(update={"training": training}), checkpoint=path, device="cpu"))
    service.put("r", MLP, state="done", step=2)
    service.weights = path
    at.run()
    assert at.segmented_control(key="motion.source").value == "run" and not at.exception
    at.segmented_control(key="motion.source").set_value("design").run()
    at.run()
    assert at.segmented_control(key="motion.source").value == "design", "what was chosen stays"


def test_an_empty_design_and_a_wrong_one_are_sentences(visit):
    empty = MLP.model_copy(update={"network": NetworkSpec()})
    assert "There is no network yet" in texts(visit(empty))
    wrong = MLP.model_copy(update={"network": NetworkSpec(layers=MLP.network.layers[:2])})
    assert "End with a Linear of 10 neurons" in texts(visit(wrong))


def test_weights_that_are_no_numbers_break_nothing(visit, service, tmp_path):
    network = net.build(CNN.network, tasks.get("mnist").signature(), 1)
    optimizer = optimizers.build(CNN.training.optimizer, network)
    torch.nn.init.constant_(network.module_of("conv1").weight, float("nan"))
    service.weights = tmp_path / "w.safetensors"
    checkpoint.save(service.weights, network, optimizer, 7)
    service.put("r", CNN, state="diverged", step=7)
    at = visit(run="r")
    for name in ("conv1", "relu1", "pool1", "hidden", "softmax in the loss"):
        to_layers(at, name)


def test_the_clip_of_the_experiment(visit, shown):
    training = MLP.training.model_copy(update={"clip": "value", "clip_threshold": 0.001})
    visit(MLP.model_copy(update={"training": training}))
    clip, gradients = shown["motion.player"].clip, [m.gradient for m in record_update(MLP).update.parameters.values()]
    assert (clip["by"], clip["line"]) == ("value", 0.001)
    assert clip["cut"] == sum(int((g.abs() > 0.001).sum()) for g in gradients) > 0
    assert clip["largest"] == pytest.approx(max(float(g.abs().max()) for g in gradients))


def test_names_with_dots_are_nobodys_parts(visit, shown):
    rows = [layer.model_copy(update={"name": {"position": "block1.linear1", "block1": "a.b"}.get(layer.name,
                                                                                                 layer.name)})
            for layer in REVERSE.network.layers]
    at = visit(REVERSE.model_copy(update={"network": NetworkSpec(layers=tuple(rows))}))
    at.selectbox(key="motion.layer").set_value("a.b.linear1").run()
    assert not at.exception and shown["motion.weight"].links[0]["layers"] == ["a.b", "output"]


# one weight

def test_a_chosen_weight_and_its_numbers(visit, shown):
    at = visit()
    motion = record_update(MLP)
    data = shown["motion.weight"]
    gradient = motion.parameter("hidden2").gradient
    assert data.layer == "hidden2" and abs(data.gradient) == pytest.approx(float(gradient.abs().max()))
    assert [link["form"] for link in data.links] == ["slope", "sum", "cross_entropy"]
    assert sum(row["product"] for row in data.uses["rows"]) == pytest.approx(data.gradient, abs=1e-6)
    keys = [box.key for box in at.number_input if box.key.endswith(("hidden2.0", "hidden2.1"))]
    at.number_input(key=keys[0]).set_value(3)
    at.number_input(key=keys[1]).set_value(5).run()
    data = shown["motion.weight"]
    assert data.symbol == "w[3, 5]" and data.gradient == pytest.approx(float(gradient[3, 5]))
    moved = motion.parameter("hidden2")
    assert data.update["lines"][-1]["value"] == pytest.approx(float(moved.after[3, 5]), abs=1e-6)
    at.selectbox(key="motion.layer").set_value("hidden1").run()
    assert len(shown["motion.weight"].links) == 5
    at.session_state["motion.weight"] = {"sample": 2}
    at.run()
    assert shown["motion.weight"].sample == 2 and shown["motion.weight"].fixed
    at.button(key="motion.largest").click().run()
    assert not at.exception


@pytest.mark.parametrize("experiment", [CNN, REVERSE, ADDING], ids=["convolution", "attention", "numbers"])
def test_every_weight_of_other_networks(visit, shown, experiment):
    at = visit(experiment)
    for name in record_update(experiment).weights:
        at.selectbox(key="motion.layer").set_value(name).run()
        assert not at.exception and not at.error
        data = shown["motion.weight"]
        assert data.layer == name and data.sum == pytest.approx(data.gradient, rel=1e-3, abs=1e-6)


# inside a layer

def test_only_places_where_the_weight_is_used_are_counted():
    """LayerNorm's weight of feature 1 of 6: at 4 samples x 5 steps, not at the 100 places of the other features."""
    carried, delta = np.zeros((4, 5, 6), np.float32), np.ones((4, 5, 6), np.float32)
    carried[..., 1] = 2.0
    uses = weight._uses(WeightUses("norm", delta, carried))
    assert len(uses["rows"]) + uses["others"] == 20
    assert sum(row["product"] for row in uses["rows"]) + uses["rest"] == 40.0
    assert all(row["carried"] == 2.0 for row in uses["rows"])


@pytest.mark.parametrize("key", FORMS)
def test_every_form_of_arithmetic(visit, shown, key):
    experiment = presets.get(key).experiment
    at = visit(experiment)
    to_layers(at)
    forms = set()
    for name, form in (record_update(experiment).formed() | {"softmax in the loss": "softmax"}).items():
        if form not in forms:
            to_layers(at, name)
            assert shown["motion.arithmetic"].form == form
        forms.add(form)
    assert forms == FORMS[key]


def test_the_loss_has_its_classes_in_words(visit, shown):
    names = presets.get("names").experiment
    at = visit(names)
    to_layers(at, "softmax in the loss")
    task, motion = tasks.get("names"), record_update(names)
    scores = motion.update.outputs[0, 0].double()
    best = scores.argsort(descending=True).tolist()
    terms = shown["motion.arithmetic"].terms
    assert [term["word"] for term in terms] == [task.classes[k] for k in best[:len(terms)]]
    assert terms[0]["probability"] == pytest.approx(float(scores.softmax(0)[best[0]]))


def test_a_filter_can_be_chosen(visit, shown):
    at = visit(CNN)
    to_layers(at, "conv2")
    at.number_input(key="motion.axis.conv2.Filter.32").set_value(7).run()
    data, motion = shown["motion.arithmetic"], record_update(CNN)
    np.testing.assert_array_equal(floats(data.kernel).reshape(16, 3, 3),
                                  motion.modules["conv2"].weight[7].detach())
    np.testing.assert_array_equal(floats(data.output).reshape(data.out),
                                  motion.update.records["conv2"].output[0, 7])



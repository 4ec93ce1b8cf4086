"""Down to the neuron: which networks have it, which links are sent, and that the numbers add up."""
from __future__ import annotations

import base64

import numpy as np
import pytest

from dlviz import network as net
from dlviz import presets, tasks, views
from dlviz.network import editing
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TaskSpec
from dlviz.training.captures import capture
from dlviz.views.base import Observation
from dlviz.views.neurons import LINKS, Neurons, UnitColumn, stages, strongest


def floats(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4")


def small(*widths: int, key: str = "mlp") -> Experiment:
    """A chain of dense layers on the preset's task, with a ReLU behind each but the last."""
    base = presets.get(key).experiment
    layers = [LayerSpec(name="flat", kind="Flatten")]
    for number, width in enumerate(widths):
        layers.append(LayerSpec(name=f"dense {number}", kind="Linear", fields={"out_features": width}))
        layers.append(LayerSpec(name=f"bend {number}", kind="ReLU"))
    return base.model_copy(update={"network": NetworkSpec(layers=tuple(layers[:-1]))})


def drawn(experiment: Experiment, focus=None, **more):
    subject, view = views.subject(experiment), Neurons()
    network = net.build(experiment.network, subject.task.signature(), seed=1)
    request = view.request(subject, {"focus": focus})
    captured = capture(network, subject.task, request.watch(3), 7)
    return network, view.draw(subject, Observation(7, captured=captured, **more), {"focus": focus})


def test_a_chain_of_dense_layers_has_its_columns():
    found = stages(views.subject(presets.get("mlp").experiment).report)
    assert found == (UnitColumn("", "", 784), UnitColumn("hidden1", "relu1", 128, "hidden1"),
                     UnitColumn("hidden2", "relu2", 64, "hidden2"), UnitColumn("output", "output", 10, "output"))


@pytest.mark.parametrize("key", [key for key in presets.PRESETS if key != "mlp"])
def test_another_network_has_no_such_view_unless_it_is_such_a_chain(key):
    experiment = presets.get(key).experiment
    report = views.subject(experiment).report
    kinds = {layer.kind for layer in experiment.network.layers}
    chain = all(layer.inputs is None for layer in experiment.network.layers) and kinds <= {
        "Flatten", "Linear", "ReLU", "Tanh", "Sigmoid", "GELU", "Dropout", "LeakyReLU", "ELU", "SiLU"}
    assert bool(stages(report)) == (chain and len(report.signature.inputs) == 1
                                    and report.signature.inputs[0][1].kind in ("vector", "image"))


def test_a_skip_or_a_layer_too_wide_or_a_broken_design_has_none():
    base = small(20, 10)
    skip = base.network.model_copy(update={"layers": (
        *base.network.layers[:2], LayerSpec(name="more", kind="Linear", fields={"out_features": 20}),
        LayerSpec(name="add", kind="Add", inputs=("dense 0", "more")), *base.network.layers[3:])})
    for network in (skip, small(300, 10).network, editing.delete(base.network, "flat")):
        assert stages(views.subject(base.model_copy(update={"network": network})).report) == ()


@pytest.mark.parametrize("room", [0, 1, 4, 99])
def test_the_strongest_of_each_unit_are_sent(room):
    weight = np.random.default_rng(1).normal(size=(6, 9)).astype(np.float32)
    expected = sorted(unit * 9 + place for unit in range(6)
                      for place in sorted(range(9), key=lambda at: -abs(weight[unit, at]))[:room])
    assert strongest(weight, room).tolist() == expected


def test_of_a_large_network_few_links_are_sent_and_all_are_counted():
    network, data = drawn(presets.get("mlp").experiment)
    sent = [len(links["places"]) for links in data["links"]]
    assert data["total"] == 784 * 128 + 128 * 64 + 64 * 10 == 109_184 and sent[0] == 0 and 400 < sum(sent) <= LINKS
    weight = network.module_of("hidden2").weight.detach().numpy()
    assert np.array_equal(floats(data["links"][1]["weights"]), weight.ravel()[data["links"][1]["places"]])
    assert not any(stage["pictures"] for stage in data["stages"]) and data["stages"][0]["picture"] == [1, 28, 28]


def test_of_a_small_network_all_links_are_sent_and_its_weights_as_pictures():
    network, data = drawn(small(12, 10))
    assert [links["places"] for links in data["links"]] == [[], None]
    weight = network.module_of("dense 1").weight.detach().numpy()
    assert np.array_equal(floats(data["links"][1]["weights"]), weight.ravel())
    pictures = data["stages"][1]["pictures"]
    assert (pictures["height"], pictures["width"]) == (28, 28)
    assert len(base64.b64decode(pictures["levels"])) == 12 * 784 and data["stages"][2]["pictures"] is None


def test_over_the_plane_each_unit_shows_what_it_says_there_and_features_have_their_names():
    experiment = Experiment(task=TaskSpec(name="spiral", fields={"sin_x": True}), network=NetworkSpec(layers=(
        LayerSpec(name="one", kind="Linear", fields={"out_features": 8}), LayerSpec(name="bend", kind="Tanh"),
        LayerSpec(name="two", kind="Linear", fields={"out_features": 2}))))
    _, data = drawn(experiment)
    assert data["stages"][0]["labels"] == ["x", "y", "sin x"] and data["stages"][2]["labels"] == ["A", "B"]
    maps = data["stages"][1]["pictures"]
    assert len(base64.b64decode(maps["levels"])) == 8 * maps["height"] * maps["width"]
    assert data["total"] == 3 * 8 + 8 * 2 and all(links["places"] is None for links in data["links"])


def test_the_numbers_of_one_neuron_add_up():
    _, data = drawn(small(12, 10), focus=[2, 4])
    focus, values = data["focus"], [floats(stage["values"]) for stage in data["stages"]]
    bias = floats(data["links"][1]["biases"])[4]
    assert floats(focus["weights"]) @ values[1] + bias == pytest.approx(focus["sum"], abs=1e-5)
    assert focus["sum"] == focus["value"] and focus["out"] is None
    logits = values[2] - values[2].max()
    target = int(tasks.get("mnist").sample("test", 3)[1])
    loss = np.log(np.exp(logits).sum()) - logits[target]
    assert data["loss"] == pytest.approx(loss, rel=1e-5) and data["target"] == str(target)
    probabilities = np.exp(logits) / np.exp(logits).sum()  # of the loss by the bias: probability less truth
    assert focus["biasGradient"] == pytest.approx(probabilities[4] - (target == 4), abs=1e-6)
    assert np.allclose(floats(focus["gradients"]), focus["biasGradient"] * values[1], atol=1e-6)


def test_a_hidden_neuron_shows_its_sum_its_output_and_where_that_goes():
    network, data = drawn(small(12, 10), focus=[1, 5])
    focus = data["focus"]
    assert focus["value"] == max(0.0, focus["sum"])
    assert np.array_equal(floats(focus["out"]), network.module_of("dense 1").weight.detach().numpy()[:, 5])


@pytest.mark.parametrize("answer", [None, [], [0, 0], [9, 0], [1, 999], [1, -1], ["1", 2], {"stage": 1},
                                    [1, 2, 3], "x", [1.5, 0]])
def test_a_browser_can_name_anything(answer):
    assert drawn(small(12, 10), focus=answer)[1]["focus"] is None


def test_a_frozen_layer_has_no_gradient_and_says_so():
    experiment = small(12, 10)
    experiment = experiment.model_copy(update={"network": editing.set_trainable(experiment.network, "dense 0", False)})
    _, data = drawn(experiment, focus=[1, 5])
    assert data["links"][0]["gradients"] is data["focus"]["gradients"] is data["focus"]["biasGradient"] is None
    assert data["links"][1]["gradients"] is not None


def test_before_the_first_capture_there_is_a_sentence():
    subject = views.subject(small(12, 10))
    assert isinstance(Neurons().draw(subject, Observation(), {}), str)

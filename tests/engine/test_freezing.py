"""Frozen layers: what training leaves as it is, against a network frozen in torch by hand."""
from __future__ import annotations

import json

import pytest
import torch
from torch import nn

from dlviz import doctor, presets, tasks
from dlviz import network as net
from dlviz.errors import SpecError
from dlviz.export.script import script
from dlviz.inspect import slow_motion
from dlviz.layers import CATALOGUE
from dlviz.network import blocks, editing
from dlviz.optimizers import SGD, Adam
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TaskSpec, TrainingSpec, from_json
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training import packing
from dlviz.training.learner import Learner
from dlviz.training.loop import train

MNIST = tasks.get("mnist")
SMALL = {"train_fraction": 0.01, "batch_size": 32, "epochs": 1}


def frozen(experiment: Experiment, *names: str) -> Experiment:
    network = experiment.network
    for name in names:
        network = editing.set_trainable(network, name, False)
    return experiment.model_copy(update={"network": network})


def small(key: str, **training) -> Experiment:
    base = presets.get(key).experiment
    return base.model_copy(update={"training": TrainingSpec(**dict(base.training) | SMALL | training)})


def normalized() -> NetworkSpec:
    rows = [("flat", "Flatten", {}), ("one", "Linear", {"out_features": 12}), ("norm", "BatchNorm1d", {}),
            ("bend", "ReLU", {}), ("two", "Linear", {"out_features": 10})]
    return NetworkSpec(layers=tuple(LayerSpec(name=name, kind=kind, fields=fields) for name, kind, fields in rows))


def by_hand(experiment: Experiment, steps: int) -> nn.Module:
    """The same few updates with torch alone: `one` and `norm` are not given to the optimizer, `norm` stays in eval."""
    torch.manual_seed(experiment.seed)
    network = nn.Sequential(nn.Flatten(), nn.Linear(784, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Linear(12, 10))
    optimizer = torch.optim.SGD(network[4].parameters(), 0.1, momentum=0.9, weight_decay=0.01, nesterov=True)
    data = MNIST.data().train.first(round(experiment.training.train_fraction * len(MNIST.data().train)))
    order = torch.randperm(len(data), generator=torch.Generator().manual_seed(experiment.seed))
    network.train()
    network[2].eval()
    for batch in order.split(32)[:steps]:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(data.inputs[0][batch]), data.targets[batch])
        loss.backward()
        nn.utils.clip_grad_norm_(network[4].parameters(), 0.5)
        optimizer.step()
    return network


def test_updates_are_those_of_torch_with_the_frozen_layers_left_out():
    training = TrainingSpec(**SMALL, optimizer=SGD(learning_rate=0.1, momentum=0.9, weight_decay=0.01), clip="norm",
                            clip_threshold=0.5)
    experiment = frozen(Experiment(network=normalized(), training=training), "one", "norm")
    learner = Learner(experiment, "cpu")
    first = {name: value.clone() for name, value in learner.network.state_dict().items()}
    for batch in list(learner.batches(0, 0))[:6]:
        learner.update(batch)
    expected_weights = by_hand(experiment, 6).state_dict().values()
    for (name, value), expected in zip(learner.network.state_dict().items(), expected_weights):
        assert torch.allclose(value, expected, atol=1e-6), name
        assert torch.equal(value, first[name]) == (not name.startswith("two")), name


def test_evaluating_in_between_wakes_no_frozen_normalization():
    network = net.build(frozen(Experiment(network=normalized()), "norm").network, MNIST.signature(), 1)
    network.eval()
    network.train()
    assert network.training and not network.module_of("norm").training and network.module_of("one").training
    network(torch.randn(8, 1, 28, 28))
    assert network.module_of("norm").num_batches_tracked == 0


@pytest.mark.parametrize("kind", [kind for kind, layer in CATALOGUE.items()
                                  if layer.family in ("convolution", "normalization") and "image" in layer.takes])
def test_a_frozen_layer_of_each_kind_has_no_gradient(kind: str):
    fields = {"num_groups": 1} if kind == "GroupNorm" else {}
    spec = LayerSpec(name="x", kind=kind, fields=fields, trainable=False)
    with torch.device("meta"):
        network = NetworkSpec(layers=(spec, LayerSpec(name="flat", kind="Flatten"),
                                      LayerSpec(name="out", kind="Linear", fields={"out_features": 10})))
        built = net.build(network, MNIST.signature())
    assert {name.split(".")[0] for name, p in built.named_parameters() if p.requires_grad} == {"out"}


def test_a_design_with_everything_frozen_is_refused_with_a_sentence():
    experiment = frozen(small("mlp"), *[layer.name for layer in small("mlp").network.layers])
    with pytest.raises(SpecError, match="all of its layers with weights are frozen"):
        list(train(experiment, device="cpu"))


def test_health_has_the_weights_but_neither_gradient_nor_update_and_the_doctor_sees_no_vanishing_gradient():
    experiment = frozen(small("mlp", train_fraction=0.05), "hidden1")
    names = experiment.network.names()
    assert "hidden1" in names
    events = list(train(experiment, device="cpu"))
    health = [event for event in events if isinstance(event, ev.Health)]
    assert health
    for moment in health:
        layer = moment.layers["hidden1"]
        assert layer.gradient_norm is layer.update_ratio is layer.gradients is None
        assert layer.weights is not None and layer.weight_norm
    steps = packing.columns([event for event in events if isinstance(event, ev.Step)])
    report = net.check(experiment.network, MNIST.signature())
    record = doctor.RunRecord({"loss": steps.loss, "accuracy": steps.accuracy, "learning_rate": steps.learning_rate},
                              [event for event in events if isinstance(event, ev.Evaluated)], health, over=True)
    assert "vanishing" not in [finding.problem for finding in doctor.diagnose(experiment, report, record).findings]


def test_going_on_from_a_checkpoint_equals_never_having_stopped(tmp_path):
    experiment = frozen(small("mlp", optimizer=Adam()), "hidden1")
    straight = [event.loss for event in train(experiment, device="cpu") if isinstance(event, ev.Step)]
    path, resumed = tmp_path / "weights.safetensors", []
    control = ctl.Control()
    for event in train(experiment, control, checkpoint=path, device="cpu"):
        if isinstance(event, ev.Step):
            resumed.append(event.loss)
            if event.step == 5:
                control.post(ctl.Stop())
    resumed += [event.loss for event in train(experiment, checkpoint=path, resume=True, device="cpu")
                if isinstance(event, ev.Step)]
    assert resumed == straight


def test_exported_code_freezes_the_same_layers(tmp_path):
    network = frozen(Experiment(network=normalized()), "one", "norm").network
    text = script(Experiment(network=network), MNIST)
    namespace = {"__name__": "exported"}
    exec(compile(text, "exported.py", "exec"), namespace)
    torch.manual_seed(1)
    model = namespace["Network"]().train()
    built = net.build(network, MNIST.signature(), seed=1).train()
    assert [p.requires_grad for p in model.parameters()] == [p.requires_grad for p in built.parameters()]
    batch = torch.randn(5, 1, 28, 28)
    assert torch.equal(model(batch), built(batch))
    assert torch.equal(model.norm.running_mean, torch.zeros(12)) and not model.norm.training


def test_a_block_that_is_opened_stays_frozen():
    experiment = Experiment(task=TaskSpec(name="brackets"))
    signature = tasks.get("brackets").signature()
    layer = LayerSpec(name="block", kind="TransformerEncoderLayer", trainable=False)
    network = NetworkSpec(layers=(LayerSpec(name="embedding", kind="Embedding"), layer))
    opened = blocks.open_block(network, signature, "block")
    assert not any(each.trainable for each in opened.layers[1:]) and opened.layers[0].trainable
    assert from_json(experiment.model_copy(update={"network": opened}).to_json()).network == opened


def test_slow_motion_follows_no_frozen_weight():
    experiment = frozen(small("mlp"), "hidden1")
    motion = slow_motion.record_update(experiment)
    assert motion.weights and not any(name.startswith("hidden1") for name in motion.weights)


def test_an_older_file_has_layers_that_learn():
    value = json.loads(small("mlp").to_json())
    for layer in value["network"]["layers"]:
        del layer["trainable"]
    assert from_json(json.dumps(value)) == small("mlp")

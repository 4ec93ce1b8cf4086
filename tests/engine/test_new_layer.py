"""Contract of a layer: one class in the catalogue, and checks, repairs, training, export, Slow motion, health, the
doctor and the Lab know it."""
from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from dlviz import doctor, layers, tasks
from dlviz import network as net
from dlviz.doctor import RunRecord, beginning
from dlviz.doctor.evidence import RunEvidence
from dlviz.errors import LayerError
from dlviz.export.script import script
from dlviz.inspect.slow_motion import record_update
from dlviz.layers import CATALOGUE
from dlviz.network import repairs
from dlviz.probes import arithmetic, chain, health, receptive_field, uses
from dlviz.probes.chain import ActivationLink
from dlviz.probes.dataflow import Flow, Node
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TrainingSpec, from_json
from dlviz.studies import hyperparameters, toggles
from dlviz.studies.hyperparameters import Hyperparameter
from dlviz.training.events import Step
from dlviz.training.history import History
from dlviz.training.loop import train
from tests.toys import AsImage, Hardtanh

MNIST = tasks.get("mnist")


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setitem(CATALOGUE, "Hardtanh", Hardtanh)
    monkeypatch.setitem(CATALOGUE, "AsImage", AsImage)


def network(*rows: tuple) -> NetworkSpec:
    return NetworkSpec(layers=tuple(LayerSpec(name=name, kind=kind, fields=fields) for name, kind, fields in rows))


@pytest.fixture
def experiment() -> Experiment:
    rows = (("flat", "Flatten", {}), ("a", "Linear", {"out_features": 16}), ("cut", "Hardtanh", {"limit": 2.0}),
            ("b", "Linear", {"out_features": 10}))
    return Experiment(network=network(*rows), training=TrainingSpec(train_fraction=0.01, epochs=1, batch_size=32))


def test_a_design_with_it_is_checked_saved_and_refused_in_sentences(experiment):
    report = net.check(experiment.network, MNIST.signature())
    assert report.ok and str(report.layer("cut").out_shape) == "16"
    assert from_json(experiment.to_json()) == experiment
    with pytest.raises(LayerError, match="Layer cut .Hardtanh. needs another value of limit"):
        layers.declare("Hardtanh", {"limit": -1}, "cut")


def test_it_trains_like_any_other(experiment):
    events = list(train(experiment, device="cpu"))
    losses = [event.loss for event in events if isinstance(event, Step)]
    assert len(losses) == 18 and losses[-1] < losses[0]


def test_its_exported_code_runs_and_gives_the_same(experiment):
    text = script(experiment, MNIST)
    assert "nn.Hardtanh(min_val=-2.0, max_val=2.0)" in text
    home: dict = {"__name__": "exported"}
    exec(compile(text, "script", "exec"), home)
    ours, written = net.build(experiment.network, MNIST.signature(), seed=1), home["Network"]()
    written.load_state_dict(ours.state_dict())
    images = torch.randn(3, 1, 28, 28)
    assert torch.equal(written(images), ours(images))


def test_slow_motion_shows_its_curve_and_follows_a_weight_through_it(experiment):
    motion = record_update(experiment)
    assert motion.formed()["cut"] == "curve"
    sight = arithmetic.curve(motion.modules["cut"], motion.update.records["cut"], 0)
    assert sight.y.max() == 2.0 and set(sight.slope.tolist()) == {0.0, 1.0}
    links = chain.trace(motion.update, motion.wiring, "a", 0, (3,))
    assert isinstance(links[0], ActivationLink) and links[0].layer == "cut" and links[0].slope in (0.0, 1.0)
    found = uses.shares(motion.update, motion.modules["a"], "a", "weight", (3, 300))
    assert found.gradient == pytest.approx(float(motion.parameter("a").gradient[3, 300]), abs=1e-7)


def test_its_health_is_measured_where_it_is_flat():
    module = nn.Hardtanh(-2.0, 2.0)
    with health.measure({"cut": module}, health.Memory()) as found:
        module(torch.tensor([[-5.0, -1.0, 1.0, 5.0]], requires_grad=True))
    assert found["cut"].saturated == 0.5 and found["cut"].density == 0.5


def test_the_doctor_knows_that_it_bends_and_saturates(experiment):
    history = History()
    for event in train(experiment, device="cpu"):
        history.apply(event)
    report = net.check(experiment.network, MNIST.signature())
    run = RunEvidence(experiment, report, RunRecord.of(history))
    assert run.activations(lambda traits: traits.squashes) == ["cut"]
    assert "the outputs of cut were saturated" in str(beginning.saturated(run))
    assert not [each for each in doctor.diagnose(experiment, report, run.record).findings if each.problem == "linear"]


def test_the_lab_varies_its_field_and_swaps_it_for_others(experiment):
    limit, swapped = Hyperparameter(path=("layer", "cut", "limit")), Hyperparameter(path=("activations",))
    assert {limit, swapped} <= set(hyperparameters.available(experiment))
    known = hyperparameters.domain(experiment, limit)
    assert (known.now, known.low, known.high) == (2.0, 0.1, 10.0)
    assert "Hardtanh" in hyperparameters.domain(experiment, swapped).choices
    assert hyperparameters.set_value(experiment, limit, 3.0).network.layer("cut").fields == {"limit": 3.0}
    relus = hyperparameters.set_value(experiment, swapped, "ReLU")
    assert relus.network.layer("cut").kind == "ReLU"
    assert hyperparameters.set_value(relus, swapped, "Hardtanh").network.layer("cut").kind == "Hardtanh"
    dropped = toggles.apply(experiment.network, "dropout", True)
    assert dropped.names() == ("flat", "a", "cut", "dropout1", "b"), "it stands behind the bend"


def test_a_place_sees_through_it_what_it_saw_before():
    flow = Flow(("x",), (Node("conv", nn.Conv2d(1, 1, 3), ("x",)), Node("cut", nn.Hardtanh(), ("conv",))))
    assert receptive_field.reach(flow, "cut") == receptive_field.reach(flow, "conv")


def test_a_repair_offers_the_layer_that_makes_what_is_needed(monkeypatch):
    monkeypatch.delitem(CATALOGUE, "Unflatten")  # it would do as well, and stands before
    spec = network(("flat", "Flatten", {}), ("conv", "Conv2d", {}), ("flat2", "Flatten", {}),
                   ("b", "Linear", {"out_features": 10}))
    report = net.check(spec, MNIST.signature())
    assert "Put an AsImage between them" in report.layer("conv").error.sentence
    mended = repairs.repair(spec, report, "conv")
    assert mended.label == "Insert AsImage" and net.check(mended.network, MNIST.signature()).ok


def test_what_the_declarations_say_is_what_a_plain_module_is_asked():
    assert layers.of(nn.Hardtanh()) is Hardtanh and layers.of(nn.Sequential()) is layers.Layer
    assert json.loads(Hardtanh(limit=3.0).model_dump_json()) == {"limit": 3.0}
    holder = SimpleNamespace(cut=eval(Hardtanh(limit=3.0).code(), {"nn": nn}))
    assert holder.cut(torch.tensor(9.0)) == 3.0

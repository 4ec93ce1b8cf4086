"""Weight tying: an output layer that reads its symbols by the vectors that they come in with (Press and Wolf 2017)."""
from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from dlviz import layers, presets, tasks
from dlviz import network as net
from dlviz.export.model import model_sources
from dlviz.inspect.slow_motion import record_update
from dlviz.network import editing, repairs, tying
from dlviz.shapes import Shape, Signature
from dlviz.spec import LayerSpec, NetworkSpec
from dlviz.training import checkpoint as ckpt
from dlviz.training import optimizers
from dlviz.training.loop import train

SYMBOLS, WIDTH = 6, 8
SIGNATURE = Signature((("t", Shape("tokens", (5,), SYMBOLS + 1)),), Shape("sequence", (5, SYMBOLS)), "cross_entropy",
                      "6 symbols at each step")


def network(width: int = WIDTH, symbols: int = SYMBOLS, more: tuple[LayerSpec, ...] = ()) -> NetworkSpec:
    return NetworkSpec(layers=(LayerSpec(name="embed", kind="Embedding", fields={"embedding_dim": width}), *more,
                               LayerSpec(name="bend", kind="Tanh"),
                               LayerSpec(name="output", kind="Linear",
                                         fields={"out_features": symbols, "tied": True})))


def test_both_places_read_one_table_and_both_teach_it():
    built, tokens = net.build(network(), SIGNATURE, 0), torch.randint(SYMBOLS + 1, (3, 5))
    table = built.module_of("embed").weight.detach().clone().requires_grad_()
    bias = built.module_of("output").bias.detach()
    expected = F.embedding(tokens, table).tanh() @ table[:SYMBOLS].T + bias
    assert torch.allclose(built(tokens), expected, atol=1e-6)
    expected.square().sum().backward()
    built(tokens).square().sum().backward()
    assert torch.allclose(built.module_of("embed").weight.grad, table.grad, atol=1e-4)


def test_the_table_is_counted_and_stored_once():
    report, built = net.check(network(), SIGNATURE), net.build(network(), SIGNATURE, 0)
    assert report.ok and report.parameters == sum(p.numel() for p in built.parameters()) == 7 * WIDTH + SYMBOLS
    assert report.layer("output").cost.multiply_adds == 5 * WIDTH * SYMBOLS
    assert list(built.state_dict()) == ["embed.weight", "output.bias"]
    assert tying.ties(network(), report.layers) == {"output": "embed"}


def test_a_copy_is_tied_to_its_own_table():
    built, tokens = net.build(network(), SIGNATURE, 0), torch.randint(SYMBOLS, (2, 5))
    other = copy.deepcopy(built)
    with torch.no_grad():
        other.module_of("embed").weight.zero_()
    assert torch.allclose(other(tokens), other.module_of("output").bias.expand(2, 5, SYMBOLS))
    assert built(tokens).std() > 0.1


@pytest.mark.parametrize(("width", "symbols", "out", "came"), [
    (WIDTH, SYMBOLS - 1, SYMBOLS - 1, "embed has 7 symbols of 8"), (WIDTH, 8, 8, "embed has 7 symbols of 8")])
def test_a_table_that_does_not_fit_is_refused_in_a_sentence(width, symbols, out, came):
    signature = Signature(SIGNATURE.inputs, Shape("sequence", (5, out)), "cross_entropy", "")
    report = net.check(network(width, symbols), signature)
    error = report.layer("output").error
    assert error is not None and came in error.sentence and f"an embedding of {symbols} symbols" in error.sentence
    mended = repairs.repair(network(width, symbols), report, "output")
    assert mended is not None and net.check(mended.network, signature).ok


def test_another_width_and_no_embedding_are_refused():
    wider = network(more=(LayerSpec(name="wide", kind="Linear", fields={"out_features": 9}),))
    assert "symbols of 8" in net.check(wider, SIGNATURE).layer("output").error.sentence
    vector = Signature((("x", Shape("vector", (WIDTH,))),), Shape("vector", (SYMBOLS,)), "cross_entropy", "")
    bare = NetworkSpec(layers=network().layers[1:])
    assert "no embedding above" in net.check(bare, vector).layer("output").error.sentence


def test_the_nearest_table_is_taken():
    both = NetworkSpec(layers=(LayerSpec(name="first", kind="Embedding", fields={"embedding_dim": WIDTH}),
                               LayerSpec(name="second", kind="Embedding", fields={"embedding_dim": WIDTH},
                                         inputs=("t",)),
                               LayerSpec(name="sum", kind="Add", inputs=("first", "second")),
                               LayerSpec(name="output", kind="Linear",
                                         fields={"out_features": SYMBOLS, "tied": True})))
    built = net.build(both, SIGNATURE, 0)
    assert built.module_of("output").source == (built.module_of("second"),)


def tied(key: str):
    experiment = presets.get(key).experiment
    training = experiment.training.model_copy(update={"epochs": 1, "train_fraction": 0.01})
    return experiment.model_copy(update={"network": editing.set_fields(experiment.network, "output", {"tied": True}),
                                         "training": training})


def test_it_trains_and_comes_back_from_its_checkpoint(tmp_path):
    experiment, path = tied("induction"), tmp_path / "weights.safetensors"
    events = list(train(experiment, checkpoint=path, device="cpu"))
    assert events[-1].test_loss is not None
    signature = tasks.get("repeats").signature()
    one, other = (net.build(experiment.network, signature, seed) for seed in (0, 5))
    ckpt.load(path, one)
    ckpt.load(path, other)
    tokens = torch.randint(20, (2, 23))
    assert torch.equal(one(tokens), other(tokens))


def test_exported_code_computes_the_same():
    experiment, signature = tied("induction"), tasks.get("repeats").signature()
    report = net.check(experiment.network, signature)
    scope: dict = {}
    exec("\n\n\n".join(model_sources(experiment.network, report)), scope)
    theirs, ours = scope["Network"](), net.build(experiment.network, signature, 0)
    theirs.load_state_dict(ours.state_dict())
    tokens = torch.randint(20, (2, 23))
    assert torch.allclose(theirs(tokens), ours(tokens), atol=1e-5)
    assert sum(p.numel() for p in theirs.parameters()) == report.parameters
    torch.manual_seed(7)
    drawn = scope["Network"]()
    torch.manual_seed(7)
    again = net.build(experiment.network, signature)
    assert all(torch.equal(value, again.state_dict()[name]) for name, value in drawn.state_dict().items())


def test_slow_motion_makes_the_update_and_leaves_the_table_out_of_what_it_follows():
    motion = record_update(tied("induction"))
    assert "embed" not in motion.weights and "block1.self_attn.in_proj_weight" in motion.weights
    network_, loss = motion.network.train(), None
    optimizer = optimizers.build(motion.experiment.training.optimizer, network_)
    loss = motion.loss(network_(*map(torch.from_numpy, motion.inputs)))
    loss.backward()
    optimizer.step()
    after = motion.update.parameters["embed.weight"].after
    assert torch.allclose(after, network_.module_of("embed").weight.detach(), atol=1e-6)


def test_the_first_weights_are_the_embeddings_business():
    layer = layers.declare("Linear", {"tied": True, "init": "zeros"})
    assert not layer.alike and layer.gain(Shape("sequence", (5, 8))) is None
    assert layers.declare("Linear", {"init": "zeros"}).alike
    assert np.isclose(layers.declare("Linear", {"init": "normal", "init_std": 0.5}).gain(Shape("vector", (16,))), 2.0)

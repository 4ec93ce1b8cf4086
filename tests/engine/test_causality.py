"""Networks that see what they have to name are found by trying, blamed on the layer that does it, and repaired."""
from __future__ import annotations

from typing import ClassVar

import pytest
import torch
from torch import nn

from dlviz import network as net
from dlviz import presets, tasks
from dlviz.layers import CATALOGUE
from dlviz.layers.base import Layer
from dlviz.network import blocks, causality, editing
from dlviz.presets.base import layers, linear
from dlviz.spec import NetworkSpec

SIGNATURES = {name: tasks.get(name).signature() for name in ("sort", "names", "dates", "reverse", "brackets")}


def of(key: str) -> NetworkSpec:
    return presets.get(key).experiment.network


def found(network: NetworkSpec, task: str) -> tuple[str, ...]:
    report = net.check(network, SIGNATURES[task])
    assert report.ok, report.errors[0].sentence
    return tuple(causality.peeking(network, SIGNATURES[task]))


@pytest.mark.parametrize("key", [key for key, preset in presets.PRESETS.items() if preset.experiment.task.name in (
    "sort", "addition", "names", "dates", "keep", "reverse", "brackets")])
def test_no_ready_network_peeks(key: str):
    experiment = presets.get(key).experiment
    signature = tasks.get(experiment.task.name, experiment.task.fields).signature()
    assert causality.peeking(experiment.network, signature) == {}


def embed(width: int, source: str | None = None, name: str = "embed"):
    return (name, "Embedding", {"embedding_dim": width}, (source,) if source else None)


OPEN = editing.set_fields(of("sort"), "block1", {"causal": False})
BOTH = editing.set_fields(OPEN, "block2", {"causal": False})
SKIP = layers(embed(12), ("look", "MultiheadAttention", {"num_heads": 2}), ("sum", "Add", {}, ("look", "embed")),
              ("norm", "LayerNorm"), linear("output", 3))
CONVOLVED = layers(embed(8), ("slide", "Conv1d", {"out_channels": 8}), linear("output", 27))
BESIDE = layers(embed(8), ("forward", "GRU", {"hidden_size": 8}, ("embed",)),
                ("around", "GRU", {"hidden_size": 4, "bidirectional": True}, ("embed",)),
                ("both", "Concat", {}, ("forward", "around")), linear("output", 27))
WRITER = editing.set_fields(of("dates"), "writer", {"bidirectional": True, "hidden_size": 24})
CROSSING = layers(embed(16, "target so far"), ("writer", "GRU", {"hidden_size": 16}),
                  ("look", "MultiheadAttention", {"num_heads": 1}, ("embed", "writer")), linear("output", 11))
DECODER = layers(embed(16, "source", "embed_source"), embed(16, "target so far", "embed_target"),
                 ("mixed", "TransformerDecoderLayer", {}, ("embed_target", "embed_target")),
                 ("read", "TransformerDecoderLayer", {}, ("mixed", "embed_source")), linear("output", 11))
POOLED = layers(embed(8), ("halves", "MaxPool1d"),
                ("look", "MultiheadAttention", {"num_heads": 1}, ("embed", "halves")),
                linear("output", 27))
ZEROS = editing.set_fields(editing.set_fields(of("names"), "memory", {"bidirectional": True, "init": "zeros"}),
                           "output", {"init": "zeros"})


@pytest.mark.parametrize(("network", "task", "blamed"), [
    (OPEN, "sort", ("block1",)), (BOTH, "sort", ("block1", "block2")), (SKIP, "sort", ("look",)),
    (CONVOLVED, "names", ("slide",)), (BESIDE, "names", ("around",)), (WRITER, "dates", ("writer",)),
    (CROSSING, "dates", ("look",)), (DECODER, "dates", ("mixed",)), (POOLED, "names", ("look",)),
    (ZEROS, "names", ("memory",))])
def test_what_lets_it_peek_is_blamed_and_can_be_repaired(network: NetworkSpec, task: str, blamed: tuple[str, ...]):
    assert found(network, task) == blamed
    for name in blamed:
        offer = causality.repair(network, net.check(network, SIGNATURES[task]), name)
        network = offer.network
    assert found(network, task) == ()


def test_the_parts_of_an_open_block_are_blamed_alone():
    inside = blocks.open_block(OPEN, SIGNATURES["sort"], "block1")
    [blamed] = found(inside, "sort")
    assert inside.layer(blamed).kind == "MultiheadAttention"


def test_what_is_no_target_may_be_read_both_ways():
    both = editing.set_fields(of("brackets_gru"), "memory", {"bidirectional": True})
    assert found(both, "brackets") == () and found(of("dates"), "dates") == ()


def test_a_stateless_network_and_one_with_errors_are_let_be():
    broken = editing.delete(of("sort"), "output")
    assert not net.check(broken, SIGNATURES["sort"]).ok and causality.peeking(broken, SIGNATURES["sort"]) == {}


def test_the_repair_keeps_a_width_that_others_need():
    offer = causality.repair(WRITER, net.check(WRITER, SIGNATURES["dates"]), "writer")
    assert offer.network.layer("writer").fields == {"bidirectional": False, "hidden_size": 48}


def test_the_sentence_says_what_and_what_to_do():
    text = causality.peeking(OPEN, SIGNATURES["sort"])["block1"].sentence
    assert text == ("Layer block1 (TransformerEncoderLayer) must look back only, since 'question and answer so far' "
                    "holds the very symbols that are to be named, but it lets each step see later ones: the network "
                    "copies its answers in training, and has nothing to copy when it answers by itself. Set causal to "
                    "on.")


def test_torchs_own_generator_is_left_as_it_was():
    before = torch.get_rng_state()
    causality._causes.cache_clear()
    found(of("sort"), "sort")
    assert torch.equal(torch.get_rng_state(), before)


class _FromTheEnd(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.flip(1).cumsum(1).flip(1)


class FromTheEnd(Layer):
    """Sums each number from the end on."""

    family: ClassVar[str] = "sequence"
    torch: ClassVar[type[nn.Module]] = _FromTheEnd
    takes: ClassVar[tuple[str, ...]] = ("sequence",)


def test_a_layer_that_nobody_knows_is_judged_by_what_it_does(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(CATALOGUE, "FromTheEnd", FromTheEnd)
    network = layers(embed(8), ("toy", "FromTheEnd"), linear("output", 27))
    assert found(network, "names") == ("toy",)
    offer = causality.repair(network, net.check(network, SIGNATURES["names"]), "toy")
    assert offer.label == "Remove toy"

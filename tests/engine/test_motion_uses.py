"""The uses of every weight of every layer, held to autograd and to nudging the weight: two ways that share nothing."""
from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from dlviz import layers
from dlviz.layers import CATALOGUE
from dlviz.probes import nudging, update, uses
from tests.engine.test_layers import CASES, _inputs

SMALL = {"hidden_size": 4, "out_features": 5, "out_channels": 3, "embedding_dim": 4, "dim_feedforward": 6}
MORE = {"LSTM": {"num_layers": 2, "bidirectional": True}, "GRU": {"bidirectional": True, "output": "last step"},
        "RNN": {"num_layers": 2, "output": "last step"}, "PositionalEncoding": {"encoding": "learned"},
        "MultiheadAttention": {"causal": True, "num_kv_heads": 2}}


def build(kind: str, shapes, more: dict) -> nn.Module:
    fields = CATALOGUE[kind].model_fields
    chosen = {name: value for name, value in {**SMALL, **more}.items() if name in fields}
    return layers.declare(kind, chosen).build(*shapes)


class Summed(nn.Module):
    """The layer alone; its loss is a fixed mixture of what it gives."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        return self.layer(*inputs)


def weighted() -> list:
    found = {}
    for kind, shape in CASES:
        for more in ({}, MORE.get(kind)):
            if more is not None and list(build(kind, _inputs(kind, shape), more).parameters()):
                found.setdefault((kind, shape.kind, str(more)), (kind, shape, more))
    return list(found.values())


WEIGHTED = weighted()


@pytest.mark.parametrize(("kind", "shape", "more"), WEIGHTED, ids=[f"{k}-{s.kind}-{m}" for k, s, m in WEIGHTED])
def test_chain_autograd_and_nudge_agree(kind, shape, more):
    torch.manual_seed(4)
    shapes = _inputs(kind, shape)
    network = Summed(build(kind, shapes, more))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    inputs = tuple(torch.randint(0, s.vocabulary, (3, *s.axes)) if s.kind == "tokens" else torch.randn(3, *s.axes)
                   for s in shapes)
    mixture = torch.randn_like(copy.deepcopy(network)(*inputs))

    def loss(out: torch.Tensor) -> torch.Tensor:
        return (out * mixture.to(out.dtype)).mean() + (out ** 2).mean()

    named = {name: module for name, module in network.named_modules() if list(module.parameters(recurse=False))}
    found = update.record(network, named, inputs, loss, torch.optim.SGD(network.parameters(), 0.1))
    for name, module in named.items():
        for parameter, value in module.named_parameters(recurse=False):
            key = f"{name}.{parameter}"
            gradient = found.parameters[key].gradient
            place = int(gradient.abs().argmax())
            for at in {place, int(torch.randint(value.numel(), ()))}:
                index = tuple(int(i) for i in torch.unravel_index(torch.tensor(at), value.shape))
                chained = uses.shares(found, module, name, parameter, index).gradient
                assert chained == pytest.approx(float(gradient[index]), rel=1e-4, abs=1e-6), key
                nudged = nudging.nudge(network, key, index, inputs, loss)
                assert nudged.slope == pytest.approx(chained, rel=1e-3, abs=1e-6), key


def test_the_same_units_are_dropped_at_every_nudge():
    network = nn.Sequential(nn.Linear(6, 8), nn.Dropout(0.5), nn.Linear(8, 1))
    inputs = (torch.randn(4, 6),)
    found = update.record(network, {"first": network[0]}, inputs, torch.mean,
                          torch.optim.SGD(network.parameters(), 0.1), seed=3)
    for index in ((0, 0), (3, 2), (7, 5)):
        nudged = nudging.nudge(network, "0.weight", index, inputs, torch.mean, seed=3)
        chained = uses.shares(found, network[0], "first", "weight", index).gradient
        assert nudged.slope == pytest.approx(chained, abs=1e-6)


def test_a_nudge_leaves_network_and_chance_as_they_were():
    network = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    before, state = copy.deepcopy(network.state_dict()), torch.get_rng_state()
    nudging.nudge(network, "0.weight", (0, 0), (torch.randn(4, 3, generator=torch.Generator()),), lambda y: y[0, 0])
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    assert torch.equal(state, torch.get_rng_state())

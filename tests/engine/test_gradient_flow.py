"""How large the gradient is on each wire: held to finite differences, and to what is captured of a run."""
from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from dlviz import network, presets, tasks
from dlviz.network import build
from dlviz.probes import gradient_flow
from dlviz.runs.watches import WatchUnion
from dlviz.spec import LayerSpec, NetworkSpec
from dlviz.training import captures
from dlviz.training.control import Watch


def test_two_wires_from_one_output_have_gradients_of_their_own():
    first, second = nn.Linear(3, 4), nn.Linear(3, 4)
    x = torch.randn(1, 3)
    with gradient_flow.inputs({"first": first, "second": second}) as taken:
        loss = (first(x) + 2 * second(x)).sum()
        sizes = gradient_flow.sizes(loss, taken)
    assert sizes["first"][0] == pytest.approx(first.weight.sum(0).norm().item())
    assert sizes["second"][0] == pytest.approx(2 * second.weight.sum(0).norm().item())
    assert not first._forward_pre_hooks


def test_symbols_have_none_and_what_does_not_count_has_zero():
    embed, linear, unused = nn.Embedding(5, 3), nn.Linear(3, 2), nn.Linear(3, 2)
    with gradient_flow.inputs({"embed": embed, "linear": linear, "unused": unused}) as taken:
        hidden = embed(torch.tensor([[1, 2]]))
        unused(hidden)
        sizes = gradient_flow.sizes(linear(hidden).sum(), taken)
    assert sizes["embed"] == (None,) and sizes["unused"] == (0.0,) and sizes["linear"][0]


def test_a_skip_carries_what_its_branch_does_not():
    """Behind Sigmoid after Sigmoid the gradient shrinks; the wire around them carries it whole."""
    rows = [("flatten", "Flatten", {}, None), ("a", "Linear", {"out_features": 16}, None)]
    rows += [(f"s{at}", "Sigmoid", {}, None) for at in range(4)]
    rows += [("add", "Add", {}, ("s3", "a")), ("out", "Linear", {"out_features": 10}, None)]
    spec = NetworkSpec(layers=tuple(LayerSpec(name=name, kind=kind, fields=fields, inputs=inputs)
                                    for name, kind, fields, inputs in rows))
    task = tasks.get("mnist")
    made = build(spec, task.signature(), seed=1)
    watch = Watch(flow=("s0", "add", "gone"), outputs=("add",))
    captured = captures.capture(made, task, watch, step=0)
    assert set(captured.flow) == {"s0", "add"} and len(captured.flow["add"]) == 2
    through, around = captured.flow["s0"][0], captured.flow["add"][1]
    assert through and around and through < 0.02 * around
    assert np.allclose(captured.outputs["add"], captures.capture(made, task, Watch(outputs=("add",)), 0).outputs["add"])


@pytest.mark.parametrize("key", presets.PRESETS)
def test_every_preset_that_has_a_loss_of_a_sample_shows_it(key):
    experiment = presets.get(key).experiment
    task = tasks.get(experiment.task.name, experiment.task.fields)
    if not task.supervised or not task.ready():
        return
    made = build(experiment.network, task.signature(), seed=1)
    report = network.check(experiment.network, task.signature())
    flow = captures.capture(made, task, Watch(flow=experiment.network.names()), step=0).flow
    assert {name: len(found) for name, found in flow.items()} == {
        layer.name: len(layer.inputs) for layer in report.layers}
    assert any(size for found in flow.values() for size in found if size is not None)


def test_viewers_watches_are_merged():
    union = WatchUnion()
    union.update("one", Watch(flow=("a", "b")), 0.0)
    union.update("two", Watch(flow=("b", "c")), 0.0)
    assert union.union.flow == ("a", "b", "c") and Watch(flow=("a",)).active

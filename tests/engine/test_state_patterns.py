"""Patterns of hidden units found again: spans and likeness against loops, states against torch's own modules."""
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from dlviz import network as net
from dlviz import presets, tasks, views
from dlviz.inspect.explanation import Explainer, flow_of, no_progress
from dlviz.probes.state_patterns import hidden_states, search, throughout
from dlviz.views.base import Observation
from dlviz.views.question import ExplainedInput

RANDOM = np.random.default_rng(4)
STATES = RANDOM.normal(size=(30, 12, 7)).astype(np.float32)


def on_there(row: np.ndarray, start: int, length: int, threshold: float, only: bool) -> set[int]:
    """The units of `(T, H)` that are on at all of the steps, unit by unit."""
    found = set()
    for unit in range(row.shape[1]):
        within = all(row[step, unit] > threshold for step in range(start, start + length))
        around = [step for step in (start - 1, start + length) if 0 <= step < len(row)]
        if within and not (only and any(row[step, unit] > threshold for step in around)):
            found.add(unit)
    return found


@pytest.mark.parametrize("only", [False, True])
@pytest.mark.parametrize("length", [1, 2, 5, 12])
def test_units_that_are_on_are_those_of_a_loop(length: int, only: bool):
    found = throughout(STATES, length, -0.3, only)
    assert found.shape == (30, 12 - length + 1, 7)
    for sample in range(30):
        for start in range(12 - length + 1):
            assert set(np.flatnonzero(found[sample, start])) == on_there(STATES[sample], start, length, -0.3, only)


@pytest.mark.parametrize("only", [False, True])
@pytest.mark.parametrize(("length", "count"), [(1, 5), (2, 30), (3, 12)])
def test_the_best_spans_are_those_of_brute_force(length: int, count: int, only: bool):
    pattern = on_there(STATES[3], 4, length, 0.0, False) or {0, 2}
    units = np.isin(np.arange(7), list(pattern))
    best = []
    for sample in range(30):
        spans = []
        for start in range(12 - length + 1):
            there = on_there(STATES[sample], start, length, 0.0, only)
            union = len(pattern | there)
            spans.append((len(pattern & there) / union, -start, tuple(sorted(pattern & there))))
        alike, start, common = max(spans, key=lambda span: span[:2])
        best.append((-alike, sample, -start, common))
    expected = [(sample, start, -alike, common) for alike, sample, start, common in sorted(best)[:count] if alike]
    found = search(STATES, units, length, 0.0, count, only)
    assert [(match.sample, match.start, pytest.approx(match.similarity), match.common) for match in found] == expected


def built(key: str) -> net.Network:
    experiment = presets.get(key).experiment
    return net.build(experiment.network, tasks.get(experiment.task.name, experiment.task.fields).signature(), 1).eval()


@pytest.mark.parametrize("key", ["brackets_lstm", "order_gru", "dates"])
def test_states_are_those_after_each_step(key: str):
    """Also of a layer that gives its last step only, and of one that reads in both directions."""
    network, experiment = built(key), presets.get(key).experiment
    task = tasks.get(experiment.task.name, experiment.task.fields)
    layer = next(spec.name for spec in experiment.network.layers if spec.kind in ("LSTM", "GRU"))
    inputs = tuple(x[:5] for x in task.split("test").inputs)
    known = dict(zip(flow_of(network).inputs, inputs))
    found = hidden_states(flow_of(network), layer, known)
    module, source = network.module_of(layer), net.resolved_inputs(experiment.network, task.signature(),
                                                                   experiment.network.index(layer))[0]
    read = flow_of(network).collect(known, (source,))[source]
    plain = {True: torch.nn.LSTM, False: torch.nn.GRU}[isinstance(module, torch.nn.LSTM)](
        module.input_size, module.hidden_size, bidirectional=module.bidirectional, batch_first=True)
    plain.load_state_dict(module.state_dict())
    assert np.allclose(found, plain(read)[0].detach().numpy(), atol=1e-5)
    assert module.every_step == (key != "order_gru")


def test_a_marked_span_is_found_again_in_the_test_set():
    experiment = presets.get("brackets_lstm").experiment
    explainer = Explainer(experiment, built("brackets_lstm"), 5, ("x", 5))
    of, view = views.subject(experiment), views.get("state_patterns")
    inputs, target = of.task.sample("test", 7)
    shown = of.task.view(inputs, target)
    of = replace(of, example=ExplainedInput(inputs, None, target, shown.inputs, shown.steps))
    choices = {choice.key: choice.value(None) for choice in view.choices(of)}
    nothing = view.draw(of, Observation(examined=view.examine(explainer, of, choices, no_progress)), choices)
    assert nothing["found"] is None and nothing["units"] == 16 and nothing["words"] == list(shown.inputs[0])
    choices["brush"] = [6, 9, 0.0]
    data = view.draw(of, Observation(examined=view.examine(explainer, of, choices, no_progress)), choices)["found"]
    states = explainer.hidden_states("memory", inputs)[0]
    assert data["pattern"] == sorted(on_there(states, 6, 3, 0.0, False)) and data["searched"] == of.task.size("test")
    itself = next(match for match in data["matches"] if match["similarity"] == 1.0)
    assert len(data["matches"]) == 12 and itself["stop"] - itself["start"] == 3
    assert data["matches"] == sorted(data["matches"], key=lambda match: (-match["similarity"], match["sample"]))
    choices["brush"] = [6, 9, 5.0]
    empty = view.draw(of, Observation(examined=view.examine(explainer, of, choices, no_progress)), choices)["found"]
    assert empty["pattern"] == [] and empty["matches"] == []

"""The cache of keys and values: the same numbers as without it, and a network that cannot have one is told so."""
from __future__ import annotations

import numpy as np
import pytest
import torch

from dlviz import network as net
from dlviz import presets, tasks, views
from dlviz.probes import caching
from dlviz.training import captures
from dlviz.training.control import Query
from dlviz.views.base import Observation


def built(key: str) -> net.Network:
    experiment = presets.get(key).experiment
    task = tasks.get(experiment.task.name, experiment.task.fields)
    return net.build(experiment.network, task.signature(), seed=1).eval()


@pytest.mark.parametrize("key", ["names_transformer", "book_pieces", "addition"])
def test_what_is_remembered_gives_the_same_numbers(key: str):
    network = built(key)
    shape = network.signature.inputs[0][1]
    tokens = torch.randint(shape.vocabulary, (1, shape.axes[0]), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected = network(tokens)[0]
        with caching.cached(network) as cache:
            found = []
            for place in range(shape.axes[0]):
                cache.place = place
                found.append(network(tokens[:, place:place + 1])[0, 0])
        torch.testing.assert_close(torch.stack(found), expected, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(network(tokens)[0], expected)  # it is as it was before
    heads = sum(caching.is_watchable(module) for module in network.modules())
    width = next(module for module in network.modules() if caching.is_watchable(module)).embed_dim
    assert cache.stored() == 4 * 2 * heads * width * shape.axes[0]


def test_each_symbol_is_timed_both_ways():
    timing = caching.measure(built("names_transformer"), torch.zeros(1, 12, dtype=torch.long))
    assert len(timing.plain) == len(timing.cached) == 12 and timing.plain.min() > 0 and timing.cached.min() > 0
    assert timing.difference < 1e-5 and timing.stored == 4 * 2 * 2 * 48 * 12


def test_a_network_that_looks_ahead_cannot_have_one():
    timing = caching.measure(built("reverse"), torch.arange(10)[None])
    view = views.get("cache")
    of = views.subject(presets.get("reverse").experiment)
    assert timing.difference > 1e-3 and not view.suits(of.report, of.task)
    observation = Observation(result=captures.QueryResult("t", 1, np.zeros(1), timing=timing))
    assert "cannot use one" in str(view.draw(of, observation, {}))


@pytest.mark.parametrize(("key", "suits"), [("names_transformer", True), ("names", False), ("book_words", True),
                                            ("dates_transformer", False), ("sort", True)])
def test_the_view_is_there_where_it_says_something(key: str, suits: bool):
    of = views.subject(presets.get(key).experiment)
    assert views.get("cache").suits(of.report, of.task) is suits


def test_a_run_is_asked_for_both():
    experiment = presets.get("names_transformer").experiment
    task = tasks.get("names")
    result = captures.answer_query(built("names_transformer"), task,
                                   Query("t", task.parse("ma"), beam=(2, 4), timed=6), 5)
    assert result.beam is not None and max(node.depth for node in result.beam.nodes) == 4
    assert result.timing is not None and len(result.timing.plain) == 6 and experiment.network.names()

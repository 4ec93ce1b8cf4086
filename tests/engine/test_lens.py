"""What is seen inside a transformer: logit lens, rollout, lengths and muted heads, against numbers worked out here."""
from __future__ import annotations

import numpy as np
import pytest
import torch

from dlviz import network as net
from dlviz import presets, tasks, views
from dlviz.probes import attention
from dlviz.probes import lens as probe
from dlviz.training import captures
from dlviz.training.control import Query
from dlviz.views import lens
from dlviz.views.question import question_of

NAMES = presets.get("names_transformer").experiment
TASK = tasks.get("names")
INPUTS = TASK.parse("maria")


@pytest.fixture
def network() -> net.Network:
    return net.build(NAMES.network, TASK.signature(), seed=1).eval()


def asked(network: net.Network, **more: object):
    return captures.answer_query(network, TASK, Query("t", INPUTS, **more), 5)


def test_the_lens_reads_each_layer_with_the_last_ones(network):
    layers = lens.read_layers(views.subject(NAMES).report)
    assert layers == ("embed", "position", "block1", "block2")
    early = asked(network, lens=layers).lens
    with torch.no_grad():
        embedded = network.module_of("position")(network.module_of("embed")(torch.from_numpy(INPUTS[0])[None]))
        expected = network.module_of("output")(network.module_of("block1")(embedded))[0].softmax(-1)
    np.testing.assert_allclose(early["block1"], expected.numpy(), atol=1e-6)
    np.testing.assert_allclose(early["block2"], asked(network).probabilities, atol=1e-6)


def test_what_is_read_is_written_in_words(network):
    inputs, target = TASK.sample("test", 0)
    chances = np.full((12, 27), 0.5 / 26)
    chances[:, 3] = 0.5
    data = lens.payload(TASK, question_of(TASK, inputs, target), {"block1": chances, "block2": chances})
    assert [row["layer"] for row in data["rows"]] == ["block2", "block1"]
    assert data["rows"][0]["words"] == ["c"] * 12 and data["rows"][0]["probabilities"] == [0.5] * 12
    assert "".join(data["targets"]) == "".join(TASK.to_words(target)) and len(data["inputs"]) == 12


@pytest.mark.parametrize(("key", "there"), [("names_transformer", True), ("book_pieces", True), ("names", False),
                                            ("dates", False), ("facts", False), ("mlp", False), ("sort", True)])
def test_the_lens_is_there_where_layers_of_one_shape_are(key: str, there: bool):
    of = views.subject(presets.get(key).experiment)
    assert views.get("lens").suits(of.report, of.task) is there


def test_rollout_multiplies_the_maps_of_all_layers():
    random = torch.Generator().manual_seed(0)
    maps = [torch.rand(3, 5, 5, generator=random).softmax(-1) for _ in range(3)]
    found = probe.rollout(maps)
    expected = np.eye(5)
    for at, layer in enumerate(maps):
        one = np.mean([0.5 * np.eye(5) + 0.5 * head for head in layer.numpy()], axis=0)
        expected = one @ expected
        np.testing.assert_allclose(found[at].numpy(), expected, rtol=1e-5)
    np.testing.assert_allclose(found[-1].sum(-1).numpy(), np.ones(5), rtol=1e-5)


def test_a_muted_head_adds_nothing_and_speaks_again(network):
    before = asked(network).probabilities
    without = asked(network, muted=(("block1.self_attn", 2),)).probabilities
    part = attention.attentions("block1", network.module_of("block1"))["block1.self_attn"]
    width = part.embed_dim // part.num_heads
    stored = part.out_proj.weight.detach().clone()
    with torch.no_grad():
        part.out_proj.weight[:, 2 * width:3 * width] = 0.0
    np.testing.assert_allclose(asked(network).probabilities, without, atol=1e-6)
    with torch.no_grad():
        part.out_proj.weight.copy_(stored)
    np.testing.assert_allclose(asked(network).probabilities, before, atol=1e-7)
    assert np.abs(without - before).max() > 1e-4


@pytest.mark.parametrize("heads", [(("block1.self_attn", 9),), (("nowhere", 0),), (("output", 0),)])
def test_a_head_that_is_not_there_is_not_muted(network, heads):
    np.testing.assert_allclose(asked(network, muted=heads).probabilities, asked(network).probabilities)


def test_the_browser_says_which_heads_are_muted():
    view, of = views.get("attention"), views.subject(NAMES)
    request = view.request(of, {"muted": [["block1.self_attn", 1], ["block1.self_attn", 1], ["x"], 3, ["y", -1]]})
    assert request.muted == (("block1.self_attn", 1),)
    assert view.request(of, {"muted": "x"}).muted == view.request(of, {}).muted == ()

"""Rotary positions and ALiBi against their papers' formulas in NumPy; in export, cache, opened blocks and up close."""
from __future__ import annotations

import cmath

import numpy as np
import pytest
import torch

from dlviz import layers
from dlviz import network as net
from dlviz.errors import LayerError
from dlviz.export import attention as exported
from dlviz.layers.attention import Attention, rotated, slopes
from dlviz.network import blocks
from dlviz.probes import arithmetic, attention, caching
from dlviz.probes.update import LayerRecord
from dlviz.shapes import Shape, Signature
from dlviz.spec import LayerSpec, NetworkSpec


def _by_hand(module: Attention, x: np.ndarray) -> np.ndarray:
    """Each head in a loop, in NumPy; RoPE as complex numbers that are turned, ALiBi as distances times slopes."""
    weight, bias = (value.detach().double().numpy() for value in (module.in_proj_weight, module.in_proj_bias))
    heads, depth = module.num_heads, module.embed_dim // module.num_heads
    query, key, value = np.split(x @ weight.T + bias, 3, axis=1)
    out = np.zeros_like(x)
    for head in range(heads):
        own = slice(head * depth, (head + 1) * depth)
        for row in range(len(x)):
            scores = np.array([_score(module.position, query[row, own], key[place, own], row, place, head, heads)
                               for place in range(row + 1 if module.causal else len(x))])
            weights = np.exp(scores) / np.exp(scores).sum()
            out[row, own] = weights @ value[:len(weights), own]
    return out @ module.out_proj.weight.detach().double().numpy().T + module.out_proj.bias.detach().double().numpy()


def _score(position: str, query: np.ndarray, key: np.ndarray, row: int, place: int, head: int, heads: int) -> float:
    depth = len(query)
    if position == "rotary":
        fit = sum((complex(*query[[k, k + depth // 2]]) * complex(*key[[k, k + depth // 2]]).conjugate()
                   * cmath.exp(1j * (row - place) * 10_000 ** (-2 * k / depth))).real for k in range(depth // 2))
        return fit / depth ** 0.5
    return query @ key / depth ** 0.5 - abs(row - place) * (2 ** (-8 / heads)) ** (head + 1)


@pytest.mark.parametrize("position", ["rotary", "alibi"])
@pytest.mark.parametrize("causal", [False, True])
def test_attention_is_its_papers_formula(position: str, causal: bool):
    torch.manual_seed(1)
    module = Attention(16, 4, causal, position=position)
    torch.nn.init.normal_(module.in_proj_bias)
    x = torch.randn(1, 9, 16)
    expected = _by_hand(module, x[0].double().numpy())
    assert np.allclose(module(x)[0].detach().numpy(), expected, atol=1e-5)
    taken = exported.Attention(16, 4, causal, position=position)
    taken.load_state_dict(module.state_dict())
    assert torch.allclose(taken(x), module(x), atol=1e-6)
    module.watching = True
    assert np.allclose(module(x)[0].detach().numpy(), expected, atol=1e-5)


def test_slopes_of_eight_heads_are_the_papers():
    assert slopes(8).tolist() == [1 / 2 ** power for power in range(1, 9)]


def test_a_turned_pair_fits_by_distance_alone():
    query, key = torch.randn(1, 6), torch.randn(1, 6)
    fits = [float(rotated(query, first + 4) @ rotated(key, first).T) for first in (0, 3, 50)]
    assert np.allclose(fits, fits[0], atol=1e-4)
    assert abs(float(rotated(query, 2) @ rotated(key, 0).T) - fits[0]) > 1e-3


@pytest.mark.parametrize("position", ["rotary", "alibi"])
def test_the_cache_knows_the_places(position: str):
    module, x = Attention(12, 2, causal=True, num_kv_heads=1, position=position), torch.randn(1, 7, 12)
    with torch.no_grad(), caching.cached(module) as cache:
        found = []
        for place in range(7):
            cache.place = place
            found.append(module(x[:, place:place + 1]))
    assert torch.allclose(torch.cat(found, 1), module(x), atol=1e-5)


@pytest.mark.parametrize("position", ["rotary", "alibi"])
def test_a_row_up_close_is_what_the_map_shows(position: str):
    module, x = Attention(12, 2, causal=True, position=position), torch.randn(1, 6, 12)
    with attention.watched({"look": module}) as maps:
        out = module(x).detach()
    row = arithmetic.attention(module, LayerRecord((x,), out), 0, 1, 4)
    assert np.allclose(row.weights, maps["look"].weights[1, 4], atol=1e-6)
    assert np.allclose(row.keys @ row.query, row.scores, atol=1e-5) and np.isneginf(row.scaled[5])


@pytest.mark.parametrize("kind", ["TransformerEncoderLayer", "TransformerDecoderLayer"])
def test_an_opened_block_has_the_same_positions(kind: str):
    shape = Shape("sequence", (7, 12))
    signature = Signature((("x", shape), ("memory", Shape("sequence", (5, 12)))), shape, "mse", "")
    sources = ("x", "memory")[:layers.get(kind).arity[0]]
    closed = NetworkSpec(layers=(LayerSpec(name="block", kind=kind, fields={"nhead": 2, "position": "alibi"},
                                           inputs=sources),))
    opened = blocks.open_block(closed, signature, "block")
    built = net.build(opened, signature, 0)
    positions = [module.position for module in built.modules() if isinstance(module, Attention)]
    assert net.check(opened, signature).ok and positions == ["alibi", "none"][:len(sources)]


def test_what_cannot_be_is_refused_in_a_sentence():
    odd = layers.declare("TransformerEncoderLayer", {"nhead": 4, "position": "rotary"})
    with pytest.raises(LayerError, match="in pairs.*3 numbers"):
        odd.check("block", Shape("sequence", (7, 12)))
    crossing = layers.declare("MultiheadAttention", {"position": "alibi"})
    with pytest.raises(LayerError, match="within one sequence") as caught:
        crossing.check("look", Shape("sequence", (7, 12)), Shape("sequence", (5, 12)))
    assert caught.value.change == {"position": "none"}


@pytest.mark.parametrize("kind", ["MultiheadAttention", "TransformerEncoderLayer"])
def test_a_layer_with_positions_tells_the_order(kind: str):
    assert layers.declare(kind, {}).traits().order == "blind"
    for position in ("rotary", "alibi"):
        assert layers.declare(kind, {"position": position}).traits().order == "tells"

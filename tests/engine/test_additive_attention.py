"""Additive attention (Bahdanau, Cho, Bengio 2015) against its formula; its map, its arithmetic, its weights' uses."""
from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from dlviz import layers
from dlviz.errors import LayerError
from dlviz.export import attention as exported
from dlviz.layers.attention import Attention
from dlviz.probes import arithmetic, attention, caching, uses
from dlviz.probes.update import LayerRecord
from dlviz.shapes import Shape


def _weights(module: Attention, x: np.ndarray, memory: np.ndarray) -> np.ndarray:
    """`(heads, T, S)`: softmax of v . tanh(W q + U k), number by number."""
    weight, bias = (value.detach().double().numpy() for value in (module.in_proj_weight, module.in_proj_bias))
    width, depth = module.embed_dim, module.embed_dim // module.num_heads
    mix = module.score_weight.detach().double().numpy()
    query, keys = x @ weight[:width].T + bias[:width], memory @ weight[width:2 * width].T + bias[width:2 * width]
    found = np.zeros((module.num_heads, len(x), len(memory)))
    for head in range(module.num_heads):
        own = slice(head * depth, (head + 1) * depth)
        for row in range(len(x)):
            for place in range(len(memory)):
                late = module.causal and place > row
                fit = sum(mix[head, k] * np.tanh(query[row, own][k] + keys[place, own][k]) for k in range(depth))
                found[head, row, place] = 0.0 if late else np.exp(fit)
    return found / found.sum(-1, keepdims=True)


@pytest.mark.parametrize(("causal", "crossing"), [(False, False), (True, False), (False, True)])
def test_its_map_is_the_papers_formula_and_exported_code_gives_the_same(causal: bool, crossing: bool):
    torch.manual_seed(2)
    module = Attention(12, 3, causal, score="additive")
    nn.init.normal_(module.in_proj_bias)
    x, memory = torch.randn(1, 6, 12), torch.randn(1, 5, 12) if crossing else None
    plain = module(x, memory)
    with attention.watched({"look": module}) as maps:
        watched = module(x, memory)
    expected = _weights(module, x[0].double().numpy(), (x if memory is None else memory)[0].double().numpy())
    assert np.allclose(maps["look"].weights, expected, atol=1e-5) and torch.allclose(plain, watched)
    taken = exported.Attention(12, 3, causal, score="additive")
    taken.load_state_dict(module.state_dict())
    assert torch.allclose(taken(x, memory), plain, atol=1e-6)
    _, _, value = module.project(x, memory)
    mixed = np.einsum("hts,hsd->thd", expected, value[0].detach().numpy().reshape(-1, 3, 4).transpose(1, 0, 2))
    by_hand = torch.tensor(mixed.reshape(6, 12)).float()
    assert torch.allclose(module.out_proj(by_hand), plain[0], atol=1e-5)


def test_exported_code_has_alibi_beside_it_too():
    module = Attention(12, 3, causal=True, score="additive", position="alibi", num_kv_heads=1)
    taken = exported.Attention(12, 3, causal=True, score="additive", position="alibi", num_kv_heads=1)
    x = torch.randn(2, 6, 12)
    taken.load_state_dict(module.state_dict())
    assert torch.allclose(taken(x), module(x), atol=1e-6)
    with torch.no_grad(), caching.cached(module) as cache:
        found = []
        for place in range(6):
            cache.place = place
            found.append(module(x[:1, place:place + 1]))
    assert torch.allclose(torch.cat(found, 1), module(x[:1]), atol=1e-5)


def test_up_close_its_score_is_a_sum_of_products():
    module, x = Attention(12, 3, score="additive"), torch.randn(1, 6, 12)
    with attention.watched({"look": module}) as maps:
        out = module(x).detach()
    row = arithmetic.attention(module, LayerRecord((x,), out), 0, 2, 3)
    assert np.allclose(np.tanh(row.query + row.keys) @ row.score_weight, row.scores, atol=1e-5)
    assert np.allclose(row.scores, row.scaled) and np.allclose(row.weights, maps["look"].weights[2, 3], atol=1e-6)
    assert not len(arithmetic.attention(Attention(12, 3), LayerRecord((x,), out), 0, 2, 3).score_weight)


@pytest.mark.parametrize(("parameter", "index"), [("score_weight", (1, 2)), ("in_proj_weight", (5, 3)),
                                                  ("in_proj_weight", (14, 3)), ("in_proj_bias", (30,))])
@pytest.mark.parametrize("causal", [False, True])
def test_uses_of_a_weight_add_up_to_its_gradient(parameter: str, index: tuple[int, ...], causal: bool):
    torch.manual_seed(3)
    module = Attention(12, 3, causal, score="additive")
    x, out_weights = torch.randn(2, 5, 12), torch.randn(2, 5, 12)
    out = module(x)
    (out * out_weights).sum().backward()
    record = LayerRecord((x,), out.detach(), out_weights)
    found = uses.shares(SimpleNamespace(records={"look": record}), module, "look", parameter, index)
    expected = module.get_parameter(parameter).grad[index]
    assert torch.allclose((found.delta * found.carried).sum(), expected, atol=1e-5)


def test_it_is_a_field_and_what_cannot_be_is_refused():
    shape = Shape("sequence", (7, 12))
    built = layers.declare("MultiheadAttention", {"score": "additive"}).build(shape)
    plain = layers.declare("MultiheadAttention", {}).build(shape)
    count = sum(p.numel() for p in built.parameters()) - sum(p.numel() for p in plain.parameters())
    assert count == 12
    with pytest.raises(LayerError, match="score is additive") as caught:
        layers.declare("MultiheadAttention", {"num_heads": 2, "score": "additive",
                                              "position": "rotary"}).check("look", shape)
    assert caught.value.change == {"position": "alibi"}

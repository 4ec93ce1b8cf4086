"""Grouped-query attention against NumPy and torch's own, in the engine, in exported code, in the cache and up close."""
from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlviz import layers
from dlviz import network as net
from dlviz.errors import LayerError
from dlviz.export import attention as exported
from dlviz.layers.attention import Attention
from dlviz.layers.transformer import DecoderBlock
from dlviz.network import blocks
from dlviz.probes import arithmetic, attention, caching
from dlviz.probes.update import LayerRecord
from dlviz.shapes import Shape, Signature
from dlviz.spec import LayerSpec, NetworkSpec


def _by_hand(module: Attention, x: np.ndarray, memory: np.ndarray) -> np.ndarray:
    """Each query of each head in a loop, in NumPy; head h reads keys and values h // group."""
    weight, bias = (value.detach().double().numpy() for value in (module.in_proj_weight, module.in_proj_bias))
    depth, group = module.embed_dim // module.num_heads, module.num_heads // module.num_kv_heads
    shared = module.num_kv_heads * depth
    (wq, wk, wv), (bq, bk, bv) = (np.split(each, [module.embed_dim, module.embed_dim + shared])
                                  for each in (weight, bias))
    out = np.zeros_like(x)
    for row in range(len(x)):
        for head in range(module.num_heads):
            own = slice(head * depth, (head + 1) * depth)
            shared_part = slice(head // group * depth, (head // group + 1) * depth)
            query = wq[own] @ x[row] + bq[own]
            visible = memory[:row + 1] if module.causal else memory
            keys, values = visible @ wk[shared_part].T + bk[shared_part], visible @ wv[shared_part].T + bv[shared_part]
            scores = np.exp(keys @ query / np.sqrt(depth))
            out[row, own] = scores / scores.sum() @ values
    return out @ module.out_proj.weight.detach().double().numpy().T + module.out_proj.bias.detach().double().numpy()


@pytest.mark.parametrize("kv_heads", [1, 2, 4])
@pytest.mark.parametrize(("causal", "crossing"), [(False, False), (True, False), (False, True)])
def test_groups_of_queries_share_keys_and_values(kv_heads: int, causal: bool, crossing: bool):
    torch.manual_seed(kv_heads)
    module = Attention(12, 4, causal, num_kv_heads=kv_heads)
    nn.init.normal_(module.in_proj_bias)
    x, memory = torch.randn(1, 6, 12), torch.randn(1, 5, 12) if crossing else None
    expected = _by_hand(module, x[0].double().numpy(), (x if memory is None else memory)[0].double().numpy())
    assert np.allclose(module(x, memory)[0].detach().numpy(), expected, atol=1e-5)
    taken = exported.Attention(12, 4, causal, num_kv_heads=kv_heads)
    taken.load_state_dict(module.state_dict())
    assert torch.equal(taken(x, memory), module(x, memory))
    module.watching = True
    assert np.allclose(module(x, memory)[0].detach().numpy(), expected, atol=1e-5)
    assert module.published.shape == (1, 4, 6, 5 if crossing else 6)


def test_it_is_what_torch_computes_with_shared_heads():
    module, x = Attention(12, 4, num_kv_heads=2), torch.randn(3, 7, 12)
    query, key, value = module.heads(*module.project(x, None))
    mixed = F.scaled_dot_product_attention(query, key, value, enable_gqa=True)
    assert torch.allclose(module(x), module.out_proj(mixed.transpose(1, 2).flatten(2)), atol=1e-6)


@pytest.mark.parametrize("kind", ["MultiheadAttention", "TransformerEncoderLayer", "TransformerDecoderLayer"])
def test_parameters_are_saved_and_counted(kind: str):
    shape = Shape("sequence", (7, 12))
    shapes = (shape,) * layers.get(kind).arity[0]
    count = {heads: sum(p.numel() for p in layers.declare(kind, {"num_kv_heads": heads}).build(*shapes).parameters())
             for heads in (0, 1, 2, 4)}
    attentions = 2 if len(shapes) == 2 else 1
    each = 2 * 3 * (12 + 1)  # weights and biases of a head's keys and values
    assert count[0] == count[4] == count[2] + 2 * attentions * each == count[1] + 3 * attentions * each


@pytest.mark.parametrize(("kind", "heads"), [("MultiheadAttention", "num_heads"), ("TransformerEncoderLayer", "nhead")])
def test_heads_that_cannot_be_shared_equally_are_refused(kind: str, heads: str):
    layer = layers.declare(kind, {heads: 6, "num_kv_heads": 4})
    with pytest.raises(LayerError, match="num_kv_heads is 4.*Set num_kv_heads to 3") as caught:
        layer.check("look", Shape("sequence", (7, 12)))
    assert caught.value.change == {"num_kv_heads": 3}


def test_an_opened_block_shares_as_the_closed_one():
    shape = Shape("sequence", (7, 12))
    signature = Signature((("x", shape), ("memory", Shape("sequence", (5, 12)))), shape, "mse", "")
    fields = {"nhead": 4, "num_kv_heads": 2}
    closed = NetworkSpec(layers=(LayerSpec(name="block", kind="TransformerDecoderLayer", fields=fields,
                                           inputs=("x", "memory")),))
    opened = blocks.open_block(closed, signature, "block")
    counts = [sum(p.numel() for p in net.build(spec, signature, 0).parameters()) for spec in (closed, opened)]
    assert net.check(opened, signature).ok and counts[0] == counts[1]
    assert counts[0] == sum(p.numel() for p in DecoderBlock(12, 4, 64, num_kv_heads=2).parameters())


def test_the_cache_holds_less_and_gives_the_same():
    module, x = Attention(12, 4, causal=True, num_kv_heads=1), torch.randn(1, 6, 12)
    with torch.no_grad(), caching.cached(module) as cache:
        found = []
        for place in range(6):
            cache.place = place
            found.append(module(x[:, place:place + 1]))
    assert torch.allclose(torch.cat(found, 1), module(x), atol=1e-6)
    assert cache.stored() == 4 * 2 * 6 * 3  # floats of one head of 3 numbers, at 6 places, keys and values


def test_a_row_of_a_head_up_close_uses_the_keys_of_its_group():
    module, x = Attention(12, 4, num_kv_heads=2), torch.randn(1, 6, 12)
    with attention.watched({"look": module}) as maps:
        out = module(x).detach()
    record = LayerRecord((x,), out, torch.zeros_like(out))
    for head in range(4):
        row = arithmetic.attention(module, record, 0, head, 2)
        assert np.allclose(row.weights, maps["look"].weights[head, 2], atol=1e-6)

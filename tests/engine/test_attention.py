"""Attention and its blocks against torch's own, watched and not; recurrent layers' last step against the whole."""
from __future__ import annotations

import pytest
import torch
from torch import nn

from dlviz import layers
from dlviz import network as net
from dlviz.errors import LayerError, SpecError
from dlviz.layers.attention import Attention
from dlviz.layers.sequence import PositionTable
from dlviz.layers.transformer import DecoderBlock, EncoderBlock
from dlviz.network import blocks
from dlviz.shapes import Shape, Signature
from dlviz.spec import LayerSpec, NetworkSpec

MASK = nn.Transformer.generate_square_subsequent_mask(7)


@pytest.mark.parametrize("causal", [False, True])
def test_attention_watched_and_fused_equal_torchs_own(causal: bool):
    ours = Attention(12, 3, causal)
    theirs = nn.MultiheadAttention(12, 3, batch_first=True)
    theirs.load_state_dict(ours.state_dict())
    x = torch.randn(4, 7, 12)
    expected, weights = theirs(x, x, x, attn_mask=MASK if causal else None, average_attn_weights=False)
    assert torch.allclose(ours(x), expected, atol=1e-6) and ours.published is None
    ours.watching = True
    assert torch.allclose(ours(x), expected, atol=1e-6)
    assert torch.allclose(ours.published, weights, atol=1e-6)


def test_cross_attention_equals_torchs_own():
    ours, theirs = Attention(12, 2), nn.MultiheadAttention(12, 2, batch_first=True)
    theirs.load_state_dict(ours.state_dict())
    x, memory = torch.randn(3, 7, 12), torch.randn(3, 5, 12)
    assert torch.allclose(ours(x, memory), theirs(x, memory, memory)[0], atol=1e-6)


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_blocks_equal_torchs_own(norm_first: bool, activation: str):
    x, memory = torch.randn(3, 7, 12), torch.randn(3, 5, 12)
    options = {"dropout": 0.0, "activation": activation, "norm_first": norm_first}
    encoder = EncoderBlock(12, 3, 20, **options)
    theirs = nn.TransformerEncoderLayer(12, 3, 20, batch_first=True, **options)
    theirs.load_state_dict(encoder.state_dict())
    assert torch.allclose(encoder(x), theirs(x), atol=1e-5)
    decoder = DecoderBlock(12, 3, 20, **options)
    theirs = nn.TransformerDecoderLayer(12, 3, 20, batch_first=True, **options)
    theirs.load_state_dict(decoder.state_dict())
    assert torch.allclose(decoder(x, memory), theirs(x, memory, tgt_mask=MASK), atol=1e-5)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_the_last_step_is_the_end_of_each_reading(kind: str, bidirectional: bool):
    shape = Shape("sequence", (6, 5))
    every = layers.declare(kind, {"hidden_size": 4, "bidirectional": bidirectional}).build(shape)
    last = layers.declare(kind, {"hidden_size": 4, "bidirectional": bidirectional, "output": "last step"}).build(shape)
    last.load_state_dict(every.state_dict())
    x = torch.randn(2, 6, 5)
    states = every(x)
    expected = torch.cat([states[:, -1, :4], states[:, 0, 4:]], -1) if bidirectional else states[:, -1]
    assert torch.allclose(last(x), expected, atol=1e-6)


def test_sinusoidal_positions_by_the_formula_number_by_number():
    table = PositionTable(5, 6).table
    for t in range(5):
        for k in range(3):
            angle = torch.tensor(t / 10_000 ** (2 * k / 6))
            assert torch.isclose(table[t, 2 * k], angle.sin(), atol=1e-6)
            assert torch.isclose(table[t, 2 * k + 1], angle.cos(), atol=1e-6)
    assert PositionTable(5, 6, "none").table.abs().sum() == 0


def test_heads_that_do_not_divide_the_width_are_refused_with_a_number_that_does():
    layer = layers.declare("MultiheadAttention", {"num_heads": 5})
    with pytest.raises(LayerError, match="Set num_heads to 4") as caught:
        layer.check("look", Shape("sequence", (7, 12)))
    assert caught.value.change == {"num_heads": 4}


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("dropout", [0.0, 0.2])
def test_an_opened_decoder_block_computes_what_the_closed_one_does(norm_first: bool, dropout: float):
    shape = Shape("sequence", (7, 12))
    signature = Signature((("x", shape), ("memory", Shape("sequence", (5, 12)))), shape, "mse", "")
    fields = {"nhead": 3, "dim_feedforward": 20, "norm_first": norm_first, "dropout": dropout}
    closed = NetworkSpec(layers=(LayerSpec(name="block", kind="TransformerDecoderLayer", fields=fields,
                                           inputs=("x", "memory")),))
    opened = blocks.open_block(closed, signature, "block")
    assert opened.names()[-1] == "block" and net.check(opened, signature).ok
    one, many = net.build(closed, signature, 0).eval(), net.build(opened, signature, 1).eval()
    many.load_state_dict(dict(zip(many.state_dict(), _in_order(one.module_of("block"), norm_first))))
    x, memory = torch.randn(2, 7, 12), torch.randn(2, 5, 12)
    assert torch.allclose(one(x, memory), many(x, memory), atol=1e-6)


def _in_order(block: DecoderBlock, norm_first: bool) -> list[torch.Tensor]:
    """The block's weights in the order in which its opened parts come."""
    stages = [([block.self_attn], block.norm1), ([block.multihead_attn], block.norm2),
              ([block.linear1, block.linear2], block.norm3)]
    modules = [m for parts, norm in stages for m in ([norm, *parts] if norm_first else [*parts, norm])]
    return [value for module in modules for value in module.state_dict().values()]


def test_an_opened_block_in_the_middle_keeps_the_wiring():
    signature = Signature((("t", Shape("tokens", (7,), 5)),), Shape("sequence", (7, 5)), "cross_entropy", "")
    rows = [("e", "Embedding", {"embedding_dim": 12}, None), ("b", "TransformerEncoderLayer", {}, None),
            ("r", "ReLU", {}, None), ("a", "Add", {}, ("r", "b")), ("o", "Linear", {"out_features": 5}, None)]
    network = NetworkSpec(layers=tuple(LayerSpec(name=n, kind=k, fields=f, inputs=i) for n, k, f, i in rows))
    opened = blocks.open_block(network, signature, "b")
    assert net.check(opened, signature).ok and len(opened.layers) == 10
    assert opened.layer("a").inputs == ("r", "b") and opened.layer("b").kind == "LayerNorm"
    assert net.check(opened, signature).parameters == net.check(network, signature).parameters
    with pytest.raises(SpecError, match="it is a single layer"):
        blocks.open_block(network, signature, "r")

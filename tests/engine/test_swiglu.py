"""SwiGLU in the feed-forward parts of transformers, against its formula in NumPy."""
from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from dlviz import network as net
from dlviz.layers.transformer import EncoderBlock, FeedForwardBlock
from dlviz.network import blocks
from dlviz.shapes import Shape, Signature
from dlviz.spec import LayerSpec, NetworkSpec


def _swiglu(x: np.ndarray, weights: dict[str, np.ndarray]) -> np.ndarray:
    """W2 (silu(W1 x + b1) * (V x + c)) + b2, in NumPy (Shazeer 2020)."""
    first = x @ weights["linear1.weight"].T + weights["linear1.bias"]
    gate = x @ weights["gate.weight"].T + weights["gate.bias"]
    return first / (1 + np.exp(-first)) * gate @ weights["linear2.weight"].T + weights["linear2.bias"]


def _normalized(x: np.ndarray) -> np.ndarray:
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)


def _arrays(module: nn.Module) -> dict[str, np.ndarray]:
    return {name: value.double().numpy() for name, value in module.state_dict().items()}


def test_swiglu_is_its_papers_formula():
    part, x = FeedForwardBlock(6, 10, "swiglu"), torch.randn(2, 4, 6)
    assert np.allclose(part(x).detach().numpy(), _swiglu(x.double().numpy(), _arrays(part)), atol=1e-5)
    assert sum(value.numel() for value in part.parameters()) == 2 * (6 * 10 + 10) + 10 * 6 + 6


@pytest.mark.parametrize("norm_first", [False, True])
def test_a_block_with_swiglu_is_attention_and_that_formula(norm_first: bool):
    block, x = EncoderBlock(12, 3, 20, activation="swiglu", norm_first=norm_first), torch.randn(2, 5, 12)
    if norm_first:
        looked = x + block.self_attn(block.norm1(x))
        middle = looked.detach().double().numpy()
        expected = middle + _swiglu(_normalized(middle), _arrays(block))
    else:
        middle = block.norm1(x + block.self_attn(x)).detach().double().numpy()
        expected = _normalized(middle + _swiglu(middle, _arrays(block)))
    assert np.allclose(block(x).detach().numpy(), expected, atol=1e-5)


def test_an_opened_block_keeps_its_swiglu():
    shape = Shape("sequence", (7, 12))
    fields = {"nhead": 3, "dim_feedforward": 20, "activation": "swiglu"}
    closed = NetworkSpec(layers=(LayerSpec(name="block", kind="TransformerEncoderLayer", fields=fields),))
    signature = Signature((("x", shape),), shape, "mse", "")
    opened = blocks.open_block(closed, signature, "block")
    counts = [sum(p.numel() for p in net.build(spec, signature, 0).parameters()) for spec in (closed, opened)]
    assert net.check(opened, signature).ok and counts[0] == counts[1]

"""RMSNorm against its formula (Zhang and Sennrich 2019)."""
from __future__ import annotations

import numpy as np
import torch

from dlviz import layers
from dlviz.shapes import Shape


def test_numbers_are_divided_by_their_root_mean_square():
    module = layers.declare("RMSNorm", {}, "norm").build(Shape("sequence", (3, 5)))
    x = torch.randn(2, 3, 5, generator=torch.Generator().manual_seed(0)) + 4
    expected = x.numpy() / np.sqrt((x.numpy() ** 2).mean(-1, keepdims=True) + 1e-6)
    np.testing.assert_allclose(module(x).detach().numpy(), expected, rtol=1e-5)
    assert abs(module(x).mean().item()) > 0.5  # the mean stays, unlike with LayerNorm


def test_the_scale_is_learned_for_each_number():
    module = layers.declare("RMSNorm", {}, "norm").build(Shape("vector", (7,)))
    assert [tuple(weight.shape) for weight in module.parameters()] == [(7,)]
    plain = layers.declare("RMSNorm", {"elementwise_affine": False}, "norm")
    assert not list(plain.build(Shape("vector", (7,))).parameters())

"""An output layer tied to an embedding as exported code has it: what `layers.dense.TiedLinear` computes.

The source of this class is what people take home; a test holds it to the same numbers.
"""
from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F


class TiedLinear(nn.Module):
    """A Linear whose weights are the first rows of an embedding's table, which learns at both places."""

    def __init__(self, in_features: int, out_features: int, bias: bool = True):
        super().__init__()
        self.out_features = out_features
        bound = in_features ** -0.5
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-bound, bound)) if bias else None

    def tie(self, embedding: nn.Embedding) -> None:
        """Take the weights from this embedding."""
        self.source = (embedding,)  # in a tuple: no part of this layer, so that its weights are stored once

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """`(B, T, D)` -> `(B, T, out_features)`."""
        return F.linear(x, self.source[0].weight[:self.out_features], self.bias)

"""Attention as exported code has it: what `layers.attention.Attention` computes, without what watches it.

The source of this class is what people take home; a test holds it to the same numbers.
"""
from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    """Multi-head attention (B, T, D) from queries `x` to `memory` (B, S, D), or to `x` itself.

    Groups of queries share keys and values where `num_kv_heads` is smaller than `num_heads`.
    """

    def __init__(self, embed_dim: int, num_heads: int, causal: bool = False, bias: bool = True,
                 num_kv_heads: int | None = None):
        super().__init__()
        self.embed_dim, self.num_heads, self.causal = embed_dim, num_heads, causal
        self.num_kv_heads = num_kv_heads or num_heads
        self.sizes = (embed_dim, *[self.num_kv_heads * (embed_dim // num_heads)] * 2)  # of queries, keys, values
        self.in_proj_weight = nn.Parameter(torch.empty(sum(self.sizes), embed_dim))
        self.in_proj_bias = nn.Parameter(torch.zeros(sum(self.sizes))) if bias else None
        self.out_proj = nn.Linear(embed_dim, embed_dim, bias=bias)
        nn.init.xavier_uniform_(self.in_proj_weight)
        if bias:
            nn.init.zeros_(self.out_proj.bias)

    def forward(self, x: torch.Tensor, memory: torch.Tensor | None = None) -> torch.Tensor:
        """`x` `(B, T, D)`, `memory` `(B, S, D)` -> `(B, T, D)`."""
        query, key, value = (self.heads(part) for part in self.project(x, memory))
        if self.num_kv_heads < self.num_heads:
            group = self.num_heads // self.num_kv_heads
            key, value = key.repeat_interleave(group, 1), value.repeat_interleave(group, 1)
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=self.causal)
        return self.out_proj(mixed.transpose(1, 2).flatten(2))

    def project(self, x: torch.Tensor, memory: torch.Tensor | None) -> tuple[torch.Tensor, ...]:
        """Queries of `x` `(B, T, D)`, keys and values of `memory` `(B, S, K)`; all three of `x` where there is none."""
        weight, bias = self.in_proj_weight, self.in_proj_bias
        if memory is None:
            return F.linear(x, weight, bias).split(self.sizes, -1)
        width = self.embed_dim
        bias_q, bias_kv = (None, None) if bias is None else (bias[:width], bias[width:])
        query = F.linear(x, weight[:width], bias_q)
        return query, *F.linear(memory, weight[width:], bias_kv).chunk(2, dim=-1)

    def heads(self, x: torch.Tensor) -> torch.Tensor:
        """`(B, T, K)` -> `(B, heads, T, D / heads)`."""
        return x.unflatten(-1, (-1, self.embed_dim // self.num_heads)).transpose(1, 2)

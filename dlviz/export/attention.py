"""Attention as exported code has it: what `layers.attention.Attention` computes, without what watches it.

The source of this class is what people take home; a test holds it to the same numbers.
"""
from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    """Multi-head attention (B, T, D) from queries `x` to `memory` (B, S, D), or to `x` itself.

    Groups of queries share keys and values where `num_kv_heads` is smaller than `num_heads`. `position`: "rotary" turns
    queries and keys by their places (RoPE), "alibi" takes something off a score for each step of distance. `score`:
    "dot product" of query and key, or "additive", v . tanh(q + k).
    """

    def __init__(self, embed_dim: int, num_heads: int, causal: bool = False, bias: bool = True,
                 num_kv_heads: int | None = None, position: str = "none", score: str = "dot product"):
        super().__init__()
        self.embed_dim, self.num_heads, self.causal, self.position = embed_dim, num_heads, causal, position
        self.num_kv_heads = num_kv_heads or num_heads
        self.sizes = (embed_dim, *[self.num_kv_heads * (embed_dim // num_heads)] * 2)  # of queries, keys, values
        self.in_proj_weight = nn.Parameter(torch.empty(sum(self.sizes), embed_dim))
        self.in_proj_bias = nn.Parameter(torch.zeros(sum(self.sizes))) if bias else None
        self.out_proj = nn.Linear(embed_dim, embed_dim, bias=bias)
        nn.init.xavier_uniform_(self.in_proj_weight)
        if bias:
            nn.init.zeros_(self.out_proj.bias)
        self.score_weight = None
        if score == "additive":
            self.score_weight = nn.Parameter(torch.empty(num_heads, embed_dim // num_heads))
            nn.init.xavier_uniform_(self.score_weight)

    def forward(self, x: torch.Tensor, memory: torch.Tensor | None = None) -> torch.Tensor:
        """`x` `(B, T, D)`, `memory` `(B, S, D)` -> `(B, T, D)`."""
        query, key, value = (self.heads(part) for part in self.project(x, memory))
        if self.position == "rotary":
            query, key = self.rotated(query), self.rotated(key)
        if self.num_kv_heads < self.num_heads:
            group = self.num_heads // self.num_kv_heads
            key, value = key.repeat_interleave(group, 1), value.repeat_interleave(group, 1)
        if self.score_weight is not None:
            mixed = self.additive(query, key, value, self.score_weight)
        elif self.position == "alibi":
            mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=self.penalties(x))
        else:
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

    def additive(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor,
                 weight: torch.Tensor) -> torch.Tensor:
        """The values mixed by additive scores (Bahdanau et al. 2015), `(B, heads, T, d)`."""
        joined = (query[..., None, :] + key[..., None, :, :]).tanh()
        scores = (joined @ weight[:, None, :, None]).squeeze(-1)
        if self.position == "alibi":
            scores = scores + self.penalties(query.transpose(1, 2))
        elif self.causal:
            later = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).triu(1)
            scores = scores.masked_fill(later, float("-inf"))
        return scores.softmax(-1) @ value

    def rotated(self, x: torch.Tensor) -> torch.Tensor:
        """`(B, heads, T, d)`, pairs of numbers turned by an angle of their place (RoPE, Su et al. 2021)."""
        half = x.shape[-1] // 2
        rates = 10_000.0 ** (torch.arange(half, device=x.device) / -half)
        angles = (torch.arange(x.shape[-2], device=x.device)[:, None] * rates).to(x)
        one, other = x[..., :half], x[..., half:]
        return torch.cat((one * angles.cos() - other * angles.sin(), other * angles.cos() + one * angles.sin()), -1)

    def penalties(self, x: torch.Tensor) -> torch.Tensor:
        """What distance costs each head `(1, heads, T, T)` (ALiBi, Press et al. 2022); -inf for later steps."""
        places = torch.arange(x.shape[1], device=x.device)
        distance = places[:, None] - places
        slopes = 2.0 ** (-8 * torch.arange(1, self.num_heads + 1, device=x.device) / self.num_heads)
        penalties = (-slopes[:, None, None] * distance.abs()).to(x)
        return (penalties.masked_fill(distance < 0, float("-inf")) if self.causal else penalties)[None]

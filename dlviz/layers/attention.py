"""Attention (Vaswani et al. 2017). Its module keeps the parameter names of `nn.MultiheadAttention`."""
from __future__ import annotations

import math
from typing import Any, ClassVar

import torch
from torch import nn
from torch.nn import functional as F

from dlviz.layers.base import Layer, Weighted, integer, switch
from dlviz.layers.sentences import article, refuse
from dlviz.layers.traits import Traits
from dlviz.shapes import Shape
from dlviz.translation import _, _n

HEADS = _n("{count:,} head", "{count:,} heads")
CAUSAL_HEADS = _n("{count:,} head, causal", "{count:,} heads, causal")


class Attention(nn.Module):
    """Multi-head attention `(B, T, D)` from queries `x` to `memory` `(B, S, D)` (to `x` itself when None).

    `num_kv_heads` of None is as many as `num_heads`; fewer are shared by groups of queries (Ainslie et al. 2023).
    Fused attention runs unless somebody watches: with `watching` set, `published` holds the weights
    `(B, heads, T, S)` of the last forward pass, `stages` the scores before and after the mask, and `crossing`
    whether there was a `memory`.
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
        self.watching = False
        self.published: torch.Tensor | None = None
        self.stages: tuple[torch.Tensor, torch.Tensor] | None = None
        self.crossing = False

    def forward(self, x: torch.Tensor, memory: torch.Tensor | None = None) -> torch.Tensor:
        """`x` `(B, T, D)`, `memory` `(B, S, D)` -> `(B, T, D)`."""
        self.crossing = memory is not None
        return self.attend(*self.project(x, memory))

    def project(self, x: torch.Tensor, memory: torch.Tensor | None) -> tuple[torch.Tensor, ...]:
        """Queries `(B, T, D)` of `x`, keys and values `(B, S, K)` of `memory`, all heads side by side."""
        if memory is None:
            return F.linear(x, self.in_proj_weight, self.in_proj_bias).split_with_sizes(self.sizes, -1)
        own, others = (self.sizes[0], 2 * self.sizes[1]), self.sizes[1:]
        bias_q, bias_kv = (None, None) if self.in_proj_bias is None else self.in_proj_bias.split_with_sizes(own)
        weight_q, weight_kv = self.in_proj_weight.split_with_sizes(own)
        return F.linear(x, weight_q, bias_q), *F.linear(memory, weight_kv, bias_kv).split_with_sizes(others, -1)

    def attend(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
        """What these projections make, `(B, T, D)`."""
        return self.merged(self.mixed(self.heads(query), self.heads(key), self.heads(value), self.causal))

    def heads(self, x: torch.Tensor) -> torch.Tensor:
        """`(B, T, K)` -> `(B, heads, T, D / heads)`."""
        return torch.unflatten(x, -1, (-1, self.embed_dim // self.num_heads)).transpose(1, 2)

    def mixed(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, causal: bool) -> torch.Tensor:
        """The values `(B, kv heads, S, d)` mixed for each query, `(B, heads, T, d)`."""
        if self.num_kv_heads < self.num_heads:
            group = self.num_heads // self.num_kv_heads
            key, value = key.repeat_interleave(group, 1), value.repeat_interleave(group, 1)
        if self.watching:
            return self._watched(query, key, value, causal)
        return F.scaled_dot_product_attention(query, key, value, is_causal=causal)

    def merged(self, mixed: torch.Tensor) -> torch.Tensor:
        """What all heads found, put together: `(B, heads, T, d)` -> `(B, T, D)`."""
        return self.out_proj(mixed.transpose(1, 2).flatten(2))

    def _watched(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, causal: bool) -> torch.Tensor:
        scores = query @ key.transpose(-2, -1)
        scaled = scores / math.sqrt(query.shape[-1])
        if causal:
            later = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).triu(1)
            scaled = scaled.masked_fill(later, float("-inf"))
        self.published = scaled.softmax(-1)
        self.stages = (scores, scaled)
        return self.published @ value


def check_heads(layer: Layer, name: str, heads: int, field: str, width: int) -> None:
    """LayerError where a width cannot be split evenly among that many heads, the number of which is `field`."""
    if width % heads:
        fits = max(n for n in range(1, min(heads, width) + 1) if width % n == 0)
        raise refuse(layer, name,
                     _n("splits its width into {count:,} equal head", "splits its width into {count:,} equal heads",
                        count=heads), _("the width is {width}", width=width),
                     _("Set {field} to {fits}, or make the width a multiple of {heads}.", field=field, fits=fits,
                       heads=heads), **{field: fits})


def check_kv_heads(layer: Layer, name: str, heads: int, kv_heads: int | None) -> None:
    """LayerError where queries cannot share keys and values in equal groups."""
    if kv_heads and heads % kv_heads:
        fits = max(n for n in range(1, min(kv_heads, heads) + 1) if heads % n == 0)
        raise refuse(layer, name, _n("shares its keys and values among {count:,} head in equal groups",
                                     "shares its keys and values among {count:,} heads in equal groups", count=heads),
                     _("num_kv_heads is {kv_heads}, which does not divide them", kv_heads=kv_heads),
                     _("Set num_kv_heads to {fits}, or to 0 for as many as there are heads.", fits=fits),
                     num_kv_heads=fits)


def kv_heads_field() -> Any:
    """The field that says how many heads of keys and values there are; 0 stands for as many as of queries."""
    return integer(0, 0, 64, "How many heads have keys and values of their own; groups of queries share them, which "
                             "saves weights and cache (grouped-query attention, Ainslie et al. 2023). 0: all of them.")


def check_memory(layer: Layer, name: str, shapes: tuple[Shape, ...]) -> None:
    """LayerError where what is looked at has another width than what looks."""
    if len(shapes) == 2 and shapes[0].axes[-1] != shapes[1].axes[-1]:
        raise refuse(layer, name, _("looks from one sequence at another of the same width"),
                     _("it is given {first} and {second}", first=article(shapes[0]), second=article(shapes[1])),
                     _("Bring both to one width, for instance with a Linear."))


class MultiheadAttention(Weighted):
    """Lets every step look at all others and take what matters to it; with a second input, look at that instead."""

    num_heads: int = integer(4, 1, 64, "How many looks are taken at once, each on its own part of the width.")
    causal: bool = switch(False, "Let no step see later ones, as when the next symbol is to be guessed.")
    bias: bool = switch(True, "Add learned numbers to queries, keys and values.")
    num_kv_heads: int = kv_heads_field()
    family: ClassVar[str] = "attention"
    torch: ClassVar[type[nn.Module]] = Attention
    own: ClassVar[tuple[type, ...]] = (Attention,)
    takes: ClassVar[tuple[str, ...]] = ("sequence",)
    arity: ClassVar[tuple[int, int | None]] = (1, 2)
    formula: ClassVar[str] = r"y = \text{softmax}\!\left(\frac{Q K^\top}{\sqrt{d}}\right) V"
    short: ClassVar[str] = "attention"
    arithmetic: ClassVar[str] = "attention"
    attends: ClassVar[bool] = True
    plain: ClassVar[str] = "y = softmax(Q Kᵀ / √d) V"
    backward: ClassVar[str] = "The gradient follows the attention weights, through values, keys and queries."
    positional: ClassVar[tuple[str, ...]] = ("embed_dim", "num_heads")

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        own = self.own_fields()
        return {"embed_dim": shapes[0].axes[-1], "num_heads": own.pop("num_heads")} | own | {
            "num_kv_heads": self.num_kv_heads or None}

    def looking_back(self) -> tuple[dict[str, Any], ...]:
        return () if self.causal else ({"causal": True},)

    def traits(self) -> Traits:
        return Traits(order=None if self.causal else "blind")  # a causal mask tells a step how many came before

    def check(self, name: str, *shapes: Shape) -> None:
        check_heads(self, name, self.num_heads, "num_heads", shapes[0].axes[-1])
        check_kv_heads(self, name, self.num_heads, self.num_kv_heads)
        check_memory(self, name, shapes)
        if self.causal and len(shapes) == 2:
            raise refuse(self, name, _("may have a causal mask only while it looks at itself"),
                         _("it looks at a second input"), _("Switch causal off."), causal=False)

    def summary(self) -> str:
        return (CAUSAL_HEADS if self.causal else HEADS)(self.num_heads)

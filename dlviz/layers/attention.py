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

    Fused attention runs unless somebody watches: with `watching` set, `published` holds the weights
    `(B, heads, T, S)` of the last forward pass, `stages` the scores before and after the mask, and `crossing`
    whether there was a `memory`.
    """

    def __init__(self, embed_dim: int, num_heads: int, causal: bool = False, bias: bool = True):
        super().__init__()
        self.embed_dim, self.num_heads, self.causal = embed_dim, num_heads, causal
        self.in_proj_weight = nn.Parameter(torch.empty(3 * embed_dim, embed_dim))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * embed_dim)) if bias else None
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
        query, key, value = (self.heads(part) for part in self.project(x, memory))
        if self.watching:
            self.crossing = memory is not None
            mixed = self._watched(query, key, value)
        else:
            mixed = F.scaled_dot_product_attention(query, key, value, is_causal=self.causal)
        return self.out_proj(mixed.transpose(1, 2).flatten(2))

    def project(self, x: torch.Tensor, memory: torch.Tensor | None) -> tuple[torch.Tensor, ...]:
        """Queries `(B, T, D)` of `x`, keys and values `(B, S, D)` of `memory`, all heads side by side."""
        if memory is None:
            return F.linear(x, self.in_proj_weight, self.in_proj_bias).chunk(3, dim=-1)
        width = self.embed_dim
        bias = self.in_proj_bias
        bias_q, bias_kv = (None, None) if bias is None else bias.split_with_sizes((width, 2 * width))
        weight_q, weight_kv = self.in_proj_weight.split_with_sizes((width, 2 * width))
        return F.linear(x, weight_q, bias_q), *F.linear(memory, weight_kv, bias_kv).chunk(2, dim=-1)

    def heads(self, x: torch.Tensor) -> torch.Tensor:
        """`(B, T, D)` -> `(B, heads, T, D / heads)`."""
        return torch.unflatten(x, -1, (self.num_heads, -1)).transpose(1, 2)

    def _watched(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
        scores = query @ key.transpose(-2, -1)
        scaled = scores / math.sqrt(query.shape[-1])
        if self.causal:
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
        return {"embed_dim": shapes[0].axes[-1], "num_heads": own.pop("num_heads")} | own

    def looking_back(self) -> tuple[dict[str, Any], ...]:
        return () if self.causal else ({"causal": True},)

    def traits(self) -> Traits:
        return Traits(order=None if self.causal else "blind")  # a causal mask tells a step how many came before

    def check(self, name: str, *shapes: Shape) -> None:
        check_heads(self, name, self.num_heads, "num_heads", shapes[0].axes[-1])
        check_memory(self, name, shapes)
        if self.causal and len(shapes) == 2:
            raise refuse(self, name, _("may have a causal mask only while it looks at itself"),
                         _("it looks at a second input"), _("Switch causal off."), causal=False)

    def summary(self) -> str:
        return (CAUSAL_HEADS if self.causal else HEADS)(self.num_heads)

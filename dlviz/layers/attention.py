"""Attention (Vaswani et al. 2017). Its module keeps the parameter names of `nn.MultiheadAttention`."""
from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

import torch
from pydantic import Field
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
    `position`: `rotary` turns queries and keys by their places (Su et al. 2021), `alibi` takes something off a score
    for each step between query and key (Press et al. 2022). `score`: `dot product`, or `additive`, a small network for
    each head that sees query and key (Bahdanau et al. 2015).
    Fused attention runs unless somebody watches: with `watching` set, `published` holds the weights
    `(B, heads, T, S)` of the last forward pass, `stages` the scores before and after the mask, and `crossing`
    whether there was a `memory`.
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
        query, key, value = self.heads(query, key, value)
        return self.merged(self.mixed(query, key, value))

    def heads(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor,
              first: int = 0) -> tuple[torch.Tensor, ...]:
        """`(B, T, K)` each -> `(B, heads, T, D / heads)`; the first step stands at place `first`."""
        query, key, value = (torch.unflatten(part, -1, (-1, self.embed_dim // self.num_heads)).transpose(1, 2)
                             for part in (query, key, value))
        if self.position == "rotary":
            query, key = rotated(query, first), rotated(key, first)
        return query, key, value

    def mixed(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, first: int = 0) -> torch.Tensor:
        """The values `(B, kv heads, S, d)` mixed for each query, `(B, heads, T, d)`."""
        key, value = self.grouped(key), self.grouped(value)
        if self.watching or self.score_weight is not None:
            scores = self.scores(query, key)
            scaled = self.scaled(scores, first)
            weights = scaled.softmax(-1)
            if self.watching:
                self.stages, self.published = (scores, scaled), weights
            return weights @ value
        if self.position == "alibi":
            lost = self.scaled(query.new_zeros(1, self.num_heads, query.shape[-2], key.shape[-2]), first)
            return F.scaled_dot_product_attention(query, key, value, attn_mask=lost)
        return F.scaled_dot_product_attention(query, key, value, is_causal=self.causal and first == 0)

    def grouped(self, x: torch.Tensor) -> torch.Tensor:
        """Keys or values `(B, kv heads, S, d)`, each as often as queries share it: `(B, heads, S, d)`."""
        group = self.num_heads // self.num_kv_heads
        return x.repeat_interleave(group, 1) if group > 1 else x

    def scores(self, query: torch.Tensor, key: torch.Tensor) -> torch.Tensor:
        """How well each query and each key fit, `(B, heads, T, S)`."""
        if self.score_weight is None:
            return query @ key.transpose(-2, -1)
        return (self.joined(query, key) @ self.score_weight[:, None, :, None]).squeeze(-1)

    @staticmethod
    def joined(query: torch.Tensor, key: torch.Tensor) -> torch.Tensor:
        """What an additive score weighs: tanh of each query plus each key, `(B, heads, T, S, d)`."""
        return (query[..., None, :] + key[..., None, :, :]).tanh()

    def scaled(self, scores: torch.Tensor, first: int = 0) -> torch.Tensor:
        """The scores as softmax takes them: products divided by the root of a head's width, less what distance costs,
        -inf where a later step would be seen. Queries stand from place `first` on."""
        scaled = scores / math.sqrt(self.embed_dim // self.num_heads) if self.score_weight is None else scores
        queries, keys = (torch.arange(size, device=scores.device) for size in scores.shape[-2:])
        distance = queries[:, None] + first - keys
        if self.position == "alibi":
            scaled = scaled - slopes(self.num_heads).to(scaled)[:, None, None] * distance.abs()
        return scaled.masked_fill(distance < 0, float("-inf")) if self.causal else scaled

    def merged(self, mixed: torch.Tensor) -> torch.Tensor:
        """What all heads found, put together: `(B, heads, T, d)` -> `(B, T, D)`."""
        return self.out_proj(mixed.transpose(1, 2).flatten(2))


def rotated(x: torch.Tensor, first: int = 0) -> torch.Tensor:
    """`(..., T, d)`, numbers k and k + d / 2 of each step turned by its place, more slowly for larger k (RoPE)."""
    half = x.shape[-1] // 2
    places = torch.arange(first, first + x.shape[-2], device=x.device)
    rates = 10_000.0 ** (torch.arange(half, device=x.device) / -half)
    angles = (places[:, None] * rates).to(x)
    one, other = x[..., :half], x[..., half:]
    return torch.cat((one * angles.cos() - other * angles.sin(), other * angles.cos() + one * angles.sin()), -1)


def slopes(heads: int) -> torch.Tensor:
    """What each head takes off a score for a step of distance, from 2 ** (-8 / heads) down to 1 / 256 (ALiBi)."""
    return 2.0 ** (-8 * torch.arange(1, heads + 1) / heads)


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


def check_score(layer: Layer, name: str, score: str, position: str) -> None:
    """LayerError where turned queries and keys would not be multiplied, so that turning tells nothing."""
    if score == "additive" and position == "rotary":
        raise refuse(layer, name, _("multiplies queries and keys that are turned by their places"),
                     _("score is additive, which adds them"), _("Set position to alibi or none."), position="alibi")


def check_position(layer: Layer, name: str, position: str, depth: int, crossing: bool = False) -> None:
    """LayerError where places cannot be told in this way: by turning an odd width, or between two sequences."""
    if position == "rotary" and depth % 2:
        raise refuse(layer, name, _("turns the numbers of each head in pairs"),
                     _n("a head has {count:,} number", "a head has {count:,} numbers", count=depth),
                     _("Choose a number of heads that leaves each an even width, or another position."),
                     position="alibi")
    if position != "none" and crossing:
        raise refuse(layer, name, _("tells distances within one sequence only"), _("it looks at a second input"),
                     _("Set position to none."), position="none")


Position = Literal["none", "rotary", "alibi"]


def position_field() -> Any:
    """The field that says how queries tell where keys stand."""
    return Field("none", description="How attention itself tells places: it turns queries and keys by their place "
                                     "(rotary, RoPE, Su et al. 2021), or takes something off a score for each step of "
                                     "distance (ALiBi, Press et al. 2022).")


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
    position: Position = position_field()
    score: Literal["dot product", "additive"] = Field(
        "dot product", description="How a query and a key are compared: by their dot product, or by a small network "
                                   "that sees both, v · tanh(q + k) (Bahdanau et al. 2015).")
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
        if self.position != "none":
            return Traits(order="tells")
        return Traits(order=None if self.causal else "blind")  # a causal mask tells a step how many came before

    def check(self, name: str, *shapes: Shape) -> None:
        check_heads(self, name, self.num_heads, "num_heads", shapes[0].axes[-1])
        check_kv_heads(self, name, self.num_heads, self.num_kv_heads)
        check_memory(self, name, shapes)
        check_position(self, name, self.position, shapes[0].axes[-1] // self.num_heads, len(shapes) == 2)
        check_score(self, name, self.score, self.position)
        if self.causal and len(shapes) == 2:
            raise refuse(self, name, _("may have a causal mask only while it looks at itself"),
                         _("it looks at a second input"), _("Switch causal off."), causal=False)

    def summary(self) -> str:
        return (CAUSAL_HEADS if self.causal else HEADS)(self.num_heads)

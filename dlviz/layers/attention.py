"""Attention, and the transformer blocks that are made of it (Vaswani et al. 2017).

The modules keep torch's own parameter names, so weights go to and from `nn.MultiheadAttention`,
`nn.TransformerEncoderLayer` and `nn.TransformerDecoderLayer` unchanged.
"""
from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

import torch
from pydantic import Field
from torch import nn
from torch.nn import functional as F

from dlviz.english import count
from dlviz.layers.base import Layer, Part, Weighted, article, integer, number, refuse, switch
from dlviz.layers.merge import Add
from dlviz.layers.normalization import LayerNorm
from dlviz.layers.regularization import Dropout
from dlviz.layers.traits import Traits
from dlviz.shapes import Shape


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


class FeedForwardBlock(nn.Module):
    """Two Linear layers with an activation between, applied to each time step for itself (Vaswani et al. 2017)."""

    def __init__(self, width: int, dim_feedforward: int, activation: str = "relu", dropout: float = 0.0):
        super().__init__()
        self.linear1 = nn.Linear(width, dim_feedforward)
        self.dropout = nn.Dropout(dropout)
        self.linear2 = nn.Linear(dim_feedforward, width)
        self.activation = getattr(F, activation)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """`(B, T, D)` -> `(B, T, D)`, each step for itself."""
        return self.linear2(self.dropout(self.activation(self.linear1(x))))


class EncoderBlock(nn.Module):
    """Self-attention, then a feed-forward part, each with a skip around it and a LayerNorm (Vaswani et al. 2017)."""

    def __init__(self, d_model: int, nhead: int, dim_feedforward: int, dropout: float = 0.0,
                 activation: str = "relu", norm_first: bool = False, causal: bool = False):
        super().__init__()
        self.self_attn = Attention(d_model, nhead, causal)
        self.linear1 = nn.Linear(d_model, dim_feedforward)
        self.dropout = nn.Dropout(dropout)
        self.linear2 = nn.Linear(dim_feedforward, d_model)
        self.norm1, self.norm2 = nn.LayerNorm(d_model), nn.LayerNorm(d_model)
        self.activation, self.norm_first = getattr(F, activation), norm_first

    def _feed(self, x: torch.Tensor) -> torch.Tensor:
        return self.dropout(self.linear2(self.dropout(self.activation(self.linear1(x)))))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """`(B, T, D)` -> `(B, T, D)`."""
        if self.norm_first:
            x = x + self.dropout(self.self_attn(self.norm1(x)))
            return x + self._feed(self.norm2(x))
        x = self.norm1(x + self.dropout(self.self_attn(x)))
        return self.norm2(x + self._feed(x))


class DecoderBlock(nn.Module):
    """Causal self-attention, attention to `memory`, then a feed-forward part, each with a skip and a LayerNorm."""

    def __init__(self, d_model: int, nhead: int, dim_feedforward: int, dropout: float = 0.0,
                 activation: str = "relu", norm_first: bool = False):
        super().__init__()
        self.self_attn = Attention(d_model, nhead, causal=True)
        self.multihead_attn = Attention(d_model, nhead)
        self.linear1 = nn.Linear(d_model, dim_feedforward)
        self.dropout = nn.Dropout(dropout)
        self.linear2 = nn.Linear(dim_feedforward, d_model)
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(d_model) for _ in range(3))
        self.activation, self.norm_first = getattr(F, activation), norm_first

    def _feed(self, x: torch.Tensor) -> torch.Tensor:
        return self.dropout(self.linear2(self.dropout(self.activation(self.linear1(x)))))

    def forward(self, x: torch.Tensor, memory: torch.Tensor) -> torch.Tensor:
        """`x` `(B, T, D)`, `memory` `(B, S, D)` -> `(B, T, D)`."""
        if self.norm_first:
            x = x + self.dropout(self.self_attn(self.norm1(x)))
            x = x + self.dropout(self.multihead_attn(self.norm2(x), memory))
            return x + self._feed(self.norm3(x))
        x = self.norm1(x + self.dropout(self.self_attn(x)))
        x = self.norm2(x + self.dropout(self.multihead_attn(x, memory)))
        return self.norm3(x + self._feed(x))


def _check_heads(layer: Layer, name: str, heads: int, field: str, width: int) -> None:
    if width % heads:
        fits = max(n for n in range(1, min(heads, width) + 1) if width % n == 0)
        raise refuse(layer, name, f"splits its width into {count(heads, 'equal head')}", f"the width is {width}",
                     f"Set {field} to {fits}, or make the width a multiple of {heads}.", **{field: fits})


def _check_memory(layer: Layer, name: str, shapes: tuple[Shape, ...]) -> None:
    if len(shapes) == 2 and shapes[0].axes[-1] != shapes[1].axes[-1]:
        raise refuse(layer, name, "looks from one sequence at another of the same width",
                     f"it is given {article(shapes[0])} and {article(shapes[1])}",
                     "Bring both to one width, for instance with a Linear.")


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
        _check_heads(self, name, self.num_heads, "num_heads", shapes[0].axes[-1])
        _check_memory(self, name, shapes)
        if self.causal and len(shapes) == 2:
            raise refuse(self, name, "may have a causal mask only while it looks at itself",
                         "it looks at a second input", "Switch causal off.", causal=False)

    def summary(self) -> str:
        return count(self.num_heads, "head") + (", causal" if self.causal else "")


class FeedForward(Weighted):
    """Thinks about each step alone: widens it, bends it, brings it back to its width."""

    dim_feedforward: int = integer(64, 1, 4_096, "How wide it is inside.")
    activation: Literal["relu", "gelu"] = Field(default="relu", description="The bend between the two Linear layers.")
    dropout: float = number(0.0, 0.0, 0.9, "Share switched off inside while training.")
    family: ClassVar[str] = "attention"
    torch: ClassVar[type[nn.Module]] = FeedForwardBlock
    own: ClassVar[tuple[type, ...]] = (FeedForwardBlock,)
    takes: ClassVar[tuple[str, ...]] = ("sequence",)
    formula: ClassVar[str] = r"y = W_2\,\text{relu}(W_1 x + b_1) + b_2"
    positional: ClassVar[tuple[str, ...]] = ("width", "dim_feedforward")
    drop_field: ClassVar[str | None] = "dropout"

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        return {"width": shapes[0].axes[-1]} | self.own_fields()

    def traits(self) -> Traits:
        return Traits(drops=self.dropout)

    def summary(self) -> str:
        return f"{self.dim_feedforward} wide inside"


class _Block(Weighted):
    nhead: int = integer(4, 1, 64, "How many attention heads.")
    dim_feedforward: int = integer(64, 1, 4_096, "How wide the feed-forward part is inside.")
    dropout: float = number(0.0, 0.0, 0.9, "Share switched off while training.")
    activation: Literal["relu", "gelu"] = Field(default="relu", description="The bend inside the feed-forward part.")
    norm_first: bool = switch(False, "Normalise before each part instead of after it; steadier when deep.")
    family: ClassVar[str] = "attention"
    takes: ClassVar[tuple[str, ...]] = ("sequence",)
    positional: ClassVar[tuple[str, ...]] = ("d_model", "nhead", "dim_feedforward")
    drop_field: ClassVar[str | None] = "dropout"
    attends: ClassVar[bool] = True

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        return {"d_model": shapes[0].axes[-1]} | self.own_fields()

    def traits(self) -> Traits:
        return Traits(drops=self.dropout, order="blind")

    def check(self, name: str, *shapes: Shape) -> None:
        _check_heads(self, name, self.nhead, "nhead", shapes[0].axes[-1])
        _check_memory(self, name, shapes)

    def summary(self) -> str:
        return f"{count(self.nhead, 'head')}, {self.dim_feedforward} inside"

    def _stage(self, number: int, kind: str, fields: dict[str, Any], source: str, *more: str) -> list[Part]:
        """One part with its skip and its normalization, before or after; the last of them is `out{number}`."""
        rows = [Part(f"norm{number}", LayerNorm.kind(), {}, (source,))] if self.norm_first else []
        rows.append(Part(f"part{number}", kind, fields, (f"norm{number}" if self.norm_first else source, *more)))
        if self.dropout:
            rows.append(Part(f"drop{number}", Dropout.kind(), {"p": self.dropout}, (f"part{number}",)))
        summed = f"out{number}" if self.norm_first else f"sum{number}"
        rows.append(Part(summed, Add.kind(), {}, (source, f"{'drop' if self.dropout else 'part'}{number}")))
        return rows if self.norm_first else [*rows, Part(f"out{number}", LayerNorm.kind(), {}, (summed,))]

    def _feed(self) -> dict[str, Any]:
        return {"dim_feedforward": self.dim_feedforward, "activation": self.activation, "dropout": self.dropout,
                **self._chosen()}

    def _chosen(self) -> dict[str, Any]:
        """How the first weights are drawn, for the parts that have some."""
        return {} if self.init == "default" else {"init": self.init, "init_std": self.init_std}


class TransformerEncoderLayer(_Block):
    """A whole transformer block: every step looks at all others, then thinks alone."""

    causal: bool = switch(False, "Let no step see later ones; then it is a block of a language model.")
    torch: ClassVar[type[nn.Module]] = EncoderBlock
    own: ClassVar[tuple[type, ...]] = (Attention, EncoderBlock)
    formula: ClassVar[str] = (r"a = \text{LN}(x + \text{Attention}(x)), \qquad "
                              r"y = \text{LN}(a + \text{FeedForward}(a))")

    def looking_back(self) -> tuple[dict[str, Any], ...]:
        return () if self.causal else ({"causal": True},)

    def traits(self) -> Traits:
        return Traits(drops=self.dropout, order=None if self.causal else "blind")

    def parts(self) -> tuple[Part, ...]:
        looking = {"num_heads": self.nhead, "causal": self.causal, **self._chosen()}
        return (*self._stage(1, MultiheadAttention.kind(), looking, "0"),
                *self._stage(2, FeedForward.kind(), self._feed(), "out1"))


class TransformerDecoderLayer(_Block):
    """A transformer block that also looks at a second sequence: the answer so far looks at the question."""

    torch: ClassVar[type[nn.Module]] = DecoderBlock
    own: ClassVar[tuple[type, ...]] = (Attention, DecoderBlock)
    arity: ClassVar[tuple[int, int | None]] = (2, 2)
    formula: ClassVar[str] = (r"a = \text{LN}(x + \text{Attention}(x)), \quad b = \text{LN}(a + "
                              r"\text{Attention}(a, m)), \quad y = \text{LN}(b + \text{FeedForward}(b))")

    def parts(self) -> tuple[Part, ...]:
        kind, looking = MultiheadAttention.kind(), {"num_heads": self.nhead, **self._chosen()}
        return (*self._stage(1, kind, looking | {"causal": True}, "0"), *self._stage(2, kind, looking, "out1", "1"),
                *self._stage(3, FeedForward.kind(), self._feed(), "out2"))

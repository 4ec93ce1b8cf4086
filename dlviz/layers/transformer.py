"""The transformer's blocks, made of attention and of layers for each step (Vaswani et al. 2017).

The modules keep torch's own parameter names, so weights go to and from `nn.TransformerEncoderLayer` and
`nn.TransformerDecoderLayer` unchanged.
"""
from __future__ import annotations

from typing import Any, ClassVar, Literal

import torch
from pydantic import Field
from torch import nn
from torch.nn import functional as F

from dlviz.layers.attention import (
    Attention,
    MultiheadAttention,
    Position,
    check_heads,
    check_kv_heads,
    check_memory,
    check_position,
    kv_heads_field,
    position_field,
)
from dlviz.layers.base import Part, Weighted, integer, number, switch
from dlviz.layers.merge import Add
from dlviz.layers.normalization import LayerNorm
from dlviz.layers.regularization import Dropout
from dlviz.layers.traits import Traits
from dlviz.shapes import Shape
from dlviz.translation import _, _n

WIDE = _("{width} wide inside")
HEADS = _n("{count:,} head, {width} inside", "{count:,} heads, {width} inside")


class FeedForwardBlock(nn.Module):
    """Two Linear layers with an activation between, applied to each time step for itself (Vaswani et al. 2017).

    SwiGLU: a third Linear beside the first multiplies what the activation, then SiLU, gives.
    """

    def __init__(self, width: int, dim_feedforward: int, activation: str = "relu", dropout: float = 0.0):
        super().__init__()
        gated = activation == "swiglu"
        self.linear1 = nn.Linear(width, dim_feedforward)
        self.gate = nn.Linear(width, dim_feedforward) if gated else None
        self.dropout = nn.Dropout(dropout)
        self.linear2 = nn.Linear(dim_feedforward, width)
        self.activation = F.silu if gated else getattr(F, activation)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """`(B, T, D)` -> `(B, T, D)`, each step for itself."""
        inside = self.activation(self.linear1(x))
        return self.linear2(self.dropout(inside if self.gate is None else inside * self.gate(x)))


class EncoderBlock(nn.Module):
    """Self-attention, then a feed-forward part, each with a skip around it and a LayerNorm (Vaswani et al. 2017)."""

    def __init__(self, d_model: int, nhead: int, dim_feedforward: int, dropout: float = 0.0,
                 activation: str = "relu", norm_first: bool = False, num_kv_heads: int | None = None,
                 position: str = "none", causal: bool = False):
        super().__init__()
        self.self_attn = Attention(d_model, nhead, causal, num_kv_heads=num_kv_heads, position=position)
        self.linear1 = nn.Linear(d_model, dim_feedforward)
        self.dropout = nn.Dropout(dropout)
        self.linear2 = nn.Linear(dim_feedforward, d_model)
        self.norm1, self.norm2 = nn.LayerNorm(d_model), nn.LayerNorm(d_model)
        gated = activation == "swiglu"
        self.gate = nn.Linear(d_model, dim_feedforward) if gated else None
        self.activation, self.norm_first = F.silu if gated else getattr(F, activation), norm_first

    def _feed(self, x: torch.Tensor) -> torch.Tensor:
        inside = self.activation(self.linear1(x))
        return self.dropout(self.linear2(self.dropout(inside if self.gate is None else inside * self.gate(x))))

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
                 activation: str = "relu", norm_first: bool = False, num_kv_heads: int | None = None,
                 position: str = "none"):
        super().__init__()
        self.self_attn = Attention(d_model, nhead, causal=True, num_kv_heads=num_kv_heads, position=position)
        self.multihead_attn = Attention(d_model, nhead, num_kv_heads=num_kv_heads)
        self.linear1 = nn.Linear(d_model, dim_feedforward)
        self.dropout = nn.Dropout(dropout)
        self.linear2 = nn.Linear(dim_feedforward, d_model)
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(d_model) for _ in range(3))
        gated = activation == "swiglu"
        self.gate = nn.Linear(d_model, dim_feedforward) if gated else None
        self.activation, self.norm_first = F.silu if gated else getattr(F, activation), norm_first

    def _feed(self, x: torch.Tensor) -> torch.Tensor:
        inside = self.activation(self.linear1(x))
        return self.dropout(self.linear2(self.dropout(inside if self.gate is None else inside * self.gate(x))))

    def forward(self, x: torch.Tensor, memory: torch.Tensor) -> torch.Tensor:
        """`x` `(B, T, D)`, `memory` `(B, S, D)` -> `(B, T, D)`."""
        if self.norm_first:
            x = x + self.dropout(self.self_attn(self.norm1(x)))
            x = x + self.dropout(self.multihead_attn(self.norm2(x), memory))
            return x + self._feed(self.norm3(x))
        x = self.norm1(x + self.dropout(self.self_attn(x)))
        x = self.norm2(x + self.dropout(self.multihead_attn(x, memory)))
        return self.norm3(x + self._feed(x))


class FeedForward(Weighted):
    """Thinks about each step alone: widens it, bends it, brings it back to its width."""

    dim_feedforward: int = integer(64, 1, 4_096, "How wide it is inside.")
    activation: Literal["relu", "gelu", "swiglu"] = Field(
        default="relu", description="The bend between the two Linear layers. SwiGLU has a third one beside the first, "
                                    "which multiplies it (Shazeer 2020).")
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
        return str(WIDE).format(width=self.dim_feedforward)


class _Block(Weighted):
    nhead: int = integer(4, 1, 64, "How many attention heads.")
    dim_feedforward: int = integer(64, 1, 4_096, "How wide the feed-forward part is inside.")
    dropout: float = number(0.0, 0.0, 0.9, "Share switched off while training.")
    activation: Literal["relu", "gelu", "swiglu"] = Field(
        default="relu", description="The bend inside the feed-forward part. SwiGLU has a third Linear there, which "
                                    "multiplies it, as in LLaMA (Shazeer 2020).")
    norm_first: bool = switch(False, "Normalise before each part instead of after it; steadier when deep.")
    num_kv_heads: int = kv_heads_field()
    position: Position = position_field()
    family: ClassVar[str] = "attention"
    takes: ClassVar[tuple[str, ...]] = ("sequence",)
    positional: ClassVar[tuple[str, ...]] = ("d_model", "nhead", "dim_feedforward")
    drop_field: ClassVar[str | None] = "dropout"
    attends: ClassVar[bool] = True

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        return {"d_model": shapes[0].axes[-1]} | self.own_fields() | {"num_kv_heads": self.num_kv_heads or None}

    def traits(self) -> Traits:
        return Traits(drops=self.dropout, order="blind" if self.position == "none" else "tells")

    def check(self, name: str, *shapes: Shape) -> None:
        check_heads(self, name, self.nhead, "nhead", shapes[0].axes[-1])
        check_kv_heads(self, name, self.nhead, self.num_kv_heads)
        check_memory(self, name, shapes)
        check_position(self, name, self.position, shapes[0].axes[-1] // self.nhead)

    def summary(self) -> str:
        return HEADS(self.nhead, width=self.dim_feedforward)

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

    def _looking(self) -> dict[str, Any]:
        return {"num_heads": self.nhead, "num_kv_heads": self.num_kv_heads, **self._chosen()}

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
        order = "tells" if self.position != "none" else None if self.causal else "blind"
        return Traits(drops=self.dropout, order=order)

    def parts(self) -> tuple[Part, ...]:
        looking = self._looking() | {"causal": self.causal, "position": self.position}
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
        kind, looking = MultiheadAttention.kind(), self._looking()
        own = looking | {"causal": True, "position": self.position}
        return (*self._stage(1, kind, own, "0"), *self._stage(2, kind, looking, "out1", "1"),
                *self._stage(3, FeedForward.kind(), self._feed(), "out2"))

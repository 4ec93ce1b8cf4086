"""Fully connected layers."""
from __future__ import annotations

from typing import Any, ClassVar, cast

import torch
from torch import nn
from torch.nn import functional as F

from dlviz.layers.base import Weighted, integer, switch
from dlviz.layers.traits import Traits
from dlviz.shapes import Shape
from dlviz.translation import _n

NEURONS = _n("{count:,} neuron", "{count:,} neurons")


class TiedLinear(nn.Linear):
    """A Linear whose weights are the first rows of an embedding's table (Press, Wolf 2017); its own is the bias alone.

    As long as no embedding is named, numbers that nothing learns stand in for the table.
    """

    def __init__(self, in_features: int, out_features: int, bias: bool = True):
        nn.Module.__init__(self)
        self.in_features, self.out_features = in_features, out_features
        self.source: tuple[nn.Embedding, ...] = ()  # no child: the table is the embedding's, and counted there
        numbers = torch.arange(out_features * in_features, dtype=torch.float32).cos()
        self.register_buffer("stand_in", numbers.view(out_features, in_features), persistent=False)
        bound = in_features ** -0.5
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-bound, bound)) if bias else None

    def tie(self, embedding: nn.Embedding) -> None:
        """Take the weights from this embedding from now on."""
        self.source, self.stand_in = (embedding,), None
        embedding.tied = True  # pyright: ignore[reportArgumentType]  # a plain mark, no part of it

    @property
    def weight(self) -> torch.Tensor:  # pyright: ignore[reportIncompatibleVariableOverride]  # no parameter of its own
        """`(out_features, in_features)`."""
        return self.source[0].weight[:self.out_features] if self.source else cast(torch.Tensor, self.stand_in)

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """`(B, ..., in_features)` -> `(B, ..., out_features)`."""
        return F.linear(input, self.weight, self.bias)


class Linear(Weighted):
    """Every output is a weighted sum of all inputs plus a bias: a layer of classic neurons."""

    out_features: int = integer(128, 1, 16_384, "How many neurons, so how many numbers come out.")
    bias: bool = switch(True, "Add a learned number to each sum.")
    tied: bool = switch(False, "Take the weights from the embedding above, so that a symbol that goes in and one that "
                               "comes out are one vector (weight tying, Press and Wolf 2017).")
    family: ClassVar[str] = "dense"
    torch: ClassVar[type[nn.Module]] = nn.Linear
    takes: ClassVar[tuple[str, ...]] = ("vector", "sequence")
    formula: ClassVar[str] = r"y = W x + b"
    positional: ClassVar[tuple[str, ...]] = ("in_features", "out_features")
    plain: ClassVar[str] = "y = W x + b"
    backward: ClassVar[str] = ("Each unit sends its δ back through its weights; what one input gets from all units "
                               "adds up.")
    arithmetic: ClassVar[str] = "linear"
    width: ClassVar[str | None] = "out_features"
    templates: ClassVar[bool] = True
    weight_axes: ClassVar[tuple[str, ...]] = ("to_unit", "from_input")

    @classmethod
    def projection(cls, shape: Shape, target: Shape) -> dict[str, Any] | None:
        fits = shape.kind == target.kind and shape.kind in cls.takes and shape.axes[:-1] == target.axes[:-1]
        return {"out_features": target.axes[-1]} if fits else None

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        return {"in_features": shapes[0].axes[-1]} | self.own_fields("tied")

    def build(self, *shapes: Shape) -> nn.Module:
        return TiedLinear(**self.arguments(*shapes)) if self.tied else super().build(*shapes)

    def code(self, *shapes: Shape) -> str:
        written = super().code(*shapes)
        return written.replace("nn.Linear", TiedLinear.__name__) if self.tied else written

    @property
    def own(self) -> tuple[type, ...]:  # type: ignore[override]
        return (TiedLinear,) if self.tied else ()

    @property
    def alike(self) -> bool:  # type: ignore[override]
        return not self.tied and super().alike

    def gain(self, *shapes: Shape) -> float | None:
        return None if self.tied else super().gain(*shapes)

    def tied_table(self, *shapes: Shape) -> tuple[int, int] | None:
        return (self.out_features, shapes[0].axes[-1]) if self.tied else None

    def traits(self) -> Traits:
        return Traits(linear=True)

    def summary(self) -> str:
        return NEURONS(self.out_features)

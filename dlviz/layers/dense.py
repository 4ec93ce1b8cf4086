"""Fully connected layers."""
from __future__ import annotations

from typing import Any, ClassVar

from torch import nn

from dlviz.layers.base import Weighted, integer, switch
from dlviz.layers.traits import Traits
from dlviz.shapes import Shape
from dlviz.translation import _n

NEURONS = _n("{count:,} neuron", "{count:,} neurons")


class Linear(Weighted):
    """Every output is a weighted sum of all inputs plus a bias: a layer of classic neurons."""

    out_features: int = integer(128, 1, 16_384, "How many neurons, so how many numbers come out.")
    bias: bool = switch(True, "Add a learned number to each sum.")
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
        return {"in_features": shapes[0].axes[-1]} | self.own_fields()

    def traits(self) -> Traits:
        return Traits(linear=True)

    def summary(self) -> str:
        return NEURONS(self.out_features)

"""Layers that change the form and keep the numbers."""
from __future__ import annotations

import math
from typing import Any, ClassVar

from torch import nn

from dlviz.english import count
from dlviz.layers.base import Layer, integer
from dlviz.layers.sentences import article, refuse
from dlviz.layers.traits import Traits
from dlviz.shapes import Shape
from dlviz.translation import _


class Flatten(Layer):
    """Lays all numbers out in one long list, so that a fully connected layer can read them."""

    family: ClassVar[str] = "reshape"
    torch: ClassVar[type[nn.Module]] = nn.Flatten
    formula: ClassVar[str] = r"(C, H, W) \to (C \cdot H \cdot W)"
    converts: ClassVar[tuple[str, str] | None] = ("image", "vector")
    passes: ClassVar[bool] = True
    plain: ClassVar[str] = "the same numbers in one row"
    backward: ClassVar[str] = "The gradient is only put back into the form of the maps."

    def traits(self) -> Traits:
        return Traits(linear=True, order="tells")


class Unflatten(Layer):
    """Lays a long list of numbers out as an image, row by row; the reverse of Flatten. Its width follows."""

    channels: int = integer(1, 1, 1_024, "How many maps the image has.")
    height: int = integer(4, 1, 1_024, "Rows of the image. Its columns follow from how many numbers come in.")
    family: ClassVar[str] = "reshape"
    torch: ClassVar[type[nn.Module]] = nn.Unflatten
    takes: ClassVar[tuple[str, ...]] = ("vector",)
    formula: ClassVar[str] = r"(C \cdot H \cdot W) \to (C, H, W)"
    converts: ClassVar[tuple[str, str] | None] = ("vector", "image")
    passes: ClassVar[bool] = True
    positional: ClassVar[tuple[str, ...]] = ("dim", "unflattened_size")
    plain: ClassVar[str] = "the same numbers as maps"
    backward: ClassVar[str] = "The gradient is only laid out in one row again."

    @classmethod
    def conversion(cls, target: Shape) -> dict[str, Any]:
        return {"channels": target.axes[0], "height": target.axes[1]}

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        rows = self.channels * self.height
        return {"dim": 1, "unflattened_size": (self.channels, self.height, shapes[0].numel // rows)}

    def check(self, name: str, *shapes: Shape) -> None:
        rows, numbers = self.channels * self.height, shapes[0].numel
        if numbers % rows:
            fits = next(height for height in range(math.isqrt(numbers), 0, -1) if numbers % height == 0)
            raise refuse(self, name, _("lays its numbers out in {rows:,} equal rows", rows=rows),
                         _("it is given {shape}", shape=article(shapes[0])),
                         _("Choose channels and height so that their product divides {numbers:,}.", numbers=numbers),
                         channels=1,
                         height=fits)

    def traits(self) -> Traits:
        return Traits(linear=True, order="tells")

    def summary(self) -> str:
        return f"{count(self.channels, 'map')}, {count(self.height, 'row')}"


class Identity(Layer):
    """Passes everything on unchanged; a placeholder, or a name for a point in the network."""

    family: ClassVar[str] = "reshape"
    torch: ClassVar[type[nn.Module]] = nn.Identity
    takes: ClassVar[tuple[str, ...]] = ("vector", "image", "sequence", "tokens")
    formula: ClassVar[str] = r"y = x"
    passes: ClassVar[bool] = True
    placewise: ClassVar[bool] = True

    def traits(self) -> Traits:
        return Traits(linear=True)

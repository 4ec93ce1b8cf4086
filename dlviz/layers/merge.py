"""Layers that join two or more branches; their inputs are named."""
from __future__ import annotations

from typing import ClassVar, Literal

import torch
from torch import nn

from dlviz.layers.base import Layer
from dlviz.layers.sentences import article, refuse
from dlviz.layers.traits import Traits
from dlviz.shapes import Shape
from dlviz.translation import _


class _Sum(nn.Module):
    def forward(self, first: torch.Tensor, *others: torch.Tensor) -> torch.Tensor:
        """Two or more of one shape `(B, ...)` -> their sum `(B, ...)`."""
        for other in others:
            first = first + other
        return first


class _Join(nn.Module):
    def __init__(self, dim: int):
        super().__init__()
        self.dim = dim

    def forward(self, *parts: torch.Tensor) -> torch.Tensor:
        """Images `(B, C_i, H, W)` -> `(B, sum of C_i, H, W)`; vectors and sequences along their last axis."""
        return torch.cat(parts, self.dim)


def _can_be_joined(one: Shape, other: Shape) -> bool:
    """Both of one kind, and equal but for their channels (of a sequence: the numbers of each step)."""
    rest = slice(None, -1) if one.kind == "sequence" else slice(1, None)
    return one.kind == other.kind and one.axes[rest] == other.axes[rest]


class Add(Layer):
    """Adds its inputs number by number; a skip connection ends here."""

    family: ClassVar[str] = "merge"
    torch: ClassVar[type[nn.Module]] = _Sum
    arity: ClassVar[tuple[int, int | None]] = (2, None)
    formula: ClassVar[str] = r"y = x_1 + x_2 + \dots"
    joins: ClassVar[Literal["sum", "side by side"] | None] = "sum"
    plain: ClassVar[str] = "y = x₁ + x₂"
    backward: ClassVar[str] = "Both branches get the whole gradient: that is why skips keep it alive."

    def check(self, name: str, *shapes: Shape) -> None:
        for shape in shapes[1:]:
            if shape != shapes[0]:
                raise refuse(self, name, _("adds inputs of one and the same shape"),
                             _("it is given {first} and {second}", first=article(shapes[0]), second=article(shape)),
                             _("Bring both to one shape, or use Concat.") if _can_be_joined(shapes[0], shape) else
                             _("Bring both to one shape."))

    def traits(self) -> Traits:
        return Traits(linear=True)

    def code(self, *shapes: Shape) -> str:
        return ""

    def forward_code(self, attribute: str, inputs: list[str], *shapes: Shape) -> str:
        return " + ".join(inputs)


class Concat(Layer):
    """Lays its inputs side by side: channels of images, numbers of vectors and of each time step."""

    family: ClassVar[str] = "merge"
    torch: ClassVar[type[nn.Module]] = _Join
    arity: ClassVar[tuple[int, int | None]] = (2, None)
    formula: ClassVar[str] = r"y = [x_1;\; x_2;\; \dots]"
    joins: ClassVar[Literal["sum", "side by side"] | None] = "side by side"
    backward: ClassVar[str] = "Each branch gets its own part of the gradient back."

    def _dim(self, shape: Shape) -> int:
        return -1 if shape.kind == "sequence" else 1

    def build(self, *shapes: Shape) -> nn.Module:
        return _Join(self._dim(shapes[0]))

    def check(self, name: str, *shapes: Shape) -> None:
        for shape in shapes[1:]:
            if not _can_be_joined(shapes[0], shape):
                raise refuse(self, name, _("joins inputs that differ in their channels only"),
                             _("it is given {first} and {second}", first=article(shapes[0]), second=article(shape)),
                             _("Bring both to one height and width (or length) first."))

    def traits(self) -> Traits:
        return Traits(linear=True)

    def code(self, *shapes: Shape) -> str:
        return ""

    def forward_code(self, attribute: str, inputs: list[str], *shapes: Shape) -> str:
        return f"torch.cat([{', '.join(inputs)}], dim={self._dim(shapes[0])})"

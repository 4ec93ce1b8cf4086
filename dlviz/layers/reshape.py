"""Layers that change the form and keep the numbers."""
from __future__ import annotations

from typing import ClassVar

from torch import nn

from dlviz.layers.base import Layer
from dlviz.layers.traits import Traits


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

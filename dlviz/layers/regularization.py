"""Layers that make learning by heart harder; they act only while training."""
from __future__ import annotations

from typing import ClassVar

from torch import nn

from dlviz.layers.base import Layer, number
from dlviz.layers.traits import Traits
from dlviz.translation import _

OFF = _("{fraction:.0%} off")


class _Dropout(Layer):
    p: float = number(0.5, 0.0, 0.95, "Share of the numbers that are switched off at each training step.")
    family: ClassVar[str] = "regularization"
    formula: ClassVar[str] = r"y = \frac{m \odot x}{1-p}, \qquad m \sim \text{Bernoulli}(1-p)"
    positional: ClassVar[tuple[str, ...]] = ("p",)
    drop_field: ClassVar[str | None] = "p"
    passes: ClassVar[bool] = True
    placewise: ClassVar[bool] = True
    plain: ClassVar[str] = "y = x / (1 − p), or 0 where a unit is dropped"
    backward: ClassVar[str] = "Dropped units get no gradient in this step."
    passing: ClassVar[str] = "dropped: × 0, kept: × 1/(1 − p)"

    def traits(self) -> Traits:
        return Traits(linear=True, drops=self.p)

    def summary(self) -> str:
        return str(OFF).format(fraction=self.p)


class Dropout(_Dropout):
    """While training, switches off a random share of the numbers, so that none can be relied on alone."""

    torch: ClassVar[type[nn.Module]] = nn.Dropout


class Dropout2d(_Dropout):
    """While training, switches off whole feature maps at random."""

    torch: ClassVar[type[nn.Module]] = nn.Dropout2d
    takes: ClassVar[tuple[str, ...]] = ("image",)
    instead: ClassVar[dict[str, str]] = {"vector": "Dropout", "sequence": "Dropout"}

"""What a layer says of shapes that it could bring together; what `network.repairs` asks. Knows no particular layer."""
from __future__ import annotations

from typing import Any

from dlviz.shapes import Shape


class Fitting:
    """The fields with which a kind of layer makes one shape of another; by default it makes none."""

    @classmethod
    def projection(cls, shape: Shape, target: Shape) -> dict[str, Any] | None:
        """The fields with which it brings `shape` to `target` by weighted sums; None where it does no such thing."""
        return None

    @classmethod
    def growing(cls, shape: Shape, target: Shape) -> dict[str, Any] | None:
        """The fields with which it brings `shape` to a larger `target` by weighted sums; None where it cannot."""
        return None

    @classmethod
    def conversion(cls, target: Shape) -> dict[str, Any]:
        """Of a layer that makes another kind of input: the fields with which it makes `target` of so many numbers."""
        return {}

    @classmethod
    def accepted_input(cls, shape: Shape) -> Shape | None:
        """What it would take in the place of a `shape` that it refuses for its size; None where nothing is near."""
        return None

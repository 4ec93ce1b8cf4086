"""Pooling over images `(C, H, W)`."""
from __future__ import annotations

from typing import Any, ClassVar, Literal

from torch import nn

from dlviz.layers.base import Layer, integer
from dlviz.layers.sentences import article, refuse
from dlviz.layers.traits import Traits
from dlviz.shapes import Shape
from dlviz.translation import _

TO_SIZE = _("to {size} x {size}")


class _Pool2d(Layer):
    kernel_size: int = integer(2, 1, 31, "Height and width of the window, in pixels.")
    stride: int = integer(2, 1, 31, "How many pixels the window moves at a time.")
    padding: int = integer(0, 0, 15, "Rows and columns added around the image, half a window at most.")
    family: ClassVar[str] = "pooling"
    takes: ClassVar[tuple[str, ...]] = ("image",)
    positional: ClassVar[tuple[str, ...]] = ("kernel_size",)
    arithmetic: ClassVar[str] = "sliding"

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        values = self.model_dump()
        if self.stride == self.kernel_size:
            del values["stride"]  # torch's own default
        return values

    def check(self, name: str, *shapes: Shape) -> None:
        if self.padding > self.kernel_size // 2:
            raise refuse(self, name, _("takes a padding of half its window at most"),
                         _("padding is {padding} and the window {kernel_size}", padding=self.padding,
                           kernel_size=self.kernel_size),
                         _("Set padding to {kernel_size} or less.", kernel_size=self.kernel_size // 2),
                         padding=self.kernel_size // 2)
        smallest = min(shapes[0].axes[1:]) + 2 * self.padding
        if self.kernel_size > smallest:
            raise refuse(self, name,
                         _("looks at windows of {kernel_size} x {kernel_size}", kernel_size=self.kernel_size),
                         _("its input is only {shape}", shape=article(shapes[0])),
                         _("Make the window {smallest} or smaller, or remove this layer.", smallest=smallest),
                         kernel_size=smallest, padding=0)

    def summary(self) -> str:
        text = f"{self.kernel_size} x {self.kernel_size}"
        text += f", stride {self.stride}" if self.stride != self.kernel_size else ""
        return text + (f", padding {self.padding}" if self.padding else "")


class MaxPool2d(_Pool2d):
    """Keeps the largest number of each window, so the image gets smaller and the strongest signs stay."""

    torch: ClassVar[type[nn.Module]] = nn.MaxPool2d
    formula: ClassVar[str] = r"y_{c,i,j} = \max_{u,v}\; x_{c,\,si+u,\,sj+v}"
    plain: ClassVar[str] = "y = the largest of each window"
    backward: ClassVar[str] = "Only the winner of each window gets the gradient; the others did not matter."
    passing: ClassVar[str] = "the winner of its window is × 1, all others × 0"
    window: ClassVar[Literal["convolution", "max", "mean"] | None] = "max"


class AvgPool2d(_Pool2d):
    """Keeps the mean of each window, so the image gets smaller and softer."""

    torch: ClassVar[type[nn.Module]] = nn.AvgPool2d
    formula: ClassVar[str] = r"y_{c,i,j} = \frac{1}{k^2}\sum_{u,v} x_{c,\,si+u,\,sj+v}"
    plain: ClassVar[str] = "y = the mean of each window"
    backward: ClassVar[str] = "Every number of a window gets an equal part of the gradient."
    passing: ClassVar[str] = "its share of the window's mean"
    window: ClassVar[Literal["convolution", "max", "mean"] | None] = "mean"

    def traits(self) -> Traits:
        return Traits(linear=True)


class AdaptiveAvgPool2d(Layer):
    """Averages every map down to a fixed size, whatever the size that comes in."""

    output_size: int = integer(1, 1, 64, "Height and width of what comes out; 1 gives one number a map.")
    family: ClassVar[str] = "pooling"
    torch: ClassVar[type[nn.Module]] = nn.AdaptiveAvgPool2d
    takes: ClassVar[tuple[str, ...]] = ("image",)
    formula: ClassVar[str] = r"y_{c,i,j} = \operatorname{mean}\; x_{c,\ \text{cell }(i,j)}"
    plain: ClassVar[str] = "y = the mean of each cell"
    backward: ClassVar[str] = "Every number of a cell gets an equal part of the gradient."
    positional: ClassVar[tuple[str, ...]] = ("output_size",)

    def traits(self) -> Traits:
        return Traits(linear=True)

    def summary(self) -> str:
        return str(TO_SIZE).format(size=self.output_size)

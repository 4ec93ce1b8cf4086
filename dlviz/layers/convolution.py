"""Convolutions over images `(C, H, W)`."""
from __future__ import annotations

from typing import Any, ClassVar, Literal

from torch import nn

from dlviz.layers import sizing
from dlviz.layers.base import Weighted, integer, switch
from dlviz.layers.sentences import article, refuse
from dlviz.layers.traits import Traits
from dlviz.shapes import Shape
from dlviz.translation import _, _n

FILTERS = _n("{count:,} filter {size} x {size}", "{count:,} filters {size} x {size}")
MAPS = _n("{count:,} map, {size} x {size}, stride {stride}", "{count:,} maps, {size} x {size}, stride {stride}")


class Conv2d(Weighted):
    """Slides small filters over the image; each filter makes one map of where its pattern was found."""

    out_channels: int = integer(16, 1, 1_024, "How many filters, so how many feature maps come out.")
    kernel_size: int = integer(3, 1, 31, "Height and width of a filter, in pixels.")
    stride: int = integer(1, 1, 16, "How many pixels the filter moves at a time.")
    padding: int = integer(0, 0, 32, "Rows and columns of zeros added around the image.")
    dilation: int = integer(1, 1, 16, "Gap between the pixels that a filter looks at; 1 is none.")
    groups: int = integer(1, 1, 1_024, "Parts into which the channels are split, each with its own filters.")
    bias: bool = switch(True, "Add a learned number to each map.")
    family: ClassVar[str] = "convolution"
    torch: ClassVar[type[nn.Module]] = nn.Conv2d
    takes: ClassVar[tuple[str, ...]] = ("image",)
    formula: ClassVar[str] = r"y_{o,i,j} = b_o + \sum_{c,u,v} w_{o,c,u,v}\; x_{c,\,i+u,\,j+v}"
    positional: ClassVar[tuple[str, ...]] = ("in_channels", "out_channels")
    plain: ClassVar[str] = "y = Σ w · x + b, for each window"
    backward: ClassVar[str] = ("Each δ goes back through the kernel to all pixels that its window covered, and adds up "
                               "there.")
    arithmetic: ClassVar[str] = "sliding"
    window: ClassVar[Literal["convolution", "max", "mean"] | None] = "convolution"
    width: ClassVar[str | None] = "out_channels"
    templates: ClassVar[bool] = True
    weight_axes: ClassVar[tuple[str, ...]] = ("filter", "channel", "row", "column")

    @classmethod
    def projection(cls, shape: Shape, target: Shape) -> dict[str, Any] | None:
        """A 1 x 1 convolution, with a stride (and, where it must be, a larger kernel) for a smaller image."""
        if shape.kind != "image" or target.kind != "image":
            return None
        fields = {"out_channels": target.axes[0], "kernel_size": 1}
        if shape.axes[1:] == target.axes[1:]:
            return fields
        kernel, stride = sizing.window(shape.axes[1:], target.axes[1:])
        return fields | {"padding": 0, "kernel_size": kernel, "stride": stride}

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        return {"in_channels": shapes[0].axes[0]} | self.own_fields()

    def check(self, name: str, *shapes: Shape) -> None:
        channels, height, width = shapes[0].axes
        if channels % self.groups or self.out_channels % self.groups:
            raise refuse(self, name,
                         _n("splits its channels into {count:,} equal group", "splits its channels into {count:,} "
                            "equal groups", count=self.groups),
                         _n("{count} goes in and {out_channels} come out", "{count} go in and {out_channels} come out",
                            count=channels, out_channels=self.out_channels),
                         _("Choose groups that divides both, for instance 1."), groups=1)
        reach = self.dilation * (self.kernel_size - 1) + 1
        smallest = min(height, width) + 2 * self.padding
        if reach > smallest:
            fits = max(1, (smallest - 1) // self.dilation + 1)
            raise refuse(self, name, _("looks at windows of {reach} x {reach}", reach=reach),
                         _("its input is only {shape} with padding", shape=article(shapes[0])) if self.padding else
                         _("its input is only {shape}", shape=article(shapes[0])),
                         _("Make the kernel {fits} or smaller, or keep the image larger.", fits=fits), kernel_size=fits)

    def traits(self) -> Traits:
        return Traits(linear=True)

    def summary(self) -> str:
        text = FILTERS(self.out_channels, size=self.kernel_size)
        extras = [f"{word} {value}" for word, value, usual in (
            ("stride", self.stride, 1), ("padding", self.padding, 0), ("dilation", self.dilation, 1),
            ("groups", self.groups, 1)) if value != usual]
        return ", ".join([text, *extras])


class ConvTranspose2d(Weighted):
    """A convolution run backwards: each pixel is spread out over a window, so the image grows."""

    out_channels: int = integer(16, 1, 1_024, "How many maps come out.")
    kernel_size: int = integer(2, 1, 31, "Height and width of the window that one pixel is spread over.")
    stride: int = integer(2, 1, 16, "By how much the image grows.")
    padding: int = integer(0, 0, 32, "Rows and columns cut off around the result.")
    output_padding: int = integer(0, 0, 15, "Rows and columns added at one side of the result.")
    dilation: int = integer(1, 1, 16, "Gap between the pixels of the window; 1 is none.")
    groups: int = integer(1, 1, 1_024, "Parts into which the channels are split.")
    bias: bool = switch(True, "Add a learned number to each map.")
    family: ClassVar[str] = "convolution"
    torch: ClassVar[type[nn.Module]] = nn.ConvTranspose2d
    takes: ClassVar[tuple[str, ...]] = ("image",)
    formula: ClassVar[str] = r"y_{o,\,si+u,\,sj+v} \mathrel{+}= w_{c,o,u,v}\; x_{c,i,j}"
    positional: ClassVar[tuple[str, ...]] = ("in_channels", "out_channels")
    width: ClassVar[str | None] = "out_channels"
    weight_axes: ClassVar[tuple[str, ...]] = ("from_channel", "to_channel", "row", "column")

    @classmethod
    def growing(cls, shape: Shape, target: Shape) -> dict[str, Any] | None:
        """By a whole factor where that comes out even, else by a window that adds a margin."""
        if shape.kind != "image" or target.kind != "image":
            return None
        factors = {large // small for small, large in zip(shape.axes[1:], target.axes[1:]) if large % small == 0}
        margins = {large - small for small, large in zip(shape.axes[1:], target.axes[1:])}
        even = [large % small == 0 for small, large in zip(shape.axes[1:], target.axes[1:])]
        if all(even) and len(factors) == 1 and 1 < min(factors) <= 16:
            return {"out_channels": target.axes[0], "kernel_size": min(factors), "stride": min(factors)}
        if len(margins) == 1 and 0 < min(margins) <= 30:
            return {"out_channels": target.axes[0], "kernel_size": min(margins) + 1, "stride": 1}
        return None

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        return {"in_channels": shapes[0].axes[0]} | self.own_fields()

    def check(self, name: str, *shapes: Shape) -> None:
        channels, height, width = shapes[0].axes
        if channels % self.groups or self.out_channels % self.groups:
            raise refuse(self, name,
                         _n("splits its channels into {count:,} equal group", "splits its channels into {count:,} "
                            "equal groups", count=self.groups),
                         _n("{count} goes in and {out_channels} come out", "{count} go in and {out_channels} come out",
                            count=channels, out_channels=self.out_channels),
                         _("Choose groups that divides both, for instance 1."), groups=1)
        if self.output_padding >= max(self.stride, self.dilation):
            raise refuse(self, name, _("needs an output_padding smaller than its stride or dilation"),
                         _("it is {output_padding}", output_padding=self.output_padding), _("Set output_padding to 0."),
                         output_padding=0)
        side = (min(height, width) - 1) * self.stride + self.dilation * (self.kernel_size - 1) + 1
        if side + self.output_padding <= 2 * self.padding:
            raise refuse(self, name, _("must give an image of at least one pixel"),
                         _("padding {padding} cuts all of it off", padding=self.padding), _("Set padding to 0."),
                         padding=0)

    def traits(self) -> Traits:
        return Traits(linear=True)

    def summary(self) -> str:
        text = MAPS(self.out_channels, size=self.kernel_size, stride=self.stride)
        return text + (f", padding {self.padding}" if self.padding else "")

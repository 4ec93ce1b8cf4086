"""Layers for tokens `(T)` and sequences `(T, D)` that are neither recurrent nor attention."""
from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

import torch
from pydantic import Field
from torch import nn

from dlviz.layers import sizing
from dlviz.layers.base import Layer, Weighted, integer, switch
from dlviz.layers.reshape import Identity
from dlviz.layers.sentences import article, refuse
from dlviz.layers.traits import Traits
from dlviz.shapes import Shape
from dlviz.translation import _, _n

NUMBERS = _n("{count:,} number a symbol", "{count:,} numbers a symbol")
FILTERS = _n("{count:,} filter of {size}", "{count:,} filters of {size}")
STEPS = _n("{count:,} step becomes one", "{count:,} steps become one")


class PositionTable(nn.Module):
    """Adds to each time step a vector that says where it stands: `(B, T, D)` to the same."""

    def __init__(self, length: int, width: int, kind: str = "sinusoidal"):
        super().__init__()
        if kind == "learned":
            self.table = nn.Parameter(0.02 * torch.randn(length, width))
        else:
            self.register_buffer("table", self.waves(length, width) * (kind == "sinusoidal"), persistent=False)

    @staticmethod
    def waves(length: int, width: int) -> torch.Tensor:
        """Sines and cosines of slower and slower waves (Vaswani et al. 2017, section 3.5), `(T, D)`."""
        step = torch.arange(length)[:, None]
        rate = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000.0) / width))
        table = torch.zeros(length, width)
        table[:, 0::2] = torch.sin(step * rate)
        table[:, 1::2] = torch.cos(step * rate[: width // 2])
        return table

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """`(B, T, D)` -> `(B, T, D)`."""
        return x + self.table[: x.shape[1]]


class TimePooling(nn.Module):
    """One vector for a whole sequence: `(B, T, D)` to `(B, D)`."""

    def __init__(self, mode: str):
        super().__init__()
        self.mode = mode
        self.every_step = mode != "last"  # whether all steps count; `probes.unfolding` changes it for a while

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """`(B, T, D)` -> `(B, D)`; `(B, T, D)` as it is while every step is asked for."""
        if self.mode == "last":
            return x if self.every_step else x[:, -1]
        return x.mean(1) if self.mode == "mean" else x.amax(1)


class TimeConv1d(nn.Conv1d):
    """`nn.Conv1d` for sequences with time first: `(B, T, D)` to `(B, T', D')`."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """`(B, T, D)` -> `(B, T', D')`."""
        return super().forward(input.transpose(1, 2)).transpose(1, 2)


class TimeMaxPool1d(nn.MaxPool1d):
    """`nn.MaxPool1d` for sequences with time first: `(B, T, D)` to `(B, T', D)`."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """`(B, T, D)` -> `(B, T', D)`."""
        return torch.max_pool1d(input.transpose(1, 2), self.kernel_size, self.stride, self.padding, self.dilation,
                                self.ceil_mode).transpose(1, 2)


class Embedding(Weighted):
    """Looks up a learned vector for every symbol, so that a network can calculate with symbols."""

    embedding_dim: int = integer(32, 1, 1_024, "How many numbers stand for one symbol.")
    family: ClassVar[str] = "sequence"
    torch: ClassVar[type[nn.Module]] = nn.Embedding
    takes: ClassVar[tuple[str, ...]] = ("tokens",)
    formula: ClassVar[str] = r"y_t = E_{x_t}"
    positional: ClassVar[tuple[str, ...]] = ("num_embeddings", "embedding_dim")
    converts: ClassVar[tuple[str, str] | None] = ("tokens", "sequence")
    width: ClassVar[str | None] = "embedding_dim"
    weight_axes: ClassVar[tuple[str, ...]] = ("symbol", "feature")
    plain: ClassVar[str] = "y = row of the table for the symbol"
    backward: ClassVar[str] = "The gradient ends in the rows of the symbols that came in; the others stay as they are."

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        return {"num_embeddings": shapes[0].vocabulary} | self.own_fields()

    def traits(self) -> Traits:
        return Traits(linear=True)

    def summary(self) -> str:
        return NUMBERS(self.embedding_dim)


class PositionalEncoding(Layer):
    """Adds to each step a pattern that says where it stands; attention alone does not know the order."""

    encoding: Literal["sinusoidal", "learned", "none"] = Field(
        "sinusoidal", description="Fixed waves, learned vectors, or nothing at all (to see what is missing then).")
    family: ClassVar[str] = "sequence"
    torch: ClassVar[type[nn.Module]] = PositionTable
    own: ClassVar[tuple[type, ...]] = (PositionTable,)
    takes: ClassVar[tuple[str, ...]] = ("sequence",)
    formula: ClassVar[str] = (
        r"y_{t,2k} = x_{t,2k} + \sin(t / 10000^{2k/D}), \quad y_{t,2k+1} = x_{t,2k+1} + \cos(\dots)"
    )
    positional: ClassVar[tuple[str, ...]] = ("length", "width")
    position_field: ClassVar[str | None] = "encoding"
    short: ClassVar[str] = "position"
    plain: ClassVar[str] = "y = x + the pattern of the place"

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        length, width = shapes[0].axes
        return {"length": length, "width": width, "kind": self.encoding}

    def traits(self) -> Traits:
        return Traits(linear=True, order=None if self.encoding == "none" else "tells")

    def summary(self) -> str:
        return self.encoding


class TimePool(Layer):
    """Makes one vector of a whole sequence: its last step, its mean, or its largest numbers."""

    mode: Literal["last", "mean", "max"] = Field(default="mean", description="What is kept of all the time steps.")
    family: ClassVar[str] = "sequence"
    torch: ClassVar[type[nn.Module]] = TimePooling
    takes: ClassVar[tuple[str, ...]] = ("sequence",)
    formula: ClassVar[str] = r"(T, D) \to (D)"
    converts: ClassVar[tuple[str, str] | None] = ("sequence", "vector")

    def code(self, *shapes: Shape) -> str:
        return ""

    def forward_code(self, attribute: str, inputs: list[str], *shapes: Shape) -> str:
        return inputs[0] + {"last": "[:, -1]", "mean": ".mean(dim=1)", "max": ".amax(dim=1)"}[self.mode]

    def traits(self) -> Traits:
        return Traits(linear=self.mode != "max")

    def every_step(self) -> tuple[str, dict[str, Any]] | None:
        return (Identity.kind(), {}) if self.mode == "last" else None

    def summary(self) -> str:
        return self.mode


class Conv1d(Weighted):
    """Slides small filters along time; each finds one pattern in neighbouring steps."""

    out_channels: int = integer(32, 1, 1_024, "How many filters, so how many numbers each step has afterwards.")
    kernel_size: int = integer(3, 1, 63, "How many neighbouring steps a filter sees.")
    stride: int = integer(1, 1, 16, "How many steps the filter moves at a time.")
    padding: int = integer(1, 0, 64, "Steps of zeros added at both ends.")
    dilation: int = integer(1, 1, 32, "Gap between the steps that a filter looks at; 1 is none.")
    bias: bool = switch(True, "Add a learned number to each output.")
    family: ClassVar[str] = "convolution"
    torch: ClassVar[type[nn.Module]] = nn.Conv1d
    takes: ClassVar[tuple[str, ...]] = ("sequence",)
    formula: ClassVar[str] = r"y_{t,o} = b_o + \sum_{c,u} w_{o,c,u}\; x_{t+u,\,c}"
    positional: ClassVar[tuple[str, ...]] = ("in_channels", "out_channels")
    width: ClassVar[str | None] = "out_channels"
    weight_axes: ClassVar[tuple[str, ...]] = ("filter", "feature", "step")
    plain: ClassVar[str] = "y = Σ w · x + b, for each window"

    @classmethod
    def projection(cls, shape: Shape, target: Shape) -> dict[str, Any] | None:
        """A kernel of one step, with a stride (and, where it must be, a longer kernel) for a shorter sequence."""
        if shape.kind != "sequence" or target.kind != "sequence":
            return None
        kernel, stride = sizing.window(shape.axes[:1], target.axes[:1])
        return {"out_channels": target.axes[-1], "kernel_size": kernel, "padding": 0, "stride": stride}

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        return {"in_channels": shapes[0].axes[-1]} | self.own_fields()

    def build(self, *shapes: Shape) -> nn.Module:
        return TimeConv1d(**self.arguments(*shapes))

    def check(self, name: str, *shapes: Shape) -> None:
        reach = self.dilation * (self.kernel_size - 1) + 1
        length = shapes[0].axes[0] + 2 * self.padding
        if reach > length:
            fits = max(1, (length - 1) // self.dilation + 1)
            raise refuse(self, name, _n("looks at {count:,} step at a time", "looks at {count:,} steps at a time",
                                        count=reach),
                         _("its input is only {shape}", shape=article(shapes[0])),
                         _("Make the kernel {fits} or smaller.", fits=fits), kernel_size=fits)

    def forward_code(self, attribute: str, inputs: list[str], *shapes: Shape) -> str:
        return f"self.{attribute}({inputs[0]}.transpose(1, 2)).transpose(1, 2)"

    def traits(self) -> Traits:
        return Traits(linear=True, order="tells" if self.kernel_size > 1 else None)

    def summary(self) -> str:
        text = FILTERS(self.out_channels, size=self.kernel_size)
        return text + (f", stride {self.stride}" if self.stride > 1 else "")


class MaxPool1d(Layer):
    """Keeps the largest numbers of neighbouring steps, so the sequence gets shorter."""

    kernel_size: int = integer(2, 1, 63, "How many neighbouring steps become one.")
    stride: int = integer(2, 1, 63, "How many steps the window moves at a time.")
    padding: int = integer(0, 0, 31, "Steps added at both ends, half a window at most.")
    family: ClassVar[str] = "pooling"
    torch: ClassVar[type[nn.Module]] = nn.MaxPool1d
    takes: ClassVar[tuple[str, ...]] = ("sequence",)
    formula: ClassVar[str] = r"y_{t,c} = \max_u\; x_{st+u,\,c}"
    positional: ClassVar[tuple[str, ...]] = ("kernel_size",)

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        values = self.model_dump()
        if self.stride == self.kernel_size:
            del values["stride"]
        return values

    def build(self, *shapes: Shape) -> nn.Module:
        return TimeMaxPool1d(**self.arguments(*shapes))

    def check(self, name: str, *shapes: Shape) -> None:
        if self.padding > self.kernel_size // 2:
            raise refuse(self, name, _("takes a padding of half its window at most"),
                         _("padding is {padding} and the window {kernel_size}", padding=self.padding,
                           kernel_size=self.kernel_size),
                         _("Set padding to {kernel_size} or less.", kernel_size=self.kernel_size // 2),
                         padding=self.kernel_size // 2)
        length = shapes[0].axes[0] + 2 * self.padding
        if self.kernel_size > length:
            raise refuse(self, name, _n("looks at {count:,} step at a time", "looks at {count:,} steps at a time",
                                        count=self.kernel_size),
                         _("its input is only {shape}", shape=article(shapes[0])),
                         _("Make the window {length} or smaller.", length=length),
                         kernel_size=length, padding=0)

    def forward_code(self, attribute: str, inputs: list[str], *shapes: Shape) -> str:
        return f"self.{attribute}({inputs[0]}.transpose(1, 2)).transpose(1, 2)"

    def summary(self) -> str:
        return STEPS(self.kernel_size)

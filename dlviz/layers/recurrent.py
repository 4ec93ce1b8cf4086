"""Layers with a memory: they read a sequence `(T, D)` step by step and keep a hidden state."""
from __future__ import annotations

from typing import Any, ClassVar, Literal

import torch
from pydantic import Field
from torch import nn

from dlviz.layers.base import Weighted, integer, literal, number, switch
from dlviz.layers.cells import GRU_CELL, LSTM_CELL, RELU_CELL, TANH_CELL, Cell
from dlviz.layers.sentences import refuse
from dlviz.layers.traits import Traits
from dlviz.shapes import Shape
from dlviz.translation import _, _n

UNITS, LAYERS = _n("{count:,} unit", "{count:,} units"), _n("{count:,} layer", "{count:,} layers")
BOTH_DIRECTIONS = _("both directions")


class _Reading(nn.RNNBase):
    """One of torch's recurrent modules that gives only what the next layer takes, and not its states beside it."""

    every_step = True

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """`(B, T, D)` -> `(B, T, H)`, or of the last step `(B, H)`; in both directions 2H in place of H."""
        out: torch.Tensor
        state: torch.Tensor | tuple[torch.Tensor, torch.Tensor]
        out, state = super().forward(x)
        if self.every_step:
            return out
        hidden = state[0] if isinstance(state, tuple) else state
        return hidden[-2:].transpose(0, 1).flatten(1) if self.bidirectional else hidden[-1]


# torch's own `forward` also takes a first state and packed sequences: nobody here gives them any
class ReadingRNN(_Reading, nn.RNN):  # pyright: ignore[reportIncompatibleMethodOverride]  # see above
    """`nn.RNN` (Elman 1990)."""


class ReadingLSTM(_Reading, nn.LSTM):  # pyright: ignore[reportIncompatibleMethodOverride]  # see above
    """`nn.LSTM` (Hochreiter, Schmidhuber 1997)."""


class ReadingGRU(_Reading, nn.GRU):  # pyright: ignore[reportIncompatibleMethodOverride]  # see above
    """`nn.GRU` (Cho et al. 2014)."""


class _Recurrent(Weighted):
    hidden_size: int = integer(32, 1, 1_024, "How many numbers the hidden state holds: the size of the memory.")
    num_layers: int = integer(1, 1, 8, "How many of these are stacked, each reading the states of the one below.")
    bidirectional: bool = switch(False, "Read a second time from the end, and give both states.")
    dropout: float = number(0.0, 0.0, 0.9, "Share switched off between stacked layers while training.")
    output: Literal["every step", "last step"] = Field(default="every step",
                                                       description="Give the state after every step, "
                                                       "or only the one after the last.")
    family: ClassVar[str] = "recurrent"
    takes: ClassVar[tuple[str, ...]] = ("sequence",)
    positional: ClassVar[tuple[str, ...]] = ("input_size", "hidden_size")
    stepwise: ClassVar[bool] = True
    recurrent: ClassVar[bool] = True
    width: ClassVar[str | None] = "hidden_size"
    drop_field: ClassVar[str | None] = "dropout"
    weight_axes: ClassVar[tuple[str, ...]] = ("gate_row", "from")
    backward: ClassVar[str] = ("The gradient walks back through time, step by step; the gates decide how much "
                               "survives.")
    reading: ClassVar[type[nn.RNNBase]]
    own_cell: ClassVar[Cell]

    @classmethod
    def cell(cls, module: nn.Module) -> Cell:
        return cls.own_cell

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        own = self.own_fields("output")
        return {"input_size": shapes[0].axes[-1], "hidden_size": own.pop("hidden_size")} | own | {"batch_first": True}

    def build(self, *shapes: Shape) -> nn.Module:
        module = self.reading(**self.arguments(*shapes))
        module.every_step = self.output == "every step"
        return module

    def code(self, *shapes: Shape) -> str:
        values = self.arguments(*shapes)
        usual = {"num_layers": 1, "bidirectional": False, "dropout": 0.0, "nonlinearity": "tanh"}
        parts = [literal(values.pop(name)) for name in self.positional]
        parts += [f"{name}={literal(value)}" for name, value in values.items() if usual.get(name) != value]
        return f"nn.{self.torch.__name__}({', '.join(parts)})"

    def every_step(self) -> tuple[str, dict[str, Any]] | None:
        last = self.output == "last step"
        return (self.kind(), {**self.model_dump(), "output": "every step"}) if last else None

    def looking_back(self) -> tuple[dict[str, Any], ...]:
        one_way = {"bidirectional": False}
        return (one_way, one_way | {"hidden_size": 2 * self.hidden_size}) if self.bidirectional else ()

    def traits(self) -> Traits:
        return Traits(bounds=(-1.0, 1.0), flat=("low", "high"), drops=self.dropout, order="tells")

    def check(self, name: str, *shapes: Shape) -> None:
        if self.dropout and self.num_layers == 1:
            raise refuse(self, name, _("drops out between stacked layers"),
                         _("num_layers is 1, so there is no between"),
                         _("Set dropout to 0, or stack two or more."), dropout=0.0)

    def forward_code(self, attribute: str, inputs: list[str], *shapes: Shape) -> str:
        call = f"self.{attribute}({inputs[0]})"
        if self.output == "every step":
            return f"{call}[0]"
        hidden = f"{call}[1][0]" if self.torch is nn.LSTM else f"{call}[1]"
        return f"{hidden}[-2:].transpose(0, 1).flatten(1)" if self.bidirectional else f"{hidden}[-1]"

    def summary(self) -> str:
        parts = [UNITS(self.hidden_size)]
        parts += [LAYERS(self.num_layers)] if self.num_layers > 1 else []
        parts += [str(BOTH_DIRECTIONS)] if self.bidirectional else []
        return ", ".join([*parts, self.output])


class RNN(_Recurrent):
    """Mixes each step of the sequence with its memory of the steps before; forgets what is long ago."""

    nonlinearity: Literal["tanh", "relu"] = Field(default="tanh",
                                                  description="The function that keeps the state in bounds.")
    torch: ClassVar[type[nn.Module]] = nn.RNN
    reading: ClassVar[type[nn.RNNBase]] = ReadingRNN
    own_cell: ClassVar[Cell] = TANH_CELL
    formula: ClassVar[str] = r"h_t = \tanh(W x_t + U h_{t-1} + b)"
    backward: ClassVar[str] = ("The gradient walks back through time, times the same weights at each step: it easily "
                               "vanishes or explodes.")

    @classmethod
    def cell(cls, module: nn.Module) -> Cell:
        return cls.own_cell if module.nonlinearity == "tanh" else RELU_CELL

    def traits(self) -> Traits:
        if self.nonlinearity == "tanh":
            return super().traits()
        return Traits(drops=self.dropout, off=True, flat=("low",), order="tells")


class LSTM(_Recurrent):
    """An RNN with a second, protected memory and gates that decide what enters, what stays and what is shown."""

    torch: ClassVar[type[nn.Module]] = nn.LSTM
    reading: ClassVar[type[nn.RNNBase]] = ReadingLSTM
    own_cell: ClassVar[Cell] = LSTM_CELL
    formula: ClassVar[str] = (r"\begin{aligned} i,f,o &= \sigma(W x_t + U h_{t-1} + b) \\ c_t &= f \odot c_{t-1} + "
                              r"i \odot \tanh(W_g x_t + U_g h_{t-1} + b_g) \\ h_t &= o \odot \tanh(c_t) \end{aligned}")


class GRU(_Recurrent):
    """A lighter LSTM: one gate decides how much of the memory is renewed, another what of it is used."""

    torch: ClassVar[type[nn.Module]] = nn.GRU
    reading: ClassVar[type[nn.RNNBase]] = ReadingGRU
    own_cell: ClassVar[Cell] = GRU_CELL
    formula: ClassVar[str] = (r"\begin{aligned} r,z &= \sigma(W x_t + U h_{t-1} + b) \\ n &= \tanh(W_n x_t + "
                              r"r \odot U_n h_{t-1} + b_n) \\ h_t &= (1-z) \odot n + z \odot h_{t-1} \end{aligned}")

"""What a layer is: one declaration from which palette, form, checks, network and exported code all follow.

Knows no particular layer, no network and no task.
"""
from __future__ import annotations

import inspect
import json
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, cast

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import nn

from dlviz import translation
from dlviz.layers import initialisation
from dlviz.layers.cells import Cell
from dlviz.layers.fitting import Fitting
from dlviz.layers.initialisation import Init, initialise
from dlviz.layers.traits import Traits
from dlviz.shapes import Shape


@dataclass(frozen=True)
class Part:
    """One layer inside a block that can be opened.

    Args:
        suffix: what its name ends with, after the block's own.
        inputs: suffixes of other parts; `0` and `1` are the block's first and second input.
    """

    suffix: str
    kind: str
    fields: dict[str, Any]
    inputs: tuple[str, ...]


class Layer(Fitting, BaseModel):
    """One kind of layer. A subclass declares its fields; its docstring's first line explains it to a newcomer.

    Class attributes:
        family: key of `families.FAMILIES`; decides colour and place in the palette.
        torch: the `torch.nn` class that does the work.
        takes: the kinds of input that it accepts.
        arity: fewest and most inputs; None for any number.
        formula: what it computes, in LaTeX.
        positional: arguments written without their names in exported code.
        own: dlviz's classes whose source exported code must contain, in this order.
        instead: for a kind that it does not take, the layer that does the same for that kind.
        stepwise: whether it does the same work at each step of its sequence, one after the other.
        usual: whether it is the one to take of its family where nothing else is known.
        short: what it is called inside an opened block; its `stem` if empty.
        plain: what it computes, as plain text. backward: how a gradient comes back through it, in a sentence.
        arithmetic: the form in which Slow motion shows its numbers, a key of `probes.arithmetic.FORMS`; empty for none.
        window: what it makes of a window that slides over maps: `convolution`, `max` or `mean`.
        width: the field that says how many numbers (units, channels) it gives.
        converts: from which kind of input it makes which other kind, and nothing else.
        joins: how it brings its inputs together: it adds them as `sum`, or lays them `side by side`.
        drop_field: the field that says which share of the numbers it switches off while training.
        position_field: the field that says how it tells the steps where they stand.
        passes: in use it hands on the very numbers that came, at most in another form.
        placewise: each place of an image is worked out from that place alone.
        templates: a row of its weights can be laid over what it sees, as a picture.
        drawn: how its first weights are drawn can be chosen.
        recurrent: it carries a state from step to step. attends: its steps look at other steps.
        batch_statistics: it normalizes with mean and spread of the batch. costs: its module adds a `cost` to the loss.
        passing: what it multiplies a gradient by on the way back, in words, where that is no slope of a curve.
        weight_axes: what the axes of its `weight` are, a key of Slow motion's texts for each (or a word of its own).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
    family: ClassVar[str]
    torch: ClassVar[type[nn.Module]]
    takes: ClassVar[tuple[str, ...]] = ("vector", "image", "sequence")
    arity: ClassVar[tuple[int, int | None]] = (1, 1)
    formula: ClassVar[str] = ""
    positional: ClassVar[tuple[str, ...]] = ()
    own: ClassVar[tuple[type, ...]] = ()
    instead: ClassVar[dict[str, str]] = {}
    stepwise: ClassVar[bool] = False
    usual: ClassVar[bool] = False
    short: ClassVar[str] = ""
    plain: ClassVar[str] = ""
    backward: ClassVar[str] = ""
    passing: ClassVar[str] = ""
    arithmetic: ClassVar[str] = ""
    window: ClassVar[Literal["convolution", "max", "mean"] | None] = None
    width: ClassVar[str | None] = None
    converts: ClassVar[tuple[str, str] | None] = None
    joins: ClassVar[Literal["sum", "side by side"] | None] = None
    drop_field: ClassVar[str | None] = None
    position_field: ClassVar[str | None] = None
    passes: ClassVar[bool] = False
    placewise: ClassVar[bool] = False
    templates: ClassVar[bool] = False
    drawn: ClassVar[bool] = False
    recurrent: ClassVar[bool] = False
    attends: ClassVar[bool] = False
    batch_statistics: ClassVar[bool] = False
    costs: ClassVar[bool] = False
    weight_axes: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def kind(cls) -> str:
        """What the layer is called in designs: the name of its class."""
        return cls.__name__

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        translation.declares(cls, "plain", "backward", "passing")

    @classmethod
    def sentence(cls) -> str:
        """What it does, in a sentence for a newcomer."""
        return translation.sentence(cls)

    @classmethod
    def stem(cls) -> str:
        """What new layers of this kind are called, before a number is added."""
        return re.sub(r"\dd$", "", cls.__name__).lower()

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        """Arguments of the torch class for these input shapes; sizes of the input are inferred here."""
        return self.model_dump()

    def build(self, *shapes: Shape) -> nn.Module:
        """The module, on the current default device, for inputs of these shapes."""
        return self.torch(**self.arguments(*shapes))

    def traits(self) -> Traits:
        """What others need to know of it with its fields as they are."""
        return Traits()

    @classmethod
    def slopes(cls, module: nn.Module, output: torch.Tensor) -> torch.Tensor | None:
        """Of a function that is flat at both ends: its slope where it gave `output`; None where that does not say."""
        return None

    @classmethod
    def group(cls, module: nn.Module, x: torch.Tensor, sample: int, place: tuple[int, ...]) -> tuple[torch.Tensor, str]:
        """Of a norm: the numbers of its input `x` `(B, ...)` that mean and spread of the number at `place` of a sample
        are taken over, and the same in words."""
        raise NotImplementedError

    @classmethod
    def learned(cls, parameter: torch.Tensor, place: tuple[int, ...]) -> float:
        """Of a norm: the scale or shift of the number at `place`; by default one for each channel."""
        return float(parameter.detach()[place[:1]])

    @classmethod
    def cell(cls, module: nn.Module) -> Cell:
        """Of a recurrent layer: what it does in one step."""
        raise NotImplementedError

    alike: ClassVar[bool] = False  # whether its units cannot become different, since all start with the same weights

    def gain(self, *shapes: Shape) -> float | None:
        """Spread of its first sums for inputs of spread 1, where its first weights are of a chosen spread.

        About 1 keeps numbers as large as they came (sqrt(2) before a ReLU, He 2015). None where it follows from
        the layer's sizes by itself, or there are no weights.
        """
        return None

    def check(self, name: str, *shapes: Shape) -> None:
        """Raise LayerError for what torch would refuse or, worse, accept silently. `name` is the user's."""

    def tied_table(self, *shapes: Shape) -> tuple[int, int] | None:
        """Of a layer that takes its weights from an embedding above: the rows and the width of the table that it needs.

        Its module then has a `tie` that takes the embedding's. None for a layer with weights of its own.
        """
        return None

    def looking_back(self) -> tuple[dict[str, Any], ...]:
        """Changes of own fields after which no step depends on later ones, the gentlest first; none if it has none."""
        return ()

    def every_step(self) -> tuple[str, dict[str, Any]] | None:
        """Of a layer that gives only its last step: the kind and fields of one that gives every step so."""
        return None

    def parts(self) -> tuple[Part, ...]:
        """What a block is made of, in order, the last giving its output; empty for a layer that is no block."""
        return ()

    def summary(self) -> str:
        """The fields in short, for a card."""
        return ""

    def initialise(self, module: nn.Module) -> None:
        """Draw the first weights of `module`, just built, in the way that was chosen."""

    def init_code(self, attribute: str) -> str:
        """The statement that does the same in exported code; empty where torch's own weights stay."""
        return ""

    def code(self, *shapes: Shape) -> str:
        """The call that builds the module, as a person would write it: defaults are left out."""
        parameters = inspect.signature(self.torch).parameters
        parts: list[str] = []
        for name, value in self.arguments(*shapes).items():
            if name in self.positional:
                parts.append(literal(value))
            elif name not in parameters or parameters[name].default != value:
                parts.append(f"{name}={literal(value)}")
        home = "nn." if self.torch.__module__.startswith("torch.nn") else ""
        return f"{home}{self.torch.__name__}({', '.join(parts)})"

    def forward_code(self, attribute: str, inputs: list[str], *shapes: Shape) -> str:
        """The expression in `forward` that applies the module to variables of these names."""
        return f"self.{attribute}({', '.join(inputs)})"


class Weighted(Layer):
    """A layer with weights, whose first values can be chosen. The choice is the last of its fields."""

    drawn: ClassVar[bool] = True
    init: Init = initialisation.init_field()
    init_std: float = initialisation.std_field()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        for name in initialisation.FIELDS:
            cls.__pydantic_fields__[name] = cls.__pydantic_fields__.pop(name)

    def own_fields(self, *without: str) -> dict[str, Any]:
        """The fields that torch's module takes, but for these."""
        return self.model_dump(exclude={*initialisation.FIELDS, *without})

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        return self.own_fields()

    def initialise(self, module: nn.Module) -> None:
        if self.init != "default":
            initialise(module, getattr(nn.init, f"{self.init}_"), **self._how())

    def init_code(self, attribute: str) -> str:
        if self.init == "default":
            return ""
        how = "".join(f", {name}={literal(value)}" for name, value in self._how().items())
        return f"initialise(self.{attribute}, nn.init.{self.init}_{how})"

    @property
    def alike(self) -> bool:  # type: ignore[override]
        return self.init == "zeros" or (self.init == "normal" and self.init_std == 0)

    def gain(self, *shapes: Shape) -> float | None:
        if self.init != "normal":
            return None
        with torch.device("meta"):
            weights = [weight for weight in self.build(*shapes).parameters() if weight.ndim > 1]
        return self.init_std * max(weight[0].numel() for weight in weights) ** 0.5

    def _how(self) -> dict[str, float]:
        return {"std": self.init_std} if self.init == "normal" else {}


def integer(default: int, low: int, high: int, what: str) -> Any:
    """A field that is a whole number from `low` to `high`."""
    return Field(default, ge=low, le=high, description=what)


def number(default: float, low: float, high: float, what: str) -> Any:
    """A field that is a number from `low` to `high`."""
    return Field(default, ge=low, le=high, description=what)


def switch(default: bool, what: str) -> Any:
    """A field that is on or off."""
    return Field(default, description=what)


def literal(value: Any) -> str:
    """A plain value as a person writes it in Python: `1e-5` and `"tanh"`, not `1e-05` and `'tanh'`."""
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, tuple):
        return f"({', '.join(literal(each) for each in cast('tuple[Any, ...]', value))})"
    return repr(value).replace("e-0", "e-") if isinstance(value, float) else repr(value)

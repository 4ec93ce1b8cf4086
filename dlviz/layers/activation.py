"""Activations: functions applied to each number (Softmax: to each list of numbers)."""
from __future__ import annotations

from typing import Any, ClassVar, Literal, cast

import torch
from pydantic import Field
from torch import nn

from dlviz.layers.base import Layer, integer, number
from dlviz.layers.sentences import refuse
from dlviz.layers.traits import Traits
from dlviz.shapes import Shape
from dlviz.translation import _


class _Activation(Layer):
    family: ClassVar[str] = "activation"
    shape: ClassVar[Traits] = Traits(pointwise=True)
    arithmetic: ClassVar[str] = "curve"
    placewise: ClassVar[bool] = True

    def traits(self) -> Traits:
        return self.shape


class ReLU(_Activation):
    """Lets positive numbers pass and turns negative ones into 0."""

    torch: ClassVar[type[nn.Module]] = nn.ReLU
    formula: ClassVar[str] = r"y = \max(0, x)"
    plain: ClassVar[str] = "y = max(0, x)"
    backward: ClassVar[str] = "Where its input was above 0 the gradient passes unchanged; everywhere else it stops."
    usual: ClassVar[bool] = True
    shape: ClassVar[Traits] = Traits(pointwise=True, flat=("low",), off=True)


class LeakyReLU(_Activation):
    """Lets positive numbers pass and shrinks negative ones instead of losing them."""

    negative_slope: float = number(0.01, 0.0, 1.0, "How much of a negative number is kept.")
    torch: ClassVar[type[nn.Module]] = nn.LeakyReLU
    formula: ClassVar[str] = r"y = x \text{ if } x > 0 \text{ else } a\,x"
    plain: ClassVar[str] = "y = x, or a little of it below 0"
    backward: ClassVar[str] = ("Where its input was above 0 the gradient passes unchanged; elsewhere only a little of "
                               "it.")
    positional: ClassVar[tuple[str, ...]] = ("negative_slope",)

    def summary(self) -> str:
        return f"slope {self.negative_slope:g}"

    def traits(self) -> Traits:
        lost = self.negative_slope == 0
        return Traits(pointwise=True, linear=self.negative_slope == 1, flat=("low",) if lost else (), off=lost)


class ELU(_Activation):
    """Lets positive numbers pass and bends negative ones smoothly towards a floor."""

    alpha: float = number(1.0, 0.0, 10.0, "Minus this is the floor.")
    torch: ClassVar[type[nn.Module]] = nn.ELU
    formula: ClassVar[str] = r"y = x \text{ if } x > 0 \text{ else } \alpha\,(e^x - 1)"

    def summary(self) -> str:
        return f"alpha {self.alpha:g}"

    def traits(self) -> Traits:
        return Traits(pointwise=True, slope=max(1.0, self.alpha), flat=("low",), off=self.alpha == 0)


class GELU(_Activation):
    """A smooth ReLU, weighting each number by how large it is; usual in transformers."""

    approximate: Literal["none", "tanh"] = Field(default="none", description="Exact, or a faster formula with tanh.")
    torch: ClassVar[type[nn.Module]] = nn.GELU
    formula: ClassVar[str] = r"y = x\,\Phi(x)"
    plain: ClassVar[str] = "y = x · Φ(x)"
    shape: ClassVar[Traits] = Traits(pointwise=True, slope=1.13, flat=("low",))


class SiLU(_Activation):
    """A smooth ReLU, each number times its own sigmoid; also called Swish."""

    torch: ClassVar[type[nn.Module]] = nn.SiLU
    formula: ClassVar[str] = r"y = x\,\sigma(x)"
    plain: ClassVar[str] = "y = x · sigmoid(x)"
    shape: ClassVar[Traits] = Traits(pointwise=True, slope=1.1, flat=("low",))


class Sigmoid(_Activation):
    """Squeezes every number into 0 to 1; far from 0 it is flat and learns slowly."""

    torch: ClassVar[type[nn.Module]] = nn.Sigmoid
    formula: ClassVar[str] = r"y = \frac{1}{1 + e^{-x}}"
    plain: ClassVar[str] = "y = 1 / (1 + e^−x)"
    backward: ClassVar[str] = "The gradient is multiplied by the curve's slope, y (1 − y): a quarter at most passes."
    shape: ClassVar[Traits] = Traits(pointwise=True, bounds=(0.0, 1.0), slope=0.25, flat=("low", "high"), positive=True)

    @classmethod
    def slopes(cls, module: nn.Module, output: torch.Tensor) -> torch.Tensor:
        return output * (1 - output)


class Tanh(_Activation):
    """Squeezes every number into -1 to 1."""

    torch: ClassVar[type[nn.Module]] = nn.Tanh
    formula: ClassVar[str] = r"y = \tanh(x)"
    plain: ClassVar[str] = "y = tanh(x)"
    backward: ClassVar[str] = ("The gradient is multiplied by the curve's slope, 1 − y²: where the curve is flat, "
                               "almost none passes.")
    shape: ClassVar[Traits] = Traits(pointwise=True, bounds=(-1.0, 1.0), flat=("low", "high"))

    @classmethod
    def slopes(cls, module: nn.Module, output: torch.Tensor) -> torch.Tensor:
        return 1 - output * output


class Softplus(_Activation):
    """A smooth ReLU that is never quite 0."""

    beta: float = number(1.0, 0.01, 100.0, "How sharp the bend is.")
    threshold: float = number(20.0, 0.0, 100.0, "Above this the number simply passes.")
    torch: ClassVar[type[nn.Module]] = nn.Softplus
    formula: ClassVar[str] = r"y = \tfrac{1}{\beta}\ln(1 + e^{\beta x})"
    shape: ClassVar[Traits] = Traits(pointwise=True, flat=("low",), positive=True)

    def summary(self) -> str:
        return f"beta {self.beta:g}"


class Softmax(_Activation):
    """Turns a list of numbers into probabilities: all positive, adding up to 1."""

    dim: int = integer(-1, -3, -1, "The axis that adds up to 1, counted from the last (-1).")
    torch: ClassVar[type[nn.Module]] = nn.Softmax
    formula: ClassVar[str] = r"y_i = \frac{e^{x_i}}{\sum_j e^{x_j}}"
    plain: ClassVar[str] = "y = e^x / Σ e^x"
    arithmetic: ClassVar[str] = "softmax"
    placewise: ClassVar[bool] = False
    shape: ClassVar[Traits] = Traits(pointwise=True, bounds=(0.0, 1.0), slope=0.25, flat=("low", "high"), positive=True,
                                     probabilities=True)

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        return {"dim": self.dim}

    def check(self, name: str, *shapes: Shape) -> None:
        axes = len(shapes[0].axes)
        if -self.dim > axes:
            raise refuse(self, name, _("works along axis {dim}", dim=self.dim),
                         _("its input has only {axes} axes", axes=axes), _("Set dim to -1."), dim=-1)

    @classmethod
    def slopes(cls, module: nn.Module, output: torch.Tensor) -> torch.Tensor:
        """Of the largest of each list."""
        most = output.amax(cast(int, module.dim))
        return most * (1 - most)

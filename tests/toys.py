"""A layer and an optimizer that dlviz does not have, each one class: what their contract tests put into the registries.

Whatever the pages and the engine show of them they can only have from these declarations.
"""
from __future__ import annotations

from typing import Any, ClassVar, Literal

from torch import nn

from dlviz.layers.base import Layer, number
from dlviz.layers.traits import Traits
from dlviz.optimizers.arithmetic import ArithmeticLine, Group, State, by, move, n
from dlviz.optimizers.base import Optimizer, beta, decay, eps, rate
from dlviz.shapes import Shape


class Hardtanh(Layer):
    """Lets numbers near zero pass and cuts off what lies beyond a limit on either side."""

    limit: float = number(1.0, 0.1, 10.0, "Beyond this, above and below, everything is cut off.")
    family: ClassVar[str] = "activation"
    torch: ClassVar[type[nn.Module]] = nn.Hardtanh
    formula: ClassVar[str] = r"y = \min(l, \max(-l, x))"
    plain: ClassVar[str] = "y = x between two limits"
    backward: ClassVar[str] = "Between the limits the gradient passes unchanged; beyond them it stops."
    arithmetic: ClassVar[str] = "curve"
    placewise: ClassVar[bool] = True

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        return {"min_val": -self.limit, "max_val": self.limit}

    def traits(self) -> Traits:
        return Traits(pointwise=True, bounds=(-self.limit, self.limit), flat=("low", "high"))

    def summary(self) -> str:
        return f"limit {self.limit:g}"


class AsImage(Layer):
    """Lays a list of 784 numbers out as a square image, so that a convolution can read it."""

    family: ClassVar[str] = "reshape"
    torch: ClassVar[type[nn.Module]] = nn.Unflatten
    takes: ClassVar[tuple[str, ...]] = ("vector",)
    formula: ClassVar[str] = r"(D) \to (1, \sqrt{D}, \sqrt{D})"
    converts: ClassVar[tuple[str, str] | None] = ("vector", "image")
    positional: ClassVar[tuple[str, ...]] = ("dim", "unflattened_size")

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        side = round(shapes[0].numel ** 0.5)
        return {"dim": 1, "unflattened_size": (1, side, side)}


class Adamax(Optimizer):
    """Adam with the largest recent gradient in place of their mean square (Kingma and Ba 2014)."""

    kind: Literal["Adamax"] = "Adamax"
    learning_rate: float = rate(2e-3)
    beta1: float = beta(0.9, "Memory of the mean gradient.")
    beta2: float = beta(0.999, "Memory of the largest gradient.")
    eps: float = eps(1e-8)
    weight_decay: float = decay()
    formula: ClassVar[str] = r"w \leftarrow w - \eta\, \hat m / u"
    momentum_field: ClassVar[str | None] = "beta1"

    @property
    def moments(self) -> int:
        return 2

    @classmethod
    def lines(cls, weight: float, gradient: float, group: Group, state: State) -> list[ArithmeticLine]:
        (beta1, beta2), t = group["betas"], int(state.get("step", 0)) + 1
        mean = beta1 * state.get("exp_avg", 0.0) + (1 - beta1) * gradient
        largest = max(beta2 * state.get("exp_inf", 0.0), abs(gradient) + group["eps"])
        m_hat = mean / (1 - beta1 ** t)
        return [ArithmeticLine("m̂", "(β₁ m + (1 − β₁) g) / (1 − β₁ᵗ)", f"{by(mean)} / (1 − {n(beta1)}^{t})", m_hat),
                ArithmeticLine("u", "max(β₂ u, |g| + ε)", f"{n(abs(gradient))} or what was larger", largest),
                *move(weight, group["lr"], m_hat / largest, f"η × {by(m_hat)} / {n(largest)}", "η m̂ / u")]

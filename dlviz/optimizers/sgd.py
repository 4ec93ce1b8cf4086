"""Gradient descent on one batch at a time, with momentum (Polyak 1964, Nesterov 1983)."""
from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import Field

from dlviz.optimizers.arithmetic import ArithmeticLine, Group, State, by, move, n
from dlviz.optimizers.base import Optimizer, beta, decay, rate
from dlviz.translation import _


class SGD(Optimizer):
    """Steps straight down the slope of one batch; with momentum it keeps rolling."""

    kind: Literal["SGD"] = "SGD"
    learning_rate: float = rate(0.05)
    momentum: float = beta(0.9, "Share of the last step that is kept, as a rolling ball keeps its speed.")
    nesterov: bool = Field(default=True, description="Look at the slope where momentum is about to carry us.")
    weight_decay: float = decay()
    formula: ClassVar[str] = r"v \leftarrow \mu v + g, \qquad w \leftarrow w - \eta\, v"
    momentum_field: ClassVar[str | None] = "momentum"
    fused: ClassVar[bool] = True

    @property
    def moments(self) -> int:
        return int(self.momentum > 0)

    @classmethod
    def recipes(cls) -> dict[str, Self]:
        return {"SGD, no momentum": cls(momentum=0.0, nesterov=False), "SGD with momentum": cls()}

    def pull(self) -> float | None:
        return self.learning_rate * self.weight_decay / (1 - self.momentum)

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"nesterov": self.nesterov and self.momentum > 0}

    @classmethod
    def change(cls, group: dict[str, Any], key: str, value: float) -> float:
        if key == "momentum":
            group["nesterov"] = group["nesterov"] and value > 0
        return super().change(group, key, value)

    @classmethod
    def lines(cls, weight: float, gradient: float, group: Group, state: State) -> list[ArithmeticLine]:
        momentum, lines, direction = group["momentum"], [], gradient
        if momentum:
            lines.append(_speed(gradient, momentum, state.get("momentum_buffer")))
            direction = lines[0].value
        if momentum and group["nesterov"]:
            lines.append(ArithmeticLine("d", "g + μ v", f"{n(gradient)} + {n(momentum)} × {by(direction)}",
                                        gradient + momentum * direction,
                                        _("Nesterov: the slope where the speed is about to carry us")))
            direction = lines[-1].value
        symbol = lines[-1].symbol if lines else "g"
        return [*lines, *move(weight, group["lr"], direction, "η × " + by(direction), f"η {symbol}")]


def _speed(gradient: float, momentum: float, last: float | None) -> ArithmeticLine:
    meaning = _("momentum: the last speed, a little less, plus the slope")
    if last is None:
        return ArithmeticLine("v", "g", n(gradient), gradient, meaning)
    return ArithmeticLine("v", "μ v + g", f"{n(momentum)} × {by(last)} + {by(gradient)}", momentum * last + gradient,
                          meaning)

"""RMSprop (Tieleman and Hinton 2012)."""
from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from dlviz.optimizers.arithmetic import ArithmeticLine, Group, State, by, move, n, root
from dlviz.optimizers.base import Optimizer, beta, decay, eps, rate
from dlviz.translation import _


class RMSprop(Optimizer):
    """Divides each step by the recent size of that weight's gradient."""

    kind: Literal["RMSprop"] = "RMSprop"
    learning_rate: float = rate(1e-3)
    alpha: float = beta(0.99, "Memory of the gradients' size.")
    eps: float = eps(1e-8)
    momentum: float = beta(0.0, "Share of the last step that is kept.")
    centered: bool = Field(default=False, description="Measure the size around the mean gradient.")
    weight_decay: float = decay()
    formula: ClassVar[str] = (
        r"s \leftarrow \alpha s + (1-\alpha) g^2, \qquad w \leftarrow w - \eta\, g/(\sqrt{s}+\epsilon)"
    )
    momentum_field: ClassVar[str | None] = "momentum"

    @property
    def moments(self) -> int:
        return 1 + (self.momentum > 0) + self.centered

    @classmethod
    def lines(cls, weight: float, gradient: float, group: Group, state: State) -> list[ArithmeticLine]:
        alpha, epsilon, momentum = group["alpha"], group["eps"], group["momentum"]
        lines, name = [_square(gradient, alpha, state.get("square_avg", 0.0))], "s"
        size = lines[0].value
        if group["centered"]:
            lines.append(_mean(gradient, alpha, state.get("grad_avg", 0.0)))
            size, name = size - lines[-1].value ** 2, "(s − a²)"
        direction = gradient / (root(size) + epsilon)
        if not momentum:
            return lines + move(weight, group["lr"], direction, f"η × {by(gradient)} / (√{n(size)} + {n(epsilon)})",
                                f"η g / (√{name} + ε)")
        last = state.get("momentum_buffer", 0.0)
        speed = momentum * last + direction
        lines.append(ArithmeticLine("b", f"μ b + g / (√{name} + ε)", f"{n(momentum)} × {by(last)} + {by(direction)}",
                                    speed, "momentum: a share of the last step is kept"))
        return lines + move(weight, group["lr"], speed, "η × " + by(speed), "η b")


def _square(gradient: float, alpha: float, last: float) -> ArithmeticLine:
    return ArithmeticLine("s", "α s + (1 − α) g²", f"{n(alpha)} × {n(last)} + {n(1 - alpha)} × {by(gradient)}²",
                          alpha * last + (1 - alpha) * gradient * gradient,
                          _("the mean of the recent gradients' squares"))


def _mean(gradient: float, alpha: float, last: float) -> ArithmeticLine:
    return ArithmeticLine("a", "α a + (1 − α) g", f"{n(alpha)} × {by(last)} + {n(1 - alpha)} × {by(gradient)}",
                          last + (1 - alpha) * (gradient - last), _("the mean gradient, to measure around"))

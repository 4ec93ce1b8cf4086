"""Adagrad (Duchi, Hazan, Singer 2011)."""
from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from dlviz.optimizers.arithmetic import ArithmeticLine, Group, State, by, move, n, root
from dlviz.optimizers.base import Optimizer, decay, eps, rate
from dlviz.translation import _


class Adagrad(Optimizer):
    """Takes smaller and smaller steps for weights that have already moved a lot."""

    kind: Literal["Adagrad"] = "Adagrad"
    learning_rate: float = rate(1e-2)
    lr_decay: float = Field(default=0.0, ge=0, le=1, description="Lets the learning rate shrink with every step.")
    initial_accumulator_value: float = Field(default=0.0, ge=0, le=10, description="Where the sum of squares starts.")
    eps: float = eps(1e-10)
    weight_decay: float = decay()
    formula: ClassVar[str] = r"s \leftarrow s + g^2, \qquad w \leftarrow w - \eta\, g/(\sqrt{s}+\epsilon)"
    fused: ClassVar[bool] = True

    @classmethod
    def lines(cls, weight: float, gradient: float, group: Group, state: State) -> list[ArithmeticLine]:
        t, epsilon = int(state.get("step", 0)), group["eps"]
        last = state.get("sum", group.get("initial_accumulator_value", 0.0))
        lr, lines = group["lr"] / (1 + t * group["lr_decay"]), []
        if group["lr_decay"]:
            lines.append(ArithmeticLine("η", "η / (1 + (t − 1) d)",
                                        f"{n(group['lr'])} / (1 + {t} × {n(group['lr_decay'])})", lr,
                                        _("the rate shrinks with every step")))
        total = last + gradient * gradient
        lines.append(ArithmeticLine("s", "s + g²", f"{n(last)} + {by(gradient)}²", total,
                                    "all gradients' squares so far"))
        return lines + move(weight, lr, gradient / (root(total) + epsilon),
                            f"η × {by(gradient)} / (√{n(total)} + {n(epsilon)})", "η g / (√s + ε)")

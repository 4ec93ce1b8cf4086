"""Adam (Kingma and Ba 2014) and AdamW (Loshchilov and Hutter 2017)."""
from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from dlviz.optimizers.arithmetic import ArithmeticLine, Group, State, by, move, n, root
from dlviz.optimizers.base import Optimizer, beta, decay, eps, rate
from dlviz.translation import _


class Adam(Optimizer):
    """Gives every weight its own step size from the mean and spread of its recent gradients."""

    kind: Literal["Adam"] = "Adam"
    learning_rate: float = rate(1e-3)
    beta1: float = beta(0.9, "Memory of the mean gradient (Adam's momentum).")
    beta2: float = beta(0.999, "Memory of the gradients' size.")
    eps: float = eps(1e-8)
    weight_decay: float = decay()
    amsgrad: bool = Field(default=False, description="Never let a weight's step size grow again.")
    formula: ClassVar[str] = r"w \leftarrow w - \eta\, \hat m / (\sqrt{\hat v} + \epsilon)"
    momentum_field: ClassVar[str | None] = "beta1"
    fused: ClassVar[bool] = True

    @property
    def moments(self) -> int:
        return 2 + self.amsgrad

    def decayed(self) -> Optimizer:
        """AdamW, which takes the decay straight from the weights."""
        return AdamW(**self.model_dump(exclude={"kind", "weight_decay"}), weight_decay=max(0.05, 3 * self.weight_decay))

    @classmethod
    def lines(cls, weight: float, gradient: float, group: Group, state: State) -> list[ArithmeticLine]:
        (beta1, beta2), t = group["betas"], int(state.get("step", 0)) + 1
        lines = [_mean(gradient, beta1, state.get("exp_avg", 0.0)),
                 _square(gradient, beta2, state.get("exp_avg_sq", 0.0))]
        m, v = (line.value for line in lines)
        if group.get("amsgrad"):
            lines.append(_largest(v, state.get("max_exp_avg_sq", 0.0)))
        (name, largest), epsilon = (lines[-1].symbol, lines[-1].value), group["eps"]
        lines += [ArithmeticLine("m̂", "m / (1 − β₁ᵗ)", f"{n(m)} / (1 − {n(beta1)}^{t})", m / (1 - beta1 ** t),
                                 _("step {step:,}: the mean began at 0, this makes up for it", step=t)),
                  ArithmeticLine("v̂", f"{name} / (1 − β₂ᵗ)", f"{n(largest)} / (1 − {n(beta2)}^{t})",
                                 largest / (1 - beta2 ** t), _("the same for the squares"))]
        m_hat, v_hat = (line.value for line in lines[-2:])
        return lines + move(weight, group["lr"], m_hat / (root(v_hat) + epsilon),
                            f"η × {by(m_hat)} / (√{n(v_hat)} + {n(epsilon)})", "η m̂ / (√v̂ + ε)")


class AdamW(Adam):
    """Adam with weight decay taken straight from the weights instead of mixed into the gradient."""

    kind: Literal["AdamW"] = "AdamW"  # type: ignore[assignment]
    weight_decay: float = decay(0.01)
    formula: ClassVar[str] = r"w \leftarrow (1 - \eta\lambda)\, w - \eta\, \hat m / (\sqrt{\hat v} + \epsilon)"
    decays: ClassVar[tuple[float, ...]] = (0.0, 1.0, 10.0)  # straight from the weights it bears a hundred times more

    def pull(self) -> float | None:
        return self.learning_rate * self.weight_decay

    @classmethod
    def _decay(cls, weight: float, gradient: float, decay: float, group: Group) -> tuple[ArithmeticLine, float, float]:
        shrunk = weight * (1 - group["lr"] * decay)
        line = ArithmeticLine("w", "(1 − η λ) w", f"(1 − {n(group['lr'])} × {n(decay)}) × {n(weight)}", shrunk,
                              _("weight decay pulls the weight towards 0"))
        return line, shrunk, gradient


def _mean(gradient: float, beta1: float, last: float) -> ArithmeticLine:
    return ArithmeticLine("m", "β₁ m + (1 − β₁) g", f"{n(beta1)} × {by(last)} + {n(1 - beta1)} × {by(gradient)}",
                          beta1 * last + (1 - beta1) * gradient, _("the mean of the recent gradients"))


def _square(gradient: float, beta2: float, last: float) -> ArithmeticLine:
    return ArithmeticLine("v", "β₂ v + (1 − β₂) g²", f"{n(beta2)} × {n(last)} + {n(1 - beta2)} × {by(gradient)}²",
                          beta2 * last + (1 - beta2) * gradient * gradient, _("the mean of their squares"))


def _largest(v: float, last: float) -> ArithmeticLine:
    return ArithmeticLine("u", "max(u, v)", f"max({n(last)}, {n(v)})", max(last, v),
                          "AMSGrad: never smaller than before")

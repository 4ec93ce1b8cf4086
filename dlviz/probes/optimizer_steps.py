"""One weight's way through an optimizer, line by line, as torch.optim computes it. Knows no torch."""
from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ArithmeticLine:
    """One line of the arithmetic: a symbol, its formula in symbols, the same in numbers, and the result."""

    symbol: str
    formula: str
    numbers: str
    value: float
    meaning: str = ""


@dataclass(frozen=True)
class OptimizerStep:
    """All lines; the last gives the new weight."""

    lines: tuple[ArithmeticLine, ...]

    @property
    def after(self) -> float:
        return self.lines[-1].value


def optimizer_step(kind: str, weight: float, gradient: float, group: Mapping[str, Any],
            state: Mapping[str, float]) -> OptimizerStep:
    """What `torch.optim.<kind>` makes of one weight.

    Args:
        kind: SGD, Adam, AdamW, RMSprop or Adagrad.
        gradient: after the clip.
        group: torch's param group (`lr`, `betas`, ...).
        state: torch's state of this weight from before the update; empty before the first.

    Raises:
        KeyError: another optimizer.
    """
    lines: list[ArithmeticLine] = []
    decay = group.get("weight_decay", 0.0)
    if decay and kind == "AdamW":
        shrunk = weight * (1 - group["lr"] * decay)
        lines.append(ArithmeticLine("w", "(1 − η λ) w", f"(1 − {n(group['lr'])} × {n(decay)}) × {n(weight)}", shrunk,
                          "weight decay pulls the weight towards 0"))
        weight = shrunk
    elif decay:
        mixed = gradient + decay * weight
        lines.append(ArithmeticLine("g", "g + λ w", f"{n(gradient)} + {n(decay)} × {n(weight)}", mixed,
                          "weight decay pulls the weight towards 0"))
        gradient = mixed
    return OptimizerStep(tuple(lines + RULES[kind](weight, gradient, group, state)))


def n(value: float) -> str:
    """A number for a line: four digits that count, a true minus, scientific where it is tiny."""
    size = abs(value)
    text = f"{value:.4g}" if size == 0 or 1e-4 <= size < 1e5 else f"{value:.2e}"
    if "e" in text:
        digits, power = text.split("e")
        text = f"{digits} · 10^{int(power)}"
    return text.replace("-", "−")


def _by(value: float) -> str:
    """A factor that may be negative, in brackets then."""
    return f"({n(value)})" if value < 0 else n(value)


def _root(value: float) -> float:
    """As torch has it: not a number below 0, where rounding may bring a spread."""
    return math.sqrt(value) if value >= 0 else math.nan


def _sgd(w: float, g: float, group: Mapping[str, Any], state: Mapping[str, float]) -> list[ArithmeticLine]:
    lr, momentum, lines, move = group["lr"], group["momentum"], [], g
    if momentum:
        old = state.get("momentum_buffer")
        speed = g if old is None else momentum * old + g
        numbers = n(g) if old is None else f"{n(momentum)} × {_by(old)} + {_by(g)}"
        formula = "g" if old is None else "μ v + g"
        lines.append(ArithmeticLine("v", formula, numbers, speed,
                          "momentum: the last speed, a little less, plus the slope"))
        move = speed
        if group["nesterov"]:
            move = g + momentum * speed
            lines.append(ArithmeticLine("d", "g + μ v", f"{n(g)} + {n(momentum)} × {_by(speed)}", move,
                              "Nesterov: the slope where the speed is about to carry us"))
    symbol = lines[-1].symbol if lines else "g"
    return [*lines, *_move(w, lr, symbol, move, "η × " + _by(move), f"η {symbol}")]


def _adam(w: float, g: float, group: Mapping[str, Any], state: Mapping[str, float]) -> list[ArithmeticLine]:
    (beta1, beta2), lr, eps = group["betas"], group["lr"], group["eps"]
    t = int(state.get("step", 0)) + 1
    old_m, old_v = state.get("exp_avg", 0.0), state.get("exp_avg_sq", 0.0)
    m, v = beta1 * old_m + (1 - beta1) * g, beta2 * old_v + (1 - beta2) * g * g
    largest = max(state.get("max_exp_avg_sq", 0.0), v) if group.get("amsgrad") else v
    m_hat, v_hat = m / (1 - beta1 ** t), largest / (1 - beta2 ** t)
    lines = [ArithmeticLine("m", "β₁ m + (1 − β₁) g", f"{n(beta1)} × {_by(old_m)} + {n(1 - beta1)} × {_by(g)}", m,
                  "the mean of the recent gradients"),
             ArithmeticLine("v", "β₂ v + (1 − β₂) g²", f"{n(beta2)} × {n(old_v)} + {n(1 - beta2)} × {_by(g)}²", v,
                  "the mean of their squares")]
    name = "v"
    if group.get("amsgrad"):
        name = "u"
        lines.append(ArithmeticLine("u", "max(u, v)", f"max({n(state.get('max_exp_avg_sq', 0.0))}, {n(v)})", largest,
                          "AMSGrad: never smaller than before"))
    lines += [ArithmeticLine("m̂", "m / (1 − β₁ᵗ)", f"{n(m)} / (1 − {n(beta1)}^{t})", m_hat,
                   f"step {t:,}: the mean began at 0, this makes up for it"),
              ArithmeticLine("v̂", f"{name} / (1 − β₂ᵗ)", f"{n(largest)} / (1 − {n(beta2)}^{t})", v_hat,
                   "the same for the squares")]
    move = m_hat / (_root(v_hat) + eps)
    numbers = f"η × {_by(m_hat)} / (√{n(v_hat)} + {n(eps)})"
    return lines + _move(w, lr, "", move, numbers, "η m̂ / (√v̂ + ε)")


def _rmsprop(w: float, g: float, group: Mapping[str, Any], state: Mapping[str, float]) -> list[ArithmeticLine]:
    alpha, lr, eps, momentum = group["alpha"], group["lr"], group["eps"], group["momentum"]
    old = state.get("square_avg", 0.0)
    s = alpha * old + (1 - alpha) * g * g
    lines, size, name = [ArithmeticLine("s", "α s + (1 − α) g²", f"{n(alpha)} × {n(old)} + {n(1 - alpha)} × {_by(g)}²",
                              s,
                              "the mean of the recent gradients' squares")], s, "s"
    if group["centered"]:
        before = state.get("grad_avg", 0.0)
        mean = before + (1 - alpha) * (g - before)
        size, name = s - mean * mean, "(s − a²)"
        lines.append(ArithmeticLine("a", "α a + (1 − α) g", f"{n(alpha)} × {_by(before)} + {n(1 - alpha)} × {_by(g)}",
                          mean,
                          "the mean gradient, to measure around"))
    move = g / (_root(size) + eps)
    if momentum:
        last = state.get("momentum_buffer", 0.0)
        speed = momentum * last + move
        lines.append(ArithmeticLine("b", f"μ b + g / (√{name} + ε)", f"{n(momentum)} × {_by(last)} + {_by(move)}",
                          speed,
                          "momentum: a share of the last step is kept"))
        return lines + _move(w, lr, "b", speed, "η × " + _by(speed), "η b")
    return lines + _move(w, lr, "", move, f"η × {_by(g)} / (√{n(size)} + {n(eps)})", f"η g / (√{name} + ε)")


def _adagrad(w: float, g: float, group: Mapping[str, Any], state: Mapping[str, float]) -> list[ArithmeticLine]:
    t, old, eps = int(state.get("step", 0)), state.get("sum",
                                                       group.get("initial_accumulator_value",
                                                                 0.0)), group["eps"]
    lr = group["lr"] / (1 + t * group["lr_decay"])
    s = old + g * g
    lines = [ArithmeticLine("s", "s + g²", f"{n(old)} + {_by(g)}²", s, "all gradients' squares so far")]
    if group["lr_decay"]:
        lines.insert(0, ArithmeticLine("η", "η / (1 + (t − 1) d)",
                             f"{n(group['lr'])} / (1 + {t} × {n(group['lr_decay'])})", lr,
                             "the rate shrinks with every step"))
    return lines + _move(w, lr, "", g / (_root(s) + eps), f"η × {_by(g)} / (√{n(s)} + {n(eps)})",
                         "η g / (√s + ε)")


def _move(w: float, lr: float, symbol: str, move: float, numbers: str, formula: str) -> list[ArithmeticLine]:
    """The last two lines: the step, and the new weight. `numbers` and `formula` start with the rate η."""
    step = lr * move
    return [ArithmeticLine("Δ", formula, numbers.replace("η", n(lr), 1), step, "the step"),
            ArithmeticLine("w", "w − Δ", f"{n(w)} − {_by(step)}", w - step, "the new weight")]


RULES = {"SGD": _sgd, "Adam": _adam, "AdamW": _adam, "RMSprop": _rmsprop, "Adagrad": _adagrad}

"""One weight's way through an optimizer, line by line, as torch.optim computes it: what the lines are made of.

Knows no torch and no particular optimizer; each writes its own lines in its own file.
"""
from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dlviz.translation import _
from dlviz.worded import Worded, worded

Group = Mapping[str, Any]  # torch's param group: `lr`, `betas`, ...
State = Mapping[str, float]  # torch's state of this weight from before the update; empty before the first


@worded
@dataclass(frozen=True)
class ArithmeticLine:
    """One line of the arithmetic: a symbol, its formula in symbols, the same in numbers, and the result."""

    symbol: str
    formula: str
    numbers: str
    value: float
    meaning: Worded = ""  # pyright: ignore[reportAssignmentType]  # a descriptor takes what is assigned


@dataclass(frozen=True)
class OptimizerStep:
    """All lines; the last gives the new weight."""

    lines: tuple[ArithmeticLine, ...]

    @property
    def after(self) -> float:
        return self.lines[-1].value


def n(value: float) -> str:
    """A number for a line: four digits that count, a true minus, scientific where it is tiny."""
    size = abs(value)
    text = f"{value:.4g}" if size == 0 or 1e-4 <= size < 1e5 else f"{value:.2e}"
    if "e" in text:
        digits, power = text.split("e")
        text = f"{digits} · 10^{int(power)}"
    return text.replace("-", "−")


def by(value: float) -> str:
    """A factor that may be negative, in brackets then."""
    return f"({n(value)})" if value < 0 else n(value)


def root(value: float) -> float:
    """As torch has it: not a number below 0, where rounding may bring a spread."""
    return math.sqrt(value) if value >= 0 else math.nan


def mixed_decay(weight: float, gradient: float, decay: float) -> ArithmeticLine:
    """Weight decay that joins the gradient: its line, whose value is the new gradient."""
    return ArithmeticLine("g", "g + λ w", f"{n(gradient)} + {n(decay)} × {n(weight)}", gradient + decay * weight,
                          _("weight decay pulls the weight towards 0"))


def move(weight: float, lr: float, direction: float, numbers: str, formula: str) -> list[ArithmeticLine]:
    """The last two lines: the step, and the new weight. `numbers` and `formula` start with the rate η."""
    step = lr * direction
    return [ArithmeticLine("Δ", formula, numbers.replace("η", n(lr), 1), step, _("the step")),
            ArithmeticLine("w", "w − Δ", f"{n(weight)} − {by(step)}", weight - step, _("the new weight"))]

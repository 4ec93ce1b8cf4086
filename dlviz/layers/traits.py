"""What a layer is for those who judge a design: its shape as a function, in numbers. Knows no particular layer."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Traits:
    """What holds of a layer with its fields as they are.

    Attributes:
        linear: in use, its output is an affine function of its input: a row of such layers can do no more than
            one of them.
        pointwise: it is an activation: a function of each number, without weights.
        bounds: its outputs lie between these; None where they may grow without end.
        slope: of an activation, the steepest there is.
        flat: of an activation, the ends at which its slope goes to zero: it saturates there.
        off: of an activation, whether a whole side of it is exactly flat, so that a unit can fall silent for good.
        positive: all its outputs are above zero, whatever comes in.
        probabilities: its outputs are shares that add up to 1 along an axis.
        drops: share of its numbers that it switches off while training.
        normalizes: it brings numbers to mean 0 and spread 1.
        order: `tells` where the output depends on the order of the steps of a sequence or says where they stand,
            `blind` where the steps meet each other but their order makes no difference.
    """

    linear: bool = False
    pointwise: bool = False
    bounds: tuple[float, float] | None = None
    slope: float = 1.0
    flat: tuple[Literal["low", "high"], ...] = ()
    off: bool = False
    positive: bool = False
    probabilities: bool = False
    drops: float = 0.0
    normalizes: bool = False
    order: Literal["tells", "blind"] | None = None

    @property
    def squashes(self) -> bool:
        """Whether both ends are flat, so that gradients fade behind it."""
        return len(self.flat) == 2

"""How the learning rate changes over a run: each schedule's own fields, as plain data. Knows neither torch nor specs.

A schedule says what the optimizer's own rate is multiplied with at each step. The functions are pure and stand
alone, since exported scripts take their source home. A plateau has no such function: it follows the validation loss.
"""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

THRESHOLD = 1e-4  # a plateau's loss counts as lower when it is by this share; torch's own


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a run is to be."""

    steps: int
    per_epoch: int


def step_down(step: int, every: int, factor: float) -> float:
    """What is left of the learning rate: `factor` times less after each `every` steps."""
    return factor ** (step // every)


def exponential(step: int, steps: int, final: float) -> float:
    """What is left of the learning rate: the same share less with each step, down to `final`."""
    return final ** (step / steps)


def cosine(step: int, steps: int, warmup: float = 0.0, final: float = 0.0) -> float:
    """What is left of the learning rate: up over `warmup`, then half a cosine wave."""
    rise = round(warmup * steps)
    if step < rise:
        return (step + 1) / (rise + 1)
    progress = (step - rise) / max(1, steps - rise)
    return final + (1 - final) * (1 + math.cos(math.pi * progress)) / 2


def one_cycle(step: int, steps: int, warmup: float, start: float, final: float) -> float:
    """What is left of the learning rate: half a wave up from `start`, and one down to `final`."""
    top, last = warmup * steps - 1, steps - 1
    if step < top:
        low, progress = start, step / top
    else:
        low, progress = final, max(0.0, (last - step) / (last - top)) if last > top else 0.0
    return low + (1 - low) * (1 - math.cos(math.pi * progress)) / 2


class _Schedule(BaseModel):
    """What all schedules share. The class docstring's first line is the sentence shown on the page."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
    kind: str
    title: ClassVar[str]

    @classmethod
    def sentence(cls) -> str:
        return (cls.__doc__ or "").strip().splitlines()[0]

    def at(self, step: int, plan: Plan) -> float:
        """What the optimizer's learning rate is multiplied with for the update after `step` of the planned steps."""
        raise NotImplementedError

    def summary(self) -> str:
        """The schedule in a few words, for a mark on a curve."""
        return self.title


class Constant(_Schedule):
    """The learning rate stays as it is."""

    kind: Literal["constant"] = "constant"
    title: ClassVar[str] = "constant"

    def at(self, step: int, plan: Plan) -> float:
        return 1.0


class Step(_Schedule):
    """The learning rate falls in steps: it is kept for some epochs, then made smaller at one stroke."""

    kind: Literal["step"] = "step"
    title: ClassVar[str] = "step"
    every: int = Field(default=2, ge=1, le=1_000, description="After how many epochs the learning rate falls.")
    factor: float = Field(default=0.3, ge=0.001, le=1,
                          description="What it is multiplied with each time (torch: gamma).")

    def at(self, step: int, plan: Plan) -> float:
        return step_down(step, self.every * plan.per_epoch, self.factor)

    def summary(self) -> str:
        return f"step × {self.factor:g}"


class Exponential(_Schedule):
    """The learning rate shrinks by the same share with every step: fast at first, then ever more slowly."""

    kind: Literal["exponential"] = "exponential"
    title: ClassVar[str] = "exponential"
    final: float = Field(default=0.01, ge=1e-6, le=1, description="Share of the learning rate that is left at the end.")

    def at(self, step: int, plan: Plan) -> float:
        return exponential(step, plan.steps, self.final)


class Cosine(_Schedule):
    """The learning rate glides down in half a cosine wave, so that training ends calmly; with a warm-up if you like."""

    kind: Literal["cosine"] = "cosine"
    title: ClassVar[str] = "cosine"
    warmup: float = Field(default=0.0, ge=0, le=0.9,
                          description="Share of the run in which the rate first rises from almost "
                          "nothing (warm-up); it steadies large learning rates and transformers.")
    final: float = Field(default=0.0, ge=0, le=1, description="Share of the learning rate that is left at the end.")

    def at(self, step: int, plan: Plan) -> float:
        return cosine(step, plan.steps, self.warmup, self.final)

    def summary(self) -> str:
        return "cosine with warm-up" if self.warmup else "cosine"


class OneCycle(_Schedule):
    """One big swing: up to the learning rate, which may be larger than usual, then far down (Smith and Topin 2018)."""

    kind: Literal["one_cycle"] = "one_cycle"
    title: ClassVar[str] = "one cycle"
    warmup: float = Field(default=0.3, ge=0.01, le=0.9, description="Share of the run in which the rate rises.")
    start: float = Field(default=0.04, ge=0.001, le=1, description="Share of the learning rate that it starts with.")
    final: float = Field(default=0.0, ge=0, le=1, description="Share of the learning rate that is left at the end.")

    def at(self, step: int, plan: Plan) -> float:
        return one_cycle(step, plan.steps, self.warmup, self.start, self.final)


class Plateau(_Schedule):
    """The learning rate stays until the validation loss no longer falls, and is then made smaller."""

    kind: Literal["plateau"] = "plateau"
    title: ClassVar[str] = "reduce on plateau"
    factor: float = Field(default=0.3, ge=0.001, le=0.99,
                          description="What the learning rate is multiplied with each time.")
    patience: int = Field(default=1, ge=0, le=100,
                          description="How many evaluations in a row (one an epoch, of the whole "
                          "validation split) may bring no lower loss before it falls.")

    def at(self, step: int, plan: Plan) -> float:
        return 1.0  # `training.judging.Falls` follows the validation loss

    def summary(self) -> str:
        return "on plateau"


Schedule = Constant | Step | Exponential | Cosine | OneCycle | Plateau
SCHEDULES: dict[str, type[Schedule]] = {cls.model_fields["kind"].default: cls
                                        for cls in (Constant, Step, Exponential, Cosine, OneCycle, Plateau)}


def get(value: Schedule | str) -> Schedule:
    """A schedule; its name alone stands for its usual fields, as in files of early versions. ValueError for no name."""
    if not isinstance(value, str):
        return value
    if value not in SCHEDULES:
        raise ValueError(f"a schedule is one of {', '.join(SCHEDULES)}")
    return SCHEDULES[value]()

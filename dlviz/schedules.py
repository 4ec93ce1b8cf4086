"""How the learning rate changes over a run: each schedule's own fields, as plain data. Knows neither torch nor specs.

A schedule says what the optimizer's own rate is multiplied with at each step. The functions are pure and stand
alone, since exported scripts take their source home. A plateau has no such function: it follows the validation loss.
"""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from dlviz import versions

THRESHOLD = 1e-4  # a plateau's loss counts as lower when it is by this fraction; torch's own


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a run is to be."""

    steps: int
    per_epoch: int


def step_lr(step: int, step_size: int, gamma: float) -> float:
    """The factor of the learning rate: multiplied by `gamma` after each `step_size` steps."""
    return gamma ** (step // step_size)


def exponential_lr(step: int, steps: int, end_factor: float) -> float:
    """The factor of the learning rate: the same ratio with each step, down to `end_factor`."""
    return end_factor ** (step / steps)


def cosine_annealing_lr(step: int, steps: int, warmup_ratio: float = 0.0,
                        end_factor: float = 0.0) -> float:
    """The factor of the learning rate: a linear warm-up, then half a cosine wave down."""
    warmup = round(warmup_ratio * steps)
    if step < warmup:
        return (step + 1) / (warmup + 1)
    progress = (step - warmup) / max(1, steps - warmup)
    return end_factor + (1 - end_factor) * (1 + math.cos(math.pi * progress)) / 2


def one_cycle_lr(step: int, steps: int, pct_start: float, start_factor: float,
                 end_factor: float) -> float:
    """The factor of the learning rate: half a cosine wave up, then one down."""
    top, last = pct_start * steps - 1, steps - 1
    if step < top:
        low, progress = start_factor, step / top
    else:
        low, progress = end_factor, max(0.0, (last - step) / (last - top)) if last > top else 0.0
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

    kind: Literal["Constant"] = "Constant"
    title: ClassVar[str] = "constant"

    def at(self, step: int, plan: Plan) -> float:
        return 1.0


class StepLR(_Schedule):
    """The learning rate falls in steps: it is kept for some epochs, then made smaller at one stroke."""

    kind: Literal["StepLR"] = "StepLR"
    title: ClassVar[str] = "step"
    step_size: int = Field(default=2, ge=1, le=1_000, description="After how many epochs the learning rate falls.")
    gamma: float = Field(default=0.3, ge=0.001, le=1, description="What the learning rate is multiplied by each time.")

    def at(self, step: int, plan: Plan) -> float:
        return step_lr(step, self.step_size * plan.per_epoch, self.gamma)

    def summary(self) -> str:
        return f"step × {self.gamma:g}"


class ExponentialLR(_Schedule):
    """The learning rate shrinks by the same ratio with every step: fast at first, then ever more slowly."""

    kind: Literal["ExponentialLR"] = "ExponentialLR"
    title: ClassVar[str] = "exponential"
    end_factor: float = Field(default=0.01, ge=1e-6, le=1,
                              description="What the learning rate is multiplied by at the end.")

    def at(self, step: int, plan: Plan) -> float:
        return exponential_lr(step, plan.steps, self.end_factor)


class CosineAnnealingLR(_Schedule):
    """The learning rate glides down in half a cosine wave, so that training ends calmly; with a warm-up if you like."""

    kind: Literal["CosineAnnealingLR"] = "CosineAnnealingLR"
    title: ClassVar[str] = "cosine"
    warmup_ratio: float = Field(default=0.0, ge=0, le=0.9,
                                description="Fraction of the run in which the rate first rises from "
                                "almost nothing (warm-up); it steadies large learning rates and transformers.")
    end_factor: float = Field(default=0.0, ge=0, le=1,
                              description="What the learning rate is multiplied by at the end.")

    def at(self, step: int, plan: Plan) -> float:
        return cosine_annealing_lr(step, plan.steps, self.warmup_ratio, self.end_factor)

    def summary(self) -> str:
        return "cosine with warm-up" if self.warmup_ratio else "cosine"


class OneCycleLR(_Schedule):
    """One big swing: up to the learning rate, which may be larger than usual, then far down (Smith and Topin 2018)."""

    kind: Literal["OneCycleLR"] = "OneCycleLR"
    title: ClassVar[str] = "one cycle"
    pct_start: float = Field(default=0.3, ge=0.01, le=0.9, description="Fraction of the run in which the rate rises.")
    start_factor: float = Field(default=0.04, ge=0.001, le=1, description="What the learning rate is multiplied by at "
                                "the start.")
    end_factor: float = Field(default=0.0, ge=0, le=1,
                              description="What the learning rate is multiplied by at the end.")

    def at(self, step: int, plan: Plan) -> float:
        return one_cycle_lr(step, plan.steps, self.pct_start, self.start_factor, self.end_factor)


class ReduceLROnPlateau(_Schedule):
    """The learning rate stays until the validation loss no longer falls, and is then made smaller."""

    kind: Literal["ReduceLROnPlateau"] = "ReduceLROnPlateau"
    title: ClassVar[str] = "reduce on plateau"
    factor: float = Field(default=0.3, ge=0.001, le=0.99,
                          description="What the learning rate is multiplied by each time.")
    patience: int = Field(default=1, ge=0, le=100,
                          description="How many evaluations in a row (one an epoch, of the whole "
                          "validation split) may bring no lower loss before it falls.")

    def at(self, step: int, plan: Plan) -> float:
        return 1.0  # `training.stopping.PlateauTracker` follows the validation loss

    def summary(self) -> str:
        return "on plateau"


Schedule = Constant | StepLR | ExponentialLR | CosineAnnealingLR | OneCycleLR | ReduceLROnPlateau
SCHEDULES: dict[str, type[Schedule]] = {cls.model_fields["kind"].default: cls
                                        for cls in (Constant, StepLR, ExponentialLR, CosineAnnealingLR,
                                                    OneCycleLR, ReduceLROnPlateau)}


def get(value: Schedule | str) -> Schedule:
    """A schedule; its kind alone stands for its usual fields. ValueError for a name that is no kind."""
    if not isinstance(value, str):
        return value
    if value not in SCHEDULES:
        raise ValueError(f"a schedule is one of {', '.join(SCHEDULES)}")
    return SCHEDULES[value]()


def load(fields: dict[str, Any]) -> Schedule:
    """The schedule with these fields, as a file of this version or of version 1 has them. ValueError for no kind."""
    fields = versions.upgrade_schedule(fields)
    return get(fields["kind"]).model_validate(fields)

"""How the learning rate changes over a run: each schedule's own fields, as plain data. Knows neither torch nor specs.

A schedule says what the optimizer's own rate is multiplied with at each step. The functions are pure and stand
alone, since exported scripts take their source home. A plateau has no such function: it follows the validation loss.
A new schedule is one class, and its place in `SCHEDULES`.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from dlviz import translation, versions

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


class Schedule(BaseModel):
    """What all schedules share. The class docstring's first line is the sentence shown on the page.

    Class attributes:
        title: its name in the form.
        function: what gives the factor of the learning rate; its first arguments are the step and how many steps
            there are (`span`), then the fields. None where the rate stays, or follows the validation loss.
        span: what the function calls those steps.
        follows_loss: whether it lowers the rate by its `factor` when `patience` evaluations brought no lower loss, as
            torch's class of the same name does.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
    kind: str = ""
    title: ClassVar[str]
    function: ClassVar[Callable[..., float] | None] = None
    span: ClassVar[str] = "steps"
    follows_loss: ClassVar[bool] = False

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        translation.declares(cls, "title")

    @classmethod
    def sentence(cls) -> str:
        return translation.sentence(cls)

    def at(self, step: int, plan: Plan) -> float:
        """What the optimizer's learning rate is multiplied with for the update after `step` of the planned steps."""
        return self.factors(plan)(step)

    def factors(self, plan: Plan) -> Callable[[int], float]:
        """The same for all steps of a plan, worked out so far that a training step only calls it."""
        function, arguments, epochs = self.function, self.arguments(), self.epochs()
        if function is None:
            return lambda step: 1.0
        steps = plan.steps if epochs is None else epochs * plan.per_epoch
        return lambda step: function(step, steps, **arguments)

    def epochs(self) -> int | None:
        """How many epochs the function's steps are; None for the whole run."""
        return None

    def arguments(self) -> dict[str, Any]:
        """What the function takes beside the steps, by its own names; of a schedule that follows the loss, what
        torch's class takes."""
        return self.model_dump(exclude={"kind"})

    def summary(self) -> str:
        """The schedule in a few words, for a mark on a curve."""
        return self.title


class Constant(Schedule):
    """The learning rate stays as it is."""

    kind: Literal["Constant"] = "Constant"
    title: ClassVar[str] = "constant"


class StepLR(Schedule):
    """The learning rate falls in steps: it is kept for some epochs, then made smaller at one stroke."""

    kind: Literal["StepLR"] = "StepLR"
    title: ClassVar[str] = "step"
    function: ClassVar[Callable[..., float] | None] = staticmethod(step_lr)
    span: ClassVar[str] = "step_size"
    step_size: int = Field(default=2, ge=1, le=1_000, description="After how many epochs the learning rate falls.")
    gamma: float = Field(default=0.3, ge=0.001, le=1, description="What the learning rate is multiplied by each time.")

    def epochs(self) -> int | None:
        return self.step_size

    def arguments(self) -> dict[str, Any]:
        return {"gamma": self.gamma}

    def summary(self) -> str:
        return f"step × {self.gamma:g}"


class ExponentialLR(Schedule):
    """The learning rate shrinks by the same ratio with every step: fast at first, then ever more slowly."""

    kind: Literal["ExponentialLR"] = "ExponentialLR"
    title: ClassVar[str] = "exponential"
    function: ClassVar[Callable[..., float] | None] = staticmethod(exponential_lr)
    end_factor: float = Field(default=0.01, ge=1e-6, le=1,
                              description="What the learning rate is multiplied by at the end.")


class CosineAnnealingLR(Schedule):
    """The learning rate glides down in half a cosine wave, so that training ends calmly; with a warm-up if you like."""

    kind: Literal["CosineAnnealingLR"] = "CosineAnnealingLR"
    title: ClassVar[str] = "cosine"
    function: ClassVar[Callable[..., float] | None] = staticmethod(cosine_annealing_lr)
    warmup_ratio: float = Field(default=0.0, ge=0, le=0.9,
                                description="Fraction of the run in which the rate first rises from "
                                "almost nothing (warm-up); it steadies large learning rates and transformers.")
    end_factor: float = Field(default=0.0, ge=0, le=1,
                              description="What the learning rate is multiplied by at the end.")

    def summary(self) -> str:
        return "cosine with warm-up" if self.warmup_ratio else "cosine"


class OneCycleLR(Schedule):
    """One big swing: up to the learning rate, which may be larger than usual, then far down (Smith and Topin 2018)."""

    kind: Literal["OneCycleLR"] = "OneCycleLR"
    title: ClassVar[str] = "one cycle"
    function: ClassVar[Callable[..., float] | None] = staticmethod(one_cycle_lr)
    pct_start: float = Field(default=0.3, ge=0.01, le=0.9, description="Fraction of the run in which the rate rises.")
    start_factor: float = Field(default=0.04, ge=0.001, le=1, description="What the learning rate is multiplied by at "
                                "the start.")
    end_factor: float = Field(default=0.0, ge=0, le=1,
                              description="What the learning rate is multiplied by at the end.")


class ReduceLROnPlateau(Schedule):
    """The learning rate stays until the validation loss no longer falls, and is then made smaller."""

    kind: Literal["ReduceLROnPlateau"] = "ReduceLROnPlateau"
    title: ClassVar[str] = "reduce on plateau"
    follows_loss: ClassVar[bool] = True  # `training.stopping.PlateauTracker` does
    factor: float = Field(default=0.3, ge=0.001, le=0.99,
                          description="What the learning rate is multiplied by each time.")
    patience: int = Field(default=1, ge=0, le=100,
                          description="How many evaluations in a row (one an epoch, of the whole "
                          "validation split) may bring no lower loss before it falls.")

    def summary(self) -> str:
        return "on plateau"


SCHEDULES: dict[str, type[Schedule]] = {cls.__name__: cls for cls in (
    Constant, StepLR, ExponentialLR, CosineAnnealingLR, OneCycleLR, ReduceLROnPlateau)}


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
    return type(get(str(fields.get("kind")))).model_validate(fields)


def read(value: Any) -> Any:
    """The schedule of a design: of its fields, or of its kind alone; what is neither is left to others to refuse."""
    if isinstance(value, dict):
        return type(get(str(value.get("kind")))).model_validate(value)
    return get(value) if isinstance(value, str) else value

"""What an optimizer is: one declaration from which form, training, export, Slow motion, Lab and doctor follow.

Plain data with torch's meaning. Knows neither torch nor specs, and no particular optimizer.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

from dlviz import translation
from dlviz.optimizers.arithmetic import ArithmeticLine, Group, OptimizerStep, State, mixed_decay


@dataclass(frozen=True)
class LiveHyperparameter:
    """A number of the optimizer that may be changed while a run trains.

    Attributes:
        key: what messages, marks on curves and the store call it; the field's name, unless the optimizer says another.
        low, high: its bounds then, both allowed.
        step: what one press of + or - changes; None where it follows from the value.
    """

    key: str
    low: float
    high: float
    step: float | None = None

    def __post_init__(self) -> None:
        translation.listed(type(self), self.key.replace("_", " "))

    @property
    def title(self) -> str:
        return translation.translated(self.key.replace("_", " "))


LIVE: dict[str, LiveHyperparameter] = {each.key: each for each in (
    LiveHyperparameter("learning_rate", 0.0, 100.0), LiveHyperparameter("momentum", 0.0, 0.9999, 0.05),
    LiveHyperparameter("weight_decay", 0.0, 10.0, 0.0001))}


class Optimizer(BaseModel):
    """One kind of optimizer. A subclass declares its fields; its docstring's first line explains it to a newcomer.

    Class attributes:
        kind: the name of its class in `torch.optim`; a field, so that files say it.
        formula: what it computes, in LaTeX.
        momentum_field: the field that plays momentum's part.
        fused: whether torch has one kernel for all weights: 1.3 to 1.7 times as fast on small networks.
        decays: no, some and too much weight decay, to be compared.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
    kind: str = ""
    learning_rate: float = 1e-3
    formula: ClassVar[str]
    momentum_field: ClassVar[str | None] = None
    fused: ClassVar[bool] = False
    decays: ClassVar[tuple[float, ...]] = (0.0, 0.01, 0.1)

    @classmethod
    def lines(cls, weight: float, gradient: float, group: Group, state: State) -> list[ArithmeticLine]:
        """What torch's optimizer makes of one weight after weight decay; the last line gives the new weight."""
        raise NotImplementedError

    @property
    def moments(self) -> int:
        """How many numbers it remembers for each weight."""
        return 1

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        translation.declares(cls)

    @classmethod
    def sentence(cls) -> str:
        return translation.sentence(cls)

    @classmethod
    def recipes(cls) -> dict[str, Self]:
        """The optimizer with its usual settings, by the name under which the Lab compares it with others."""
        return {cls.model_fields["kind"].default: cls()}

    @classmethod
    def arithmetic(cls, weight: float, gradient: float, group: Group, state: State) -> OptimizerStep:
        """One weight's whole update, line by line; `gradient` is the one after the clip."""
        decay = group.get("weight_decay", 0.0)
        if not decay:
            return OptimizerStep(tuple(cls.lines(weight, gradient, group, state)))
        line, weight, gradient = cls._decay(weight, gradient, decay, group)
        return OptimizerStep((line, *cls.lines(weight, gradient, group, state)))

    @classmethod
    def _decay(cls, weight: float, gradient: float, decay: float, group: Group) -> tuple[ArithmeticLine, float, float]:
        """The line of weight decay, and the weight and the gradient after it."""
        line = mixed_decay(weight, gradient, decay)
        return line, weight, line.value

    def live(self) -> dict[str, float]:
        """What can be changed of it while a run trains, as it is now, by the keys of `LIVE`."""
        fields = {key: self.momentum_field if key == "momentum" else key for key in LIVE}
        return {key: getattr(self, field) for key, field in fields.items() if field in type(self).model_fields}

    @classmethod
    def change(cls, group: dict[str, Any], key: str, value: float) -> float:
        """Give one of `live` another value in torch's param group; returns the one that it had."""
        place = "initial_lr" if key == "learning_rate" else key  # what schedules start from
        if key == "momentum" and cls.momentum_field == "beta1":
            place, old, new = "betas", group["betas"][0], (value, group["betas"][1])
        else:
            old, new = group[place], value
        group[place] = new
        return float(old)

    def pull(self) -> float | None:
        """Share of every weight that weight decay alone takes at an update; None where it is mixed into a scaled
        gradient, or there is none."""
        return None

    def decayed(self) -> Optimizer:
        """The same with a weight decay that holds learning by heart back; itself where it has none."""
        now = self.live().get("weight_decay")
        return self if now is None else self.model_copy(update={"weight_decay": max(5e-4, 3 * now)})

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the `torch.optim` class of the same name."""
        values = self.model_dump(exclude={"kind"})
        values["lr"] = values.pop("learning_rate")
        if "beta1" in values:
            values["betas"] = values.pop("beta1"), values.pop("beta2")
        return values


def rate(default: float) -> Any:
    return Field(default, gt=0, le=100, description="Learning rate: how far one update moves the weights.")


def decay(default: float = 0.0) -> Any:
    return Field(default, ge=0, le=10, description="Weight decay: pulls every weight a little towards zero.")


def beta(default: float, what: str) -> Any:
    return Field(default, ge=0, lt=1, description=what)


def eps(default: float) -> Any:
    return Field(default, gt=0, le=1, description="A small number that keeps the division from blowing up.")



"""How weights are moved: each optimizer's own fields, as plain data with torch's meaning.

Knows neither torch nor specs.
"""
from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field


class _Optimizer(BaseModel):
    """What all optimizers share. The class docstring's first line is the sentence shown on the page."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
    formula: ClassVar[str]
    momentum_field: ClassVar[str | None] = None  # the field that plays momentum's part, changeable while running

    @property
    def moments(self) -> int:
        """How many numbers it remembers for each weight."""
        return 1

    @classmethod
    def sentence(cls) -> str:
        return (cls.__doc__ or "").strip().splitlines()[0]

    def pull(self) -> float | None:
        """Share of every weight that weight decay alone takes at an update; None where it is mixed into a scaled
        gradient, or there is none."""
        return None

    def decayed(self) -> Self | AdamW:
        """The same with a weight decay that holds learning by heart back; itself where it has none."""
        now = getattr(self, "weight_decay", None)
        return self if now is None else self.model_copy(update={"weight_decay": max(5e-4, 3 * now)})

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the `torch.optim` class of the same name."""
        values = self.model_dump(exclude={"kind"})
        values["lr"] = values.pop("learning_rate")
        if "beta1" in values:
            values["betas"] = (values.pop("beta1"), values.pop("beta2"))
        return values


def _rate(default: float) -> Any:
    return Field(default, gt=0, le=100, description="Learning rate: how far one update moves the weights.")


def _decay(default: float = 0.0) -> Any:
    return Field(default, ge=0, le=10, description="Weight decay: pulls every weight a little towards zero.")


def _beta(default: float, what: str) -> Any:
    return Field(default, ge=0, lt=1, description=what)


def _eps(default: float) -> Any:
    return Field(default, gt=0, le=1, description="A small number that keeps the division from blowing up.")


class SGD(_Optimizer):
    """Steps straight down the slope of one batch; with momentum it keeps rolling."""

    kind: Literal["SGD"] = "SGD"
    learning_rate: float = _rate(0.05)
    momentum: float = _beta(0.9, "Share of the last step that is kept, as a rolling ball keeps its speed.")
    nesterov: bool = Field(default=True, description="Look at the slope where momentum is about to carry us.")
    weight_decay: float = _decay()
    formula: ClassVar[str] = r"v \leftarrow \mu v + g, \qquad w \leftarrow w - \eta\, v"
    momentum_field: ClassVar[str | None] = "momentum"

    @property
    def moments(self) -> int:
        return int(self.momentum > 0)

    def pull(self) -> float | None:
        return self.learning_rate * self.weight_decay / (1 - self.momentum)

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"nesterov": self.nesterov and self.momentum > 0}


class Adam(_Optimizer):
    """Gives every weight its own step size from the mean and spread of its recent gradients."""

    kind: Literal["Adam"] = "Adam"
    learning_rate: float = _rate(1e-3)
    beta1: float = _beta(0.9, "Memory of the mean gradient (Adam's momentum).")
    beta2: float = _beta(0.999, "Memory of the gradients' size.")
    eps: float = _eps(1e-8)
    weight_decay: float = _decay()
    amsgrad: bool = Field(default=False, description="Never let a weight's step size grow again.")
    formula: ClassVar[str] = r"w \leftarrow w - \eta\, \hat m / (\sqrt{\hat v} + \epsilon)"
    momentum_field: ClassVar[str | None] = "beta1"

    @property
    def moments(self) -> int:
        return 2 + self.amsgrad

    def decayed(self) -> AdamW:
        """AdamW, which takes the decay straight from the weights."""
        return AdamW(**self.model_dump(exclude={"kind", "weight_decay"}), weight_decay=max(0.05, 3 * self.weight_decay))


class AdamW(Adam):
    """Adam with weight decay taken straight from the weights instead of mixed into the gradient."""

    kind: Literal["AdamW"] = "AdamW"  # type: ignore[assignment]
    weight_decay: float = _decay(0.01)

    def pull(self) -> float | None:
        return self.learning_rate * self.weight_decay

    formula: ClassVar[str] = r"w \leftarrow (1 - \eta\lambda)\, w - \eta\, \hat m / (\sqrt{\hat v} + \epsilon)"


class RMSprop(_Optimizer):
    """Divides each step by the recent size of that weight's gradient."""

    kind: Literal["RMSprop"] = "RMSprop"
    learning_rate: float = _rate(1e-3)
    alpha: float = _beta(0.99, "Memory of the gradients' size.")
    eps: float = _eps(1e-8)
    momentum: float = _beta(0.0, "Share of the last step that is kept.")
    centered: bool = Field(default=False, description="Measure the size around the mean gradient.")
    weight_decay: float = _decay()
    formula: ClassVar[str] = (
        r"s \leftarrow \alpha s + (1-\alpha) g^2, \qquad w \leftarrow w - \eta\, g/(\sqrt{s}+\epsilon)"
    )
    momentum_field: ClassVar[str | None] = "momentum"

    @property
    def moments(self) -> int:
        return 1 + (self.momentum > 0) + self.centered


class Adagrad(_Optimizer):
    """Takes smaller and smaller steps for weights that have already moved a lot."""

    kind: Literal["Adagrad"] = "Adagrad"
    learning_rate: float = _rate(1e-2)
    lr_decay: float = Field(default=0.0, ge=0, le=1, description="Lets the learning rate shrink with every step.")
    initial_accumulator_value: float = Field(default=0.0, ge=0, le=10, description="Where the sum of squares starts.")
    eps: float = _eps(1e-10)
    weight_decay: float = _decay()
    formula: ClassVar[str] = r"s \leftarrow s + g^2, \qquad w \leftarrow w - \eta\, g/(\sqrt{s}+\epsilon)"


OPTIMIZERS: dict[str, type[_Optimizer]] = {cls.__name__: cls for cls in (SGD, Adam, AdamW, RMSprop, Adagrad)}
Optimizer = SGD | Adam | AdamW | RMSprop | Adagrad

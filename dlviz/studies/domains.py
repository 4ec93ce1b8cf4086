"""What values a field of a spec takes, read from pydantic's own declaration. Knows no hyperparameter."""
from __future__ import annotations

import functools
import operator
import types
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from dlviz.algorithms import ALGORITHMS, Algorithm
from dlviz.errors import SpecError
from dlviz.optimizers import OPTIMIZERS, Optimizer
from dlviz.schedules import SCHEDULES, Schedule
from dlviz.spec import Scalar
from dlviz.translation import _, in_a_row, translated

REGISTRIES: dict[Any, dict[str, Any]] = {Optimizer: OPTIMIZERS, Schedule: SCHEDULES, Algorithm: ALGORITHMS}
LOG_FROM = 50  # times the usual value: a field that may go so far is looked at on a logarithmic scale


@dataclass(frozen=True)
class Domain:
    """What values a hyperparameter takes: whole numbers, numbers, or one of `choices`; and the one that it has now."""

    kind: Literal["integer", "number", "choice"]
    now: Scalar
    low: float | None = None
    above: bool = False  # `low` itself is not allowed
    high: float | None = None
    choices: tuple[Scalar, ...] = ()
    log: bool = False
    optional: bool = False  # None, said as "off", is a value too
    sentence: str = ""


def word(value: Scalar) -> str:
    """A value as a person reads it, in the current language."""
    if isinstance(value, bool):
        return str(_("with") if value else _("without"))
    if value is None:
        return str(_("off"))
    return f"{value:.4g}" if isinstance(value, float) else str(value).replace("_", " ")


def field_domain(info: FieldInfo, now: Any) -> Domain:
    kind, optional, sentence = bare(info), is_optional(info), translated(info.description or "")
    if kind is bool:
        return Domain("choice", now, choices=(True, False), sentence=sentence)
    if get_origin(kind) is Literal:
        choices = get_args(kind) + ((None,) if optional else ())
        return Domain("choice", now, choices=choices, sentence=sentence)
    low, high = bounds(info)
    usual = now or info.default or 0
    log = usual > 0 and (high is None or high / usual >= LOG_FROM)
    above = any(getattr(rule, "gt", None) is not None for rule in info.metadata)
    return Domain("integer" if kind is int else "number", now, low, above, high, log=log, optional=optional,
                  sentence=sentence)


def bounds(info: FieldInfo) -> tuple[float | None, float | None]:
    def bound(*names: str) -> float | None:
        return next((getattr(rule, name) for rule in info.metadata for name in names
                     if getattr(rule, name, None) is not None), None)

    return bound("ge", "gt"), bound("le", "lt")


def bare(info: FieldInfo) -> Any:
    """The annotation without `None`."""
    kind = info.annotation
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, types.UnionType):
        rest = [part for part in get_args(kind) if part is not type(None)]
        return rest[0] if len(rest) == 1 else functools.reduce(operator.or_, rest)
    return kind


def is_optional(info: FieldInfo) -> bool:
    return type(None) in get_args(info.annotation)


def models(kind: Any) -> tuple[type[BaseModel], ...]:
    """The models among which a field chooses; none for a plain one."""
    if kind in REGISTRIES:
        return tuple(REGISTRIES[kind].values())
    parts = get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)
    return parts if all(isinstance(part, type) and issubclass(part, BaseModel) for part in parts) else ()


def kind_name(model: type[BaseModel]) -> str:
    kind = model.model_fields.get("kind")
    return kind.default if kind is not None else model.__name__


def fitting(title: str, known: Domain, value: Scalar) -> Scalar:
    """The value in the field's own type. SpecError, which says `title`, for one that cannot be."""
    if known.kind == "choice":
        if value not in known.choices:
            raise SpecError(_("The {title}", title=title),
                            _("must be one of {choices}", choices=in_a_row([word(choice) for choice in known.choices])),
                            _("{value} was given", value=word(value)), _("Choose one of these."))
        return value
    if value is None and known.optional:
        return None
    integer = isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
    if isinstance(value, bool | str | None) or (known.kind == "integer" and not integer):
        raise SpecError(_("The {title}", title=title), _("must be a whole number") if known.kind == "integer"
                        else _("must be a number"),
                        _("{value} was given", value=word(value)), _("Choose another value."))
    if (known.low is not None and value < known.low) or (known.high is not None and value > known.high):
        raise SpecError(_("The {title}", title=title),
                        _("must lie between {low:g} and {high:g}", low=known.low, high=known.high)
                        if known.high is not None else _("must be at least {low:g}", low=known.low),
                        _("{value} was given", value=word(value)), _("Choose another value."))
    return int(value) if known.kind == "integer" else float(value)

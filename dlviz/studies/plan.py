"""What a study varies: hyperparameters with their values, typed or spread over a range, and what follows from them."""
from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Annotated

from pydantic import Field

from dlviz import network as net
from dlviz import settings, tasks
from dlviz.errors import SpecError
from dlviz.spec import Experiment, Plain, Scalar
from dlviz.studies import hyperparameters
from dlviz.studies.hyperparameters import Domain, Hyperparameter
from dlviz.translation import _, _n

MOST = 60  # runs in one study


class Axis(Plain):
    """One hyperparameter and the values that it takes in turn."""

    hyperparameter: Hyperparameter
    values: Annotated[tuple[Scalar, ...], Field(max_length=MOST, strict=False)]


@dataclass(frozen=True)
class Variant:
    """One run of a study before it is one: its values (one an axis), its name, and what it trains."""

    values: tuple[Scalar, ...]
    label: str
    experiment: Experiment


def variants(base: Experiment, axes: Sequence[Axis]) -> tuple[Variant, ...]:
    """Every combination of the axes' values, from the same seed unless the seed itself is varied.

    SpecError when there are fewer than two or more than `MOST`, or when one of them cannot be trained.
    """
    points = list(dict.fromkeys(product(*(axis.values for axis in axes)))) if axes else []
    if len(points) < 2:
        raise SpecError(_("A study"), _("needs two or more values"),
                        _("{count} was given", count=len(points)) if points else _("none was given"),
                        _("Add another value."))
    if len(points) > MOST:
        raise SpecError(_("A study"), _("may have {most} runs at most", most=MOST),
                        _("this would be {count:,}", count=len(points)), _("Leave out some of the values."))
    return tuple(variant(base, [axis.hyperparameter for axis in axes], values) for values in points)


def variant(base: Experiment, selection: Sequence[Hyperparameter], values: Sequence[Scalar]) -> Variant:
    """The base with these hyperparameters at these values. SpecError, with the values, when it cannot be trained."""
    experiment = base
    for hyperparameter, value in zip(selection, values):
        experiment = hyperparameters.set_value(experiment, hyperparameter, value)
    label = say(selection, values)
    _check(experiment, label)
    name = label[:settings.MAX_NAME].strip()
    return Variant(tuple(values), label, experiment.model_copy(update={"name": name}))


def say(selection: Sequence[Hyperparameter], values: Sequence[Scalar]) -> str:
    """'learning rate 0.01, batch size 64'; 'with dropout'."""
    return ", ".join(_say(hyperparameter, value) for hyperparameter, value in zip(selection, values))


def _say(hyperparameter: Hyperparameter, value: Scalar) -> str:
    if hyperparameter.path[0] in ("toggle", "present"):
        return f"{hyperparameters.word(value)} {hyperparameter.title}"
    if isinstance(value, str):
        return hyperparameters.word(value)
    return f"{hyperparameter.title} {hyperparameters.word(value)}"


def _check(experiment: Experiment, label: str) -> None:
    task = tasks.get(experiment.task.name, experiment.task.fields)
    report = net.check(experiment.network, task.signature(), experiment.training.batch_size)
    experiment.training.require(task.signature())
    if report.errors:
        error = report.errors[0]
        raise SpecError(_("With {label}: {what}", label=label, what=error.what), error.expected, error.came,
                        _("Leave this value out."))


# values

def spread(low: float, high: float, count: int, *, log: bool, integer: bool) -> tuple[float | int, ...]:
    """`count` values from `low` to `high`, both included, evenly or (log) by equal factors, or rounded.

    SpecError for a range that is none.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or low >= high:
        raise SpecError(_("A range"), _("must end above its start"),
                        _("it goes from {low:g} to {high:g}", low=low, high=high), _("Swap the two, or choose others."))
    if not 2 <= count <= MOST:
        raise SpecError(_("A range"), _("must have 2 to {most} values", most=MOST),
                        _n("{count} was asked for", "{count} were asked for", count=count), _("Choose another number."))
    if log and low <= 0:
        raise SpecError(_("A range by equal factors"), _("must start above zero"), _("it starts at {low:g}", low=low),
                        _("Choose a start above zero, or equal distances."))
    values = [_between(low, high, index / (count - 1), log) for index in range(count)]
    values = [float(f"{value:.4g}") for value in values]
    return tuple(dict.fromkeys(round(value) for value in values) if integer else values)


def _between(low: float, high: float, fraction: float, log: bool) -> float:
    return low * (high / low) ** fraction if log else low + (high - low) * fraction


def parse(text: str, known: Domain) -> tuple[Scalar, ...]:
    """Values typed as a list, '0.1, 0.01 0.001'. SpecError names the first that is no number."""
    values: list[Scalar] = []
    for part in text.replace(",", " ").replace(";", " ").split():
        if part.lower() == "off" and known.optional:
            values.append(None)
            continue
        try:
            number = float(part)
        except ValueError as error:
            raise SpecError(_("The list of values"), _("must hold numbers with commas between them"),
                            _("{part!r} is none", part=part[:20]), _("Write for instance 0.1, 0.01, 0.001.")) from error
        values.append(int(number) if known.kind == "integer" and number.is_integer() else number)
    return tuple(dict.fromkeys(values))


def usual(known: Domain) -> tuple[Scalar, ...]:
    """Values worth a try: all choices, or some around the value in hand."""
    if known.kind == "choice":
        return known.choices
    now = float(known.now or 0)
    if known.high == hyperparameters.SEEDS:
        return tuple(int(now) + index for index in range(3))
    factors = ((0.1, 1, 10) if known.kind == "number" else (0.25, 1, 4)) if known.log and now else None
    candidates = [now * factor for factor in factors] if factors else _steps(known, now)
    inside = [min(max(value, known.low if known.low is not None else value),
                  known.high if known.high is not None else value) for value in candidates]
    return tuple(dict.fromkeys(round(v) if known.kind == "integer" else float(f"{v:.4g}") for v in inside))


def _steps(known: Domain, now: float) -> list[float]:
    high = known.high if known.high is not None and known.high <= 1 else 2 * now or 4.0
    return [_lowest(known), now or high / 4, high / 2 if high <= 1 else high]


def _lowest(known: Domain) -> float:
    """The least value that may be tried: a twentieth of the greatest where the bound itself may not."""
    low = known.low or 0.0
    return (known.high or 1.0) / 20 if known.above and low == 0 else low


def reach(known: Domain) -> tuple[float, float]:
    """A range worth searching: a factor of 30 either way around a rate, of eight around a size."""
    now = float(known.now or 0)
    if known.log and now:
        factor = 30.0 if known.kind == "number" else 8.0
        low, high = now / factor, now * factor
    else:
        low = _lowest(known)
        high = known.high if known.high is not None and known.high <= 1 else 4 * now or 8.0
        high = min(high, 0.9) if known.high is not None and known.high <= 1 else high
    low = max(low, known.low) if known.low is not None else low
    high = min(high, known.high) if known.high is not None else high
    if known.kind == "integer":
        return max(1, round(low)), round(high)
    return float(f"{low:.2g}"), float(f"{high:.2g}")

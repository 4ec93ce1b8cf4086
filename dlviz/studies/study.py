"""A study: what is varied, how its runs are trained, which runs there are by now. Frozen, JSON in and out."""
from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from dlviz import settings
from dlviz.spec import Experiment, Plain, Scalar
from dlviz.studies.hyperparameters import Hyperparameter
from dlviz.studies.plan import MOST, Axis

LEAD = 20  # steps between two meetings of runs in lock-step, unless another number is chosen
MOST_LEAD = 1_000


class Member(Plain):
    """One run of a study and the values that it has, one a hyperparameter."""

    run: str
    values: Annotated[tuple[Scalar, ...], Field(strict=False)]


class Span(Plain):
    """Where a search looks for one hyperparameter: from `low` to `high`, or among `choices`."""

    hyperparameter: Hyperparameter
    low: float = 0.0
    high: float = 1.0
    log: bool = False
    integer: bool = False
    choices: Annotated[tuple[Scalar, ...], Field(strict=False)] = ()


class Search(Plain):
    """A search by Optuna: which hyperparameters, how many runs in all, from which seed, whether bad runs end early."""

    spans: Annotated[tuple[Span, ...], Field(min_length=1, max_length=4, strict=False)]
    trials: int = Field(default=12, ge=2, le=MOST)
    seed: int = Field(default=1, ge=0)
    prune: bool = True


class Study(Plain):
    """Runs that belong together.

    Args:
        base: what they all are but for the hyperparameters.
        axes: the hyperparameters and their values; empty for a search.
        pending: values whose runs have not been made yet; a search finds its own.
        members: the runs, in the order in which they were made.
        lead: steps between two meetings in lock-step; None lets each train as fast as it can.
        at_once: how many of its runs may train at a time.
        stopped: no further run is made.
        trouble: why it could not go on, in a sentence.
        observation: what to look at, in a sentence.
        design: the user's design as it was, where `base` is that design made quick enough for this study.
    """

    version: Literal[2] = 2  # `studies.versions` knows those of 1
    id: str
    owner: str
    name: str = Field(min_length=1, max_length=2 * settings.MAX_NAME)
    created: float
    base: Experiment
    axes: Annotated[tuple[Axis, ...], Field(max_length=2, strict=False)] = ()
    search: Search | None = None
    pending: Annotated[tuple[tuple[Scalar, ...], ...], Field(strict=False)] = ()
    members: Annotated[tuple[Member, ...], Field(strict=False)] = ()
    lead: int | None = Field(default=None, ge=1, le=MOST_LEAD)
    at_once: int = Field(default=4, ge=1, le=MOST)
    stopped: bool = False
    trouble: str = ""
    observation: str = ""
    design: Experiment | None = None

    @property
    def hyperparameters(self) -> tuple[Hyperparameter, ...]:
        return tuple(part.hyperparameter for part in (self.search.spans if self.search else self.axes))

    @property
    def complete(self) -> bool:
        """Whether no further run will be made."""
        made = len(self.members)
        return self.stopped or (made >= self.search.trials if self.search else not self.pending)

    @property
    def planned(self) -> int:
        """How many runs there are to be in all."""
        if self.stopped:
            return len(self.members)
        return self.search.trials if self.search else len(self.members) + len(self.pending)

    @property
    def runs(self) -> tuple[str, ...]:
        return tuple(member.run for member in self.members)

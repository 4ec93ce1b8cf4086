"""What a tick looks at: runs as they are now, and what a learner did on a page. Plain values; read by `words`."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dlviz import doctor, network, tasks
from dlviz.network import NetworkReport
from dlviz.runs.info import RunInfo, Snapshot
from dlviz.spec import Experiment

EVENTS = {
    "drawn": "A drawing was answered, on the Draw page.",
    "asked": "An input that was typed, or a sample, was answered on the Look page.",
    "scrubbed": "A moment of a run was chosen with the slider below its curve.",
    "switched_off": "Parts of a network were switched off, on the Explain page.",
    "viewed": "A view was opened.",
    "computed": "A number was typed into the answer box of Slow motion, and it was right.",
    "unsealed": "The test result of a run was opened, once, in a lesson that seals it.",
}
Fact = float | str | bool
Measure = Callable[[str, RunInfo], float | None]


@dataclass(frozen=True)
class PageEvent:
    """Something that a learner did on a page.

    Args:
        kind: one of `EVENTS`.
        at: seconds since 1970.
        run, step: with which network, after so many updates.
        facts: what came of it, by words of the list (`confidence`, `accuracy_off`).
    """

    kind: str
    at: float
    run: str = ""
    step: int = 0
    facts: Mapping[str, Fact] = field(default_factory=dict[str, Fact])


class RunMoment:
    """One run as ticks read it. What costs something is worked out when it is asked for, once."""

    def __init__(self, snapshot: Snapshot, measure: Measure | None = None) -> None:
        self.info: RunInfo = snapshot.info
        self.snapshot = snapshot
        self._measure = measure

    @property
    def experiment(self) -> Experiment:
        return self.info.experiment

    @cached_property
    def report(self) -> NetworkReport:
        task = self.experiment.task
        return network.check(self.experiment.network, tasks.get(task.name, task.fields).signature())

    @cached_property
    def findings(self) -> frozenset[str]:
        """What the doctor finds."""
        past = self.snapshot
        started = past.started
        record = doctor.RunRecord(past.train, past.evaluations, past.health, past.ended, self.info.over,
                                  started and started.chance_loss, started and started.constant_loss)
        found = doctor.diagnose(self.experiment, self.report, record)
        return frozenset(one.problem for one in found.findings)

    def val_accuracy(self, step: int | None = None) -> float | None:
        """At its last evaluation until `step`, where one is given."""
        known = [one.val_accuracy for one in self.snapshot.evaluations if step is None or one.step <= step]
        return known[-1] if known else None

    def measured(self, name: str) -> float | None:
        """What its weights show of `name` on test samples; None while it trains, or has none yet."""
        resting = self.info.over or self.info.state == "paused"
        if self._measure is None or not resting or not self.info.step:
            return None
        return self._measure(name, self.info)


@dataclass(frozen=True)
class Moment:
    """A run as it is now, or an event with the run that it happened to, where that is still there."""

    run: RunMoment | None
    event: PageEvent | None = None

    @property
    def at(self) -> float:
        """When it was, in seconds since 1970."""
        if self.event is not None:
            return self.event.at
        return self.run.info.created if self.run else 0.0

    @property
    def step(self) -> int:
        if self.event is not None:
            return self.event.step
        return self.run.info.step if self.run else 0


@dataclass(frozen=True)
class Evidence:
    """By what a tick was earned, so that it can be shown and looked at again."""

    run: str  # its id; empty where no run took part
    name: str  # as the run was called
    step: int
    event: str = ""  # its kind, where something that was done counts

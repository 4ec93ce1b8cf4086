"""The sweep that a jigsaw makes: of each learner, how their own part went. Plain values."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dlviz.classroom import exercises
from dlviz.classroom.model import Jigsaw, Seat
from dlviz.runs.info import RunInfo
from dlviz.spec import Scalar
from dlviz.studies.results import score


@dataclass(frozen=True)
class Dot:
    """One run of one value. `accuracy` in validation, 0 to 1; None without one, as of a run that diverged at once."""

    seat: Seat
    number: int  # of the value among those that are shared out
    value: Scalar
    run: RunInfo
    accuracy: float | None


def dots(jigsaw: Jigsaw, learners: Iterable[tuple[Seat, Sequence[RunInfo]]]) -> tuple[Dot, ...]:
    """Of each learner and each value the newest run that trains just that; `learners` are seats with their runs."""
    parts = [exercises.part(jigsaw, number) for number in range(len(jigsaw.values))]
    found = []
    for seat, runs in learners:
        for number, part in enumerate(parts):
            run = next((run for run in runs if run.experiment.trains_as(part.experiment)), None)
            if run is not None and run.step:
                found.append(Dot(seat, number, jigsaw.values[number], run, score(run)))
    return tuple(found)

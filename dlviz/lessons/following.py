"""Follows learners: reads their runs and what they did since a lesson began, and earns its ticks. Knows no page."""
from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

from dlviz.errors import RunError
from dlviz.lessons import measures, questions, ticks
from dlviz.lessons.lesson import Lesson, LessonStep
from dlviz.lessons.moments import Evidence, Moment, RunMoment
from dlviz.lessons.record import LessonRecord, Progress
from dlviz.lessons.ticks import Ground
from dlviz.runs.info import RunInfo
from dlviz.runs.service import RunService

REMEMBERED = 64  # runs at rest whose findings are not worked out again
MOST = 40  # runs of one lesson that are looked at, the newest

_lock = threading.Lock()
_at_rest: OrderedDict[tuple[str, float, bool], RunMoment] = OrderedDict()


def ground(service: RunService, record: LessonRecord, progress: Progress) -> Ground:
    """Runs and events of the learner since the lesson began."""
    since = progress.started
    runs = [run for run in service.list(progress.owner) if run.created >= since][:MOST]
    found = [moment for run in reversed(runs) if (moment := _run(service, run)) is not None]
    return Ground(found, record.events(progress.owner, since))


def observe(service: RunService, record: LessonRecord, progress: Progress,
            step: LessonStep) -> tuple[Evidence, ...] | None:
    """What the step's tick was earned by: as it is stored, else as it is now, which is stored then."""
    if step.tick is None:
        return None
    if step.id in progress.ticks:
        return progress.ticks[step.id]
    found = ticks.earned(step.tick, ground(service, record, progress))
    if found is not None:
        record.tick(progress.owner, progress.lesson, step.id, found)
    return found


def counted(service: RunService, record: LessonRecord, progress: Progress, step: LessonStep) -> tuple[int, int] | None:
    """Of how many things that the step's tick waits for so many are there; None where it waits for one."""
    if step.tick is None or all(clause.times == 1 for clause in step.tick.clauses):
        return None
    return ticks.counted(step.tick, ground(service, record, progress))


def measured(service: RunService, record: LessonRecord, progress: Progress, step: LessonStep) -> float | None:
    """What the expression that a prediction is laid under gives, at what the step's tick was earned by."""
    evidence = progress.ticks.get(step.id)
    if step.compares is None or step.compares.measured is None or not evidence:
        return None
    last = evidence[-1]
    for moment in reversed(ground(service, record, progress).moments()):
        if moment.run and moment.run.info.id == last.run and (moment.event.kind if moment.event else "") == last.event \
                and (not last.event or moment.step == last.step):
            return ticks.value(step.compares.measured, moment)
    return None


def answer(record: LessonRecord, progress: Progress, step: LessonStep, value: Any) -> None:
    """Store an answer to the step's question. LessonError for what is none."""
    if step.question is not None:
        record.answer(progress.owner, progress.lesson, step.id, questions.checked(step.question, value))


def standing(lesson: Lesson, progress: Progress) -> LessonStep:
    """The step where a learner stands."""
    known = {step.id: step for step in lesson.steps}
    return known.get(progress.step, lesson.steps[0])


def _run(service: RunService, info: RunInfo) -> RunMoment | None:
    key = info.id, info.updated, info.sealed
    with _lock:
        if key in _at_rest:
            _at_rest.move_to_end(key)
            return _at_rest[key]
    try:
        found = RunMoment(service.snapshot(info.id), measures.of(service))
    except RunError:
        return None  # deleted meanwhile
    if found.info.over:
        with _lock:
            _at_rest[info.id, found.info.updated, found.info.sealed] = found
            while len(_at_rest) > REMEMBERED:
                _at_rest.popitem(last=False)
    return found


def moment_of(service: RunService, run: str) -> Moment | None:
    """A run as ticks read it; None when it is gone."""
    try:
        found = _run(service, service.get(run))
    except RunError:
        return None
    return Moment(found) if found else None

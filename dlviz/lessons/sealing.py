"""The sealed envelope of a lesson: no test result of its runs is told, until the learner opens that of one, once.

As long as such a lesson is open; who leaves or finishes it has all results. Knows no page.
"""
from __future__ import annotations

import threading
import time

from dlviz import english
from dlviz.errors import LessonError
from dlviz.lessons import catalogue
from dlviz.lessons.moments import PageEvent
from dlviz.lessons.record import LessonRecord, Progress
from dlviz.runs.info import RunInfo
from dlviz.runs.sealing import Rule, Sealed
from dlviz.runs.service import RunService
from dlviz.translation import _

OPENING = "unsealed"  # the event
_lock = threading.Lock()  # two tabs may open an envelope at once


def rule(record: LessonRecord) -> Rule:
    """Which runs of an owner a lesson seals."""
    def of(owner: str) -> Sealed | None:
        progress = _sealing(record, owner)
        if progress is None:
            return None
        opened = _opened(record, progress)
        return lambda info: info.created >= progress.started and info.id not in opened

    return of


def can_open(record: LessonRecord, info: RunInfo) -> bool:
    """Whether the envelope of this run could be opened: it is closed, and none was opened yet."""
    progress = _sealing(record, info.owner)
    return progress is not None and info.sealed and info.state == "done" and not _opened(record, progress)


def unseal(service: RunService, record: LessonRecord, owner: str, run: str) -> None:
    """Open the test result of one's best run. LessonError for another one, and where one was opened before."""
    with _lock:
        info, progress = service.get(run), _sealing(record, owner)
        if progress is None or info.owner != owner or not can_open(record, info):
            raise LessonError(_("The test result"),
                              _("can only be opened once, of a finished run in a lesson that seals"),
                              _("this one cannot"), _("Begin the lesson again to have other results sealed."))
        finished = [one for one in service.list(owner) if one.state == "done" and one.created >= progress.started]
        best = max(finished, key=_score)
        if _score(best) > _score(info):
            raise LessonError(_("The envelope"), _("must be that of the run with the highest validation accuracy"),
                              _("the highest has {name!r}, with {percent}", name=best.name,
                                percent=english.percent(_score(best), 2)),
                              _("Choose by validation, then open that one."))
        record.note(owner, PageEvent(OPENING, time.time(), run, info.step))


def _score(info: RunInfo) -> float:
    return info.val_accuracy or 0.0


def _sealing(record: LessonRecord, owner: str) -> Progress | None:
    """How far the owner is in the lesson that is open, where it seals and is not finished."""
    lesson = record.opened(owner)
    if lesson is None or not catalogue.seals(lesson):
        return None
    progress = record.progress(owner, lesson)
    return progress if progress.done is None else None


def _opened(record: LessonRecord, progress: Progress) -> set[str]:
    return {event.run for event in record.events(progress.owner, progress.started) if event.kind == OPENING}

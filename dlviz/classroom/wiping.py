"""What is left of a class that is over: nothing. Runs, studies, lessons, drafts, and the class with its seats.

A server that is killed in the middle wipes on when it starts again, since the class is forgotten last.
"""
from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable

from dlviz import groups, lessons, settings
from dlviz.classroom.classroom import Classroom
from dlviz.errors import DlvizError
from dlviz.owners import is_seat_owner
from dlviz.runs.service import RunService
from dlviz.studies import studies

EVERY = 3_600.0  # seconds between two looks for classes that have become too old

log = logging.getLogger(__name__)


def end(classroom: Classroom, service: RunService, room: str, by: str) -> None:
    """End a class and wipe it. ClassError for who is no teacher."""
    classroom.close_room(room, by)
    sweep(classroom, service)


def remove(classroom: Classroom, service: RunService, seat: str, by: str) -> None:
    """Take one seat out of its class, with all that was made at it. ClassError for who is no teacher."""
    forget(classroom.remove(seat, by).owner, service)


def sweep(classroom: Classroom, service: RunService) -> None:
    """Wipe all classes that are over."""
    for room, seats in classroom.over():
        for seat in seats:
            forget(seat.owner, service)
        classroom.forget_room(room.id)
    live = {seat.owner for seat in classroom.all_seats()}
    for path in (settings.home() / "drafts").glob("*.*"):  # a tab that was open may have written one later
        if is_seat_owner(path.stem) and path.stem not in live:
            path.unlink(missing_ok=True)


def forget(owner: str, service: RunService) -> None:
    """Delete all that this seat's owner has made."""
    found = studies.of(service)
    for study in found.list(owner):
        found.delete(study.id, runs=False, by=owner)
    for run in service.list(owner):
        service.delete(run.id, by=owner)
    lessons.record().forget(owner)
    lessons.sharing.draft_path(owner).unlink(missing_ok=True)
    (settings.home() / "drafts" / f"{owner}.json").unlink(missing_ok=True)
    groups.forget(owner)


def keep_sweeping(classroom: Callable[[], Classroom], service: RunService) -> None:
    """Sweep now and each hour, in a thread of its own, until the service is closed. `classroom` gives the classes."""
    alive = weakref.ref(service)

    def on() -> None:
        while (found := alive()) is not None and not found.closed:
            try:
                sweep(classroom(), found)
            except (DlvizError, OSError):
                log.exception("A class that is over could not be wiped; it is tried again in an hour")
            del found
            time.sleep(EVERY)

    threading.Thread(target=on, name="dlviz.wiping", daemon=True).start()

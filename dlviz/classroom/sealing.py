"""The sealed test results of a class: while its board is up and not opened, nobody is told those of its task."""
from __future__ import annotations

from collections.abc import Callable

from dlviz.classroom.classroom import Classroom
from dlviz.owners import is_seat_owner
from dlviz.runs.sealing import Rule, Sealed


def rule(classroom: Callable[[], Classroom]) -> Rule:
    """Which runs of an owner are sealed. `classroom` gives the classes of this server."""
    def of(owner: str) -> Sealed | None:
        room = classroom().room_of_owner(owner) if is_seat_owner(owner) else None
        if room is None or room.board is None or room.board.opened is not None:
            return None
        task = room.board.task
        return lambda info: info.experiment.task.name == task

    return of

"""A pause of a whole class: "look up" on every screen, and the runs rest with it if the teacher wants."""
from __future__ import annotations

import logging

from dlviz.classroom.classroom import Classroom
from dlviz.errors import RunError
from dlviz.runs.service import RunService
from dlviz.training.control import Message, Pause, Resume

GOING = ("queued", "starting", "training")

log = logging.getLogger(__name__)


def pause(classroom: Classroom, service: RunService, room: str, by: str, runs: bool) -> None:
    """Have every screen say "look up"; with `runs` all that trains in the class rests. ClassError for no teacher."""
    going = [(run.id, run.owner) for seat in classroom.seats(room, by) for run in service.list(seat.owner)
             if runs and run.state in GOING]
    resting = [run for run, owner in going if _posted(service, run, Pause(), owner)]
    classroom.change(room, by, paused=True, resting=tuple(resting))


def go_on(classroom: Classroom, service: RunService, room: str, by: str) -> None:
    """End the pause; the runs that rest because of it go on, but for those that their owners have ended meanwhile."""
    resting = set(classroom.room(room, by).resting)
    for seat in classroom.seats(room, by):
        for run in service.list(seat.owner):
            if run.id in resting and run.state == "paused":
                _posted(service, run.id, Resume(), seat.owner)
    classroom.change(room, by, paused=False, resting=())


def _posted(service: RunService, run: str, message: Message, owner: str) -> bool:
    """Whether the run took it: it may end at the same moment."""
    try:
        service.post(run, message, owner)
    except RunError as error:
        log.info("%s", error.sentence)
        return False
    return True

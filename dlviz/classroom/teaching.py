"""The lesson of a class: open on every seat, begun where the class is, paced if the teacher wants, and how far all are.
"""
from __future__ import annotations

from collections.abc import Sequence

from dlviz import lessons
from dlviz.classroom import refusals
from dlviz.classroom.classroom import Classroom
from dlviz.classroom.model import Room, Seat
from dlviz.errors import LessonError
from dlviz.lessons import Lesson, LessonStep, Progress
from dlviz.runs.info import RunInfo


def choose(classroom: Classroom, room: str, by: str, lesson: str) -> None:
    """Open this lesson on every seat of the class; an empty name closes it. ClassError for who is no teacher.

    LessonError when there is none of this name.
    """
    if lesson:
        lessons.get(lesson)
    classroom.change(room, by, lesson=lesson, pace=None, asked="")
    record = lessons.record()
    for seat in classroom.seats(room, by):
        if lesson and seat.admitted:
            record.begin(seat.owner, lesson)
        elif not lesson:
            record.leave(seat.owner)


def set_pace(classroom: Classroom, room: str, by: str, first: int, last: int) -> None:
    """Open these steps only, from 1; who stands elsewhere is led to the nearest. ClassError for who is no teacher."""
    found = classroom.room(room, by)
    lesson = lesson_of(found)
    if lesson is None:
        return
    everything = (first, last) == (1, len(lesson.steps))
    changed = classroom.change(room, by, pace=None if everything else (first, last))
    for seat in classroom.seats(room, by):
        if seat.admitted:
            _lead(seat, lesson, changed)


def open_steps(lesson: Lesson, room: Room) -> range:
    """The places of the steps that the class's pace opens; all of them in another lesson than the class's."""
    count = len(lesson.steps)
    first, last = room.pace if room.pace and room.lesson == lesson.id else (1, count)
    return range(min(first, count) - 1, min(last, count))


def steps_for(classroom: Classroom, device: str, lesson: Lesson) -> range:
    """The places of the steps that are open to who sits at this device."""
    seat = classroom.seat_of(device)
    return open_steps(lesson, classroom.room_of(seat)) if seat and seat.admitted else range(len(lesson.steps))


def go(classroom: Classroom, device: str, lesson: Lesson, step: str, done: bool = False) -> None:
    """Stand at this step from now on; `done` at the end. ClassError for one that the class's pace does not open."""
    open_now = steps_for(classroom, device, lesson)
    if lesson.index(step) not in open_now:
        raise refusals.not_this_step(open_now.start + 1, open_now.stop)
    lessons.record().go(classroom.owner_of(device), lesson.id, step, done)


def arrive(seat: Seat, room: Room, others: Sequence[Seat]) -> None:
    """Open the class's lesson for who has just sat down, at the step where most of the class is by now.

    Who waits to be let in arrives later, with `admit`.
    """
    lesson = lesson_of(room)
    if lesson is None or not seat.admitted:
        return
    record = lessons.record()
    if record.progress(seat.owner, lesson.id).step:
        record.begin(seat.owner, lesson.id)  # was here before
        return
    record.begin(seat.owner, lesson.id)
    here = where(lesson, [other for other in others if other.id != seat.id])
    if here:
        record.go(seat.owner, lesson.id, lesson.steps[here].id)
    _lead(seat, lesson, room)


def admit(classroom: Classroom, seat: str, by: str) -> None:
    """Let somebody in who waits, to where the class is. ClassError for who is no teacher."""
    classroom.admit(seat, by)
    found = classroom.seat(seat, by)
    arrive(found, classroom.room_of(found), classroom.seats(found.room, by))


def where(lesson: Lesson, seats: Sequence[Seat]) -> int:
    """The place of the step where the middle of these learners stands; the first without any."""
    record = lessons.record()
    standing = sorted(lesson.index(lessons.standing(lesson, record.progress(seat.owner, lesson.id)).id)
                      for seat in seats if seat.admitted)
    return standing[len(standing) // 2] if standing else 0


def lesson_of(room: Room) -> Lesson | None:
    """The lesson of a class; None without one, and when its file is gone."""
    if not room.lesson:
        return None
    try:
        return lessons.get(room.lesson)
    except LessonError:
        return None


def signs(lesson: Lesson, owner: str) -> tuple[str, ...]:
    """One of the wall's signs for each step of the lesson: "done", "working" for where they stand, "todo"."""
    progress = lessons.record().progress(owner, lesson.id)
    here = lesson.index(lessons.standing(lesson, progress).id)
    return tuple(_sign(step, progress, at, here) for at, step in enumerate(lesson.steps))


def tries(lesson: Lesson, owner: str, runs: Sequence[RunInfo]) -> int:
    """Runs that have ended since the learner came to the step where they stand, and did not earn its tick."""
    record = lessons.record()
    progress = record.progress(owner, lesson.id)
    step = lessons.standing(lesson, progress)
    if step.tick is None or step.id in progress.ticks:
        return 0
    since = max(progress.started, record.arrived(owner, lesson.id, step.id))
    return sum(run.over and run.created >= since for run in runs)


def _lead(seat: Seat, lesson: Lesson, room: Room) -> None:
    """To the nearest step that is open."""
    record, open_now = lessons.record(), open_steps(lesson, room)
    here = lesson.index(lessons.standing(lesson, record.progress(seat.owner, lesson.id)).id)
    nearest = min(max(here, open_now.start), open_now.stop - 1)
    if nearest != here:
        record.go(seat.owner, lesson.id, lesson.steps[nearest].id)


def _sign(step: LessonStep, progress: Progress, at: int, here: int) -> str:
    if step.tick is not None:
        earned = step.id in progress.ticks
    else:
        earned = step.id in progress.answers if step.question is not None else at < here
    if earned or (progress.done is not None and step.tick is None):
        return "done"
    return "working" if at == here else "todo"

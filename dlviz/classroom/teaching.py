"""The lesson of a class: open on every seat, begun where the class is, and how far each learner has come."""
from __future__ import annotations

from collections.abc import Sequence

from dlviz import lessons
from dlviz.classroom.classroom import Classroom
from dlviz.classroom.model import Room, Seat
from dlviz.errors import LessonError
from dlviz.lessons import Lesson, LessonStep, Progress


def choose(classroom: Classroom, room: str, by: str, lesson: str) -> None:
    """Open this lesson on every seat of the class; an empty name closes it. ClassError for who is no teacher.

    LessonError when there is none of this name.
    """
    if lesson:
        lessons.get(lesson)
    classroom.change(room, by, lesson=lesson)
    record = lessons.record()
    for seat in classroom.seats(room, by):
        if lesson:
            record.begin(seat.owner, lesson)
        else:
            record.leave(seat.owner)


def arrive(seat: Seat, room: Room, others: Sequence[Seat]) -> None:
    """Open the class's lesson for who has just sat down, at the step where most of the class is by now."""
    lesson = lesson_of(room)
    if lesson is None:
        return
    record = lessons.record()
    if record.progress(seat.owner, lesson.id).step:
        record.begin(seat.owner, lesson.id)  # was here before
        return
    record.begin(seat.owner, lesson.id)
    standing = sorted(lesson.index(lessons.standing(lesson, record.progress(other.owner, lesson.id)).id)
                      for other in others if other.id != seat.id)
    if standing:
        record.go(seat.owner, lesson.id, lesson.steps[standing[len(standing) // 2]].id)


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


def _sign(step: LessonStep, progress: Progress, at: int, here: int) -> str:
    if step.tick is not None:
        earned = step.id in progress.ticks
    else:
        earned = step.id in progress.answers if step.question is not None else at < here
    if earned or (progress.done is not None and step.tick is None):
        return "done"
    return "working" if at == here else "todo"

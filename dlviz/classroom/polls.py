"""What a class votes on: asked by the teacher alone, one vote a seat, counted without names. Knows no page."""
from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from dlviz.classroom import refusals
from dlviz.classroom.classroom import Classroom
from dlviz.classroom.model import Poll, Room, Seat
from dlviz.classroom.votes import questions_of
from dlviz.lessons import Lesson, LessonStep
from dlviz.translation import _

LEAST, MOST = 2, 5  # options
QUESTION, OPTION = 160, 80  # characters


def ask(classroom: Classroom, room: str, by: str, question: str, options: Sequence[str]) -> None:
    """Open a new poll, in the place of one before, and show it on the projector, without its counts.

    ClassError for who is no teacher, and for what cannot be voted on.
    """
    text = " ".join(question.split())
    words = tuple(filter(None, (" ".join(option.split()) for option in options)))
    if not text or len(text) > QUESTION:
        raise refusals.not_a_poll(_("its text has {count} characters", count=len(text)))
    if not LEAST <= len(words) <= MOST or len(set(words)) < len(words):
        raise refusals.not_a_poll(_("{count} different ones were given", count=len(set(words))))
    if max(map(len, words)) > OPTION:
        raise refusals.not_a_poll(_("one has {count} characters", count=max(map(len, words))))
    poll = Poll(id=secrets.token_hex(8), question=text, options=words)
    classroom.change(room, by, poll=poll, showing="poll")


def close(classroom: Classroom, room: str, by: str, closed: bool = True) -> None:
    """No vote any more, or votes again. ClassError for who is no teacher."""
    _change(classroom, room, by, closed=closed)


def show(classroom: Classroom, room: str, by: str, shown: bool = True) -> None:
    """Bars on the projector, or none. ClassError for who is no teacher."""
    _change(classroom, room, by, shown=shown)


def take_down(classroom: Classroom, room: str, by: str) -> None:
    """Forget the poll; the votes in it count nowhere any more. ClassError for who is no teacher."""
    classroom.change(room, by, poll=None)


def counts(room: Room, seats: Sequence[Seat]) -> tuple[int, ...]:
    """How many of these chose each option; empty without a poll."""
    if room.poll is None:
        return ()
    chosen = [seat.vote[1] for seat in seats if seat.admitted and seat.vote and seat.vote[0] == room.poll.id]
    return tuple(chosen.count(at) for at in range(len(room.poll.options)))


def own_vote(room: Room, seat: Seat) -> int | None:
    """The option that this seat has chosen in the class's poll."""
    return seat.vote[1] if room.poll and seat.vote and seat.vote[0] == room.poll.id else None


def takeable(lesson: Lesson) -> tuple[LessonStep, ...]:
    """The lesson's questions that can be voted on."""
    return tuple(step for step in questions_of(lesson)
                 if step.question and step.question.form == "choice" and LEAST <= len(step.question.options) <= MOST)


def _change(classroom: Classroom, room: str, by: str, **values: Any) -> None:
    found = classroom.room(room, by)
    if found.poll is not None:
        classroom.change(room, by, poll=found.poll.model_copy(update=values))

"""What a class has answered to a question of its lesson: counted, without names and without marks. Plain values."""
from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dlviz import lessons
from dlviz.classroom import teaching
from dlviz.classroom.model import Room, Seat
from dlviz.lessons import Lesson, LessonStep, Question

BARS = 8  # of numbers that are more than can stand in rows
FEW = 11  # whole numbers that have a row each


@dataclass(frozen=True)
class Votes:
    """Answers to one question, in the order of the seats."""

    step: LessonStep
    question: Question
    answers: tuple[Any, ...]
    asked: int  # how many could have answered


def gather(room: Room, seats: Sequence[Seat]) -> Votes | None:
    """The answers to the question that the teacher has chosen, else to the last one where the class is."""
    lesson = teaching.lesson_of(room)
    step = _step(lesson, room, seats) if lesson else None
    if lesson is None or step is None or step.question is None:
        return None
    given = (lessons.record().progress(seat.owner, lesson.id).answers.get(step.id) for seat in seats)
    return Votes(step, step.question, tuple(one for one in given if one is not None), len(seats))


def questions_of(lesson: Lesson) -> tuple[LessonStep, ...]:
    """Its steps that ask something."""
    return tuple(step for step in lesson.steps if step.question is not None)


def bars(votes: Votes) -> list[tuple[str, int]]:
    """A word and how many chose it: an option, a number or a span of numbers, what was ranked first."""
    question = votes.question
    if question.form == "number":
        return _numbers(question, votes.answers)
    chosen = [answer[0] if question.form == "ranking" else answer for answer in votes.answers]
    return [(option.text, chosen.count(at)) for at, option in enumerate(question.options)]


def _numbers(question: Question, answers: Sequence[float]) -> list[tuple[str, int]]:
    wide = question.high - question.low
    if question.low.is_integer() and question.high.is_integer() and wide < FEW:
        values = range(int(question.low), int(question.high) + 1)
        return [(str(value), sum(round(one) == value for one in answers)) for value in values]
    edges = [question.low + wide * at / BARS for at in range(BARS + 1)]
    return [(f"{low:,.4g} – {high:,.4g}", sum(low <= one < high or one == high == question.high for one in answers))
            for low, high in itertools.pairwise(edges)]


def _step(lesson: Lesson, room: Room, seats: Sequence[Seat]) -> LessonStep | None:
    asking = questions_of(lesson)
    chosen = next((step for step in asking if step.id == room.asked), None)
    here = teaching.where(lesson, seats)
    before = [step for step in asking if lesson.index(step.id) <= here]
    return chosen or (before[-1] if before else next(iter(asking), None))

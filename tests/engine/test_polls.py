"""A class votes: asked by the teacher alone, one vote a seat, refused after closing, counted without names."""
from __future__ import annotations

import pytest

from dlviz import lessons
from dlviz.classroom import polls, wiping
from dlviz.classroom.classroom import Classroom
from dlviz.classroom.model import Room
from dlviz.errors import ClassError
from tests.engine.test_classroom import ANN, BEN, TEACHER, room, rooms, service  # noqa: F401

CID = "v1-cid"
OPTIONS = ("it rises", "it falls", "it stays")


def asked(rooms: Classroom, room: Room) -> Room:
    polls.ask(rooms, room.id, TEACHER, "What will the loss do?", OPTIONS)
    return rooms.room(room.id, TEACHER)


def counts(rooms: Classroom, room: Room) -> tuple[int, ...]:
    return polls.counts(rooms.room(room.id, TEACHER), rooms.seats(room.id, TEACHER))


def test_each_seat_has_one_vote_which_can_be_changed(rooms, room):
    rooms.join(room.code, ANN)
    rooms.join(room.code, BEN)
    poll = asked(rooms, room).poll
    for device, option in ((ANN, 0), (ANN, 0), (BEN, 1), (ANN, 2)):
        rooms.vote(device, poll.id, option)
    assert counts(rooms, room) == (0, 1, 1)
    assert polls.own_vote(rooms.room(room.id, TEACHER), rooms.seat_of(ANN)) == 2


def test_a_second_device_of_a_seat_has_no_second_vote(rooms, room):
    seat = rooms.join(room.code, ANN)
    rooms.carry(seat.words, BEN)
    poll = asked(rooms, room).poll
    rooms.vote(ANN, poll.id, 0)
    rooms.vote(BEN, poll.id, 1)
    assert counts(rooms, room) == (0, 1, 0)


def test_after_closing_no_vote_is_taken_until_it_is_opened_again(rooms, room):
    rooms.join(room.code, ANN)
    poll = asked(rooms, room).poll
    rooms.vote(ANN, poll.id, 0)
    polls.close(rooms, room.id, TEACHER)
    with pytest.raises(ClassError, match="not open now"):
        rooms.vote(ANN, poll.id, 1)
    assert counts(rooms, room) == (1, 0, 0)
    polls.close(rooms, room.id, TEACHER, False)
    rooms.vote(ANN, poll.id, 1)
    assert counts(rooms, room) == (0, 1, 0)


@pytest.mark.parametrize("option", [-1, 3, 99])
def test_there_is_no_vote_for_what_is_no_option(rooms, room, option):
    rooms.join(room.code, ANN)
    poll = asked(rooms, room).poll
    with pytest.raises(ClassError, match="3 options"):
        rooms.vote(ANN, poll.id, option)
    assert counts(rooms, room) == (0, 0, 0)


def test_who_has_no_seat_who_waits_and_another_class_have_no_vote(rooms, room):
    other = rooms.open_room(TEACHER)
    rooms.join(other.code, BEN)
    rooms.change(room.id, TEACHER, admission="ask")
    rooms.join(room.code, ANN)
    poll = asked(rooms, room).poll
    for device in (ANN, BEN, CID):
        with pytest.raises(ClassError):
            rooms.vote(device, poll.id, 0)
    rooms.admit(rooms.seat_of(ANN).id, TEACHER)
    rooms.vote(ANN, poll.id, 0)
    assert counts(rooms, room) == (1, 0, 0)


def test_only_the_teacher_asks_closes_shows_and_takes_down(rooms, room):
    rooms.join(room.code, ANN)
    before = asked(rooms, room)
    for wish in (lambda: polls.ask(rooms, room.id, ANN, "?", OPTIONS), lambda: polls.close(rooms, room.id, ANN),
                 lambda: polls.show(rooms, room.id, ANN), lambda: polls.take_down(rooms, room.id, ANN),
                 lambda: rooms.seats(room.id, ANN)):  # without the seats nobody can count
        with pytest.raises(ClassError):
            wish()
    assert rooms.room(room.id, TEACHER) == before


@pytest.mark.parametrize(("question", "options"), [
    ("", OPTIONS), ("   ", OPTIONS), ("x" * 161, OPTIONS), ("?", ()), ("?", ("one", " ")), ("?", ("same", " same")),
    ("?", tuple("abcdef")), ("?", ("a", "b" * 81))])
def test_what_cannot_be_voted_on_is_a_sentence(rooms, room, question, options):
    with pytest.raises(ClassError, match="2 to 5 different options"):
        polls.ask(rooms, room.id, TEACHER, question, options)
    assert rooms.room(room.id, TEACHER).poll is None


def test_votes_of_an_earlier_question_count_for_none_after_it(rooms, room):
    rooms.join(room.code, ANN)
    first = asked(rooms, room).poll
    rooms.vote(ANN, first.id, 0)
    asked(rooms, room)
    assert counts(rooms, room) == (0, 0, 0) and polls.own_vote(rooms.room(room.id, TEACHER), rooms.seat_of(ANN)) is None
    with pytest.raises(ClassError):
        rooms.vote(ANN, first.id, 0)
    polls.take_down(rooms, room.id, TEACHER)
    assert counts(rooms, room) == ()


def test_a_vote_survives_a_killed_server_and_goes_with_its_seat_and_its_class(rooms, room, service):
    seat = rooms.join(room.code, ANN)
    poll = asked(rooms, room).poll
    rooms.vote(ANN, poll.id, 1)
    again = Classroom()
    assert counts(again, room) == (0, 1, 0)
    wiping.remove(again, service, seat.id, TEACHER)
    assert counts(again, room) == (0, 0, 0)


def test_a_learners_page_is_drawn_anew_for_a_question_and_for_ones_own_vote_alone(rooms, room):
    rooms.join(room.code, ANN)
    rooms.join(room.code, BEN)
    turns = [rooms.turn(rooms.seat_of(ANN))]

    def turned() -> bool:
        turns.append(rooms.turn(rooms.seat_of(ANN)))
        return turns[-1] != turns[-2]

    poll = asked(rooms, room).poll
    assert turned()
    rooms.vote(BEN, poll.id, 0)
    assert not turned()
    rooms.vote(ANN, poll.id, 0)
    assert turned()


def test_a_lessons_questions_of_few_options_can_be_voted_on():
    found = [step for lesson in lessons.every() for step in polls.takeable(lesson)]
    assert found and all(2 <= len(step.question.options) <= 5 and step.question.form == "choice" for step in found)

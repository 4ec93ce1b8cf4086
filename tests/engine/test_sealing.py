"""Sealed test results: the service itself does not tell them, neither for a lesson nor under a class's board."""
from __future__ import annotations

import time

import pytest

from dlviz import lessons, presets
from dlviz.classroom import records, teacher_key
from dlviz.classroom import sealing as class_sealing
from dlviz.classroom.classroom import Classroom
from dlviz.classroom.model import Board, Seat
from dlviz.lessons import LessonRecord, PageEvent
from dlviz.runs.process.engine import End
from dlviz.runs.service import RunService
from dlviz.training import events as ev
from tests.engine.test_runs_service import FakeEngine, _steps

TEACHER, ANN, BEN = "v1-teacher", "v1-ann", "v1-ben"
MLP = presets.get("mlp").experiment


@pytest.fixture
def service():
    made = RunService(FakeEngine(places=9))
    yield made
    made.close()


def finished(service: RunService, owner: str, experiment=MLP) -> str:
    """A run that has ended with 88 % on the test split."""
    run, engine = service.create(experiment, owner), service._engine
    engine.begin(run)
    engine.up(run, _steps(1, 10), ev.Evaluated(10, 0.4, 0.9, 100), ev.FreeRunning(10, 0.5, 0.6, 10, "test"),
              ev.Ended(10, "done", "", 0.5, 0.88), End("done"))
    return run


def results(service: RunService, run: str) -> set[float | None]:
    """Every test accuracy that the service tells of this run, in whichever way."""
    one, snapshot = service.get(run), service.snapshot(run)
    listed = next(each for each in service.list(one.owner) if each.id == run)
    assert one.sealed == listed.sealed == snapshot.info.sealed
    parts = {each.accuracy for each in snapshot.free_running if each.split == "test"}
    ended = snapshot.ended.test_accuracy if snapshot.ended else None
    return {one.test_accuracy, listed.test_accuracy, snapshot.info.test_accuracy, ended, *parts}


def test_without_a_rule_everything_is_told(service):
    assert results(service, finished(service, ANN)) == {0.88, 0.5}


def test_a_sealed_run_tells_nothing_of_the_test_and_all_else(service):
    run = finished(service, ANN)
    service.seals.add(lambda owner: (lambda one: True) if owner == ANN else None)
    assert results(service, run) == {None}
    assert service.get(run).val_accuracy == 0.9 and service.snapshot(run).ended.reason == "done"
    assert results(service, finished(service, BEN)) == {0.88, 0.5}


def test_a_board_seals_its_task_until_the_teacher_opens_it(service):
    rooms = Classroom()
    rooms.teach(teacher_key.teacher_secret(), TEACHER)
    room = rooms.open_room(TEACHER)
    service.seals.add(class_sealing.rule(lambda: rooms))
    ann = rooms.join(room.code, ANN)
    hers, at_home = finished(service, ann.owner), finished(service, ANN)
    other = finished(service, ann.owner, presets.get("reverse").experiment)
    assert results(service, hers) == {0.88, 0.5}, "no board yet"
    rooms.change(room.id, TEACHER, board=Board(task="mnist"))
    assert results(service, hers) == {None}
    assert results(service, other) == {0.88, 0.5} and results(service, at_home) == {0.88, 0.5}
    rooms.leave(ANN)
    assert results(service, hers) == {None}, "who leaves the seat for a moment opens nothing"
    rooms.change(room.id, TEACHER, board=Board(task="mnist", opened=time.time()))
    assert results(service, hers) == {0.88, 0.5}


def test_a_card_that_was_handed_in_sealed_has_its_test_result_once_it_is_open(service):
    hold = [True]
    service.seals.add(lambda owner: (lambda one: True) if hold else None)
    run = finished(service, ANN)
    seat = Seat(id="s", room="r", owner=ANN, colour="red", animal="otter", words="a b c", joined=1.0)
    card = records.freeze(seat, "hand_in", service.snapshot(run), 100)
    assert card.test_accuracy is None and records.with_test(card, service).test_accuracy is None
    hold.clear()
    assert records.with_test(card, service).test_accuracy == 0.88
    service.delete(run, ANN)
    assert records.with_test(card, service) == card


def test_a_lesson_seals_what_is_made_while_it_is_open(service, tmp_path):
    record = LessonRecord(tmp_path)
    service.seals.add(lessons.sealing.rule(record))
    before = finished(service, ANN)
    time.sleep(0.01)
    record.begin(ANN, "sealed-envelope")
    within = finished(service, ANN)
    assert results(service, before) == {0.88, 0.5} and results(service, within) == {None}
    record.note(ANN, PageEvent("unsealed", time.time(), within))
    assert results(service, within) == {0.88, 0.5}
    record.restart(ANN, "sealed-envelope")
    record.begin(ANN, "too-deep")
    assert results(service, finished(service, ANN)) == {0.88, 0.5}, "another lesson does not seal"
    record.close()

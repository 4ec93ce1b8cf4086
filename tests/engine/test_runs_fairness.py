"""Owners come in turn, whoever of them has asked for how much."""
from __future__ import annotations

import pytest

from dlviz.owners import new_seat_owner
from dlviz.runs.fairness import in_turn, next_of
from dlviz.runs.run import Run, WorkerState
from dlviz.runs.storage.store import RunRow


def run(name: str, state: str = "queued") -> Run:
    made = Run(RunRow(name, name[0], name, 1.0, 1.0, state, "{}"))
    made.worker = WorkerState() if state == "training" else None
    return made


@pytest.mark.parametrize(("under_way", "waiting", "expected"), [
    ("", "a1 a2 a3 b1", "a1 b1 a2 a3"),
    ("a0", "a1 a2 b1 c1", "b1 c1 a1 a2"),
    ("a0 a9 b0", "a1 b1 c1 c2 c3", "c1 b1 c2 a1 c3"),
    ("", "a1 a2 a3", "a1 a2 a3"),
    ("b0", "", ""),
])
def test_owners_come_in_turn(under_way, waiting, expected):
    trained = [run(name, "training") for name in under_way.split()]
    queue = [run(name) for name in waiting.split()]
    ordered = in_turn(queue, [*trained, *queue])
    assert [one.id for one in ordered] == expected.split()
    assert in_turn(ordered, [*trained, *ordered]) == ordered


def test_one_run_of_a_teacher_goes_before_all_others_but_not_a_whole_study():
    queue = [run(name) for name in ["a1", "b1", "t1", "t2", "c1"]]
    ordered = in_turn(queue, queue, first="t".__eq__)
    assert [one.id for one in ordered] == ["t1", "a1", "b1", "c1", "t2"]
    going = run("t0", "training")
    assert in_turn(queue, [going, *queue], first="t".__eq__)[0].id == "a1"


SEAT = new_seat_owner()


def at_seat(name: str, state: str = "queued") -> Run:
    made = run(name, state)
    made.row.owner = SEAT
    return made


def test_a_seat_in_a_class_trains_one_run_at_a_time():
    going, waiting, other = at_seat("x0", "training"), at_seat("x1"), run("b1")
    apart = lambda one, another: False  # noqa: E731
    assert next_of([waiting, other], [going, waiting, other], apart) is other
    assert next_of([waiting], [going, waiting], apart) is None
    assert next_of([waiting], [at_seat("x0", "paused"), waiting], apart) is waiting
    assert next_of([], [going], apart) is None
    usual = run("a1")
    assert next_of([usual], [run("a0", "training"), usual], apart) is usual, "a visitor has as many as there are places"


def test_runs_in_lock_step_of_a_seat_train_beside_each_other():
    going, waiting = at_seat("x0", "training"), at_seat("x1")
    assert next_of([waiting], [going, waiting], lambda one, other: {one, other} == {"x0", "x1"}) is waiting

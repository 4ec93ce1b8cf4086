"""Owners come in turn, whoever of them has asked for how much."""
from __future__ import annotations

import pytest

from dlviz.runs.fairness import in_turn
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

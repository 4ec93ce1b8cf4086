"""What a run's process leaves on disk as it goes: all of it, in order, whatever happens to process, file and disk."""
from __future__ import annotations

import numpy as np
import pytest

from dlviz.runs.storage import tail
from dlviz.training import events as ev
from dlviz.training import packing


def steps(first: int, last: int, loss: float = 0.5) -> list[ev.Event]:
    return packing.pack([ev.Step(step, loss, 0.5, 0.1) for step in range(first, last + 1)])


def of_kind(folder, kind: type) -> list:
    return [event for event in tail.read(folder) if isinstance(event, kind)]


def numbers(folder) -> list[int]:
    return [int(step) for event in of_kind(folder, ev.Steps) for step in event.step]


def test_everything_comes_back_as_it_was(tmp_path):
    events = [ev.ThreadsChanged(0, 2), *steps(1, 3), ev.Evaluated(3, 0.25, 0.5, 10),
              ev.Changed(4, "learning_rate", 0.1, 0.2),
              ev.Changed(4, "schedule", "{}", '{"kind": "step"}'), *steps(4, 5, float("nan"))]
    written = tail.Tail(tmp_path)
    written.add(events[:3])
    written.add([ev.Paused(3)])
    written.add(events[3:])
    found = tail.read(tmp_path)
    assert numbers(tmp_path) == [1, 2, 3, 4, 5] and np.isnan(found[0].loss[-1]) and found[0].loss.dtype == np.float32
    assert list(found[1:]) == [events[0], *events[2:5]]


def test_a_missing_tail_is_none(tmp_path):
    assert tail.read(tmp_path) == ()


def test_two_files_take_turns_and_the_threads_are_said_again(tmp_path, monkeypatch):
    written = tail.Tail(tmp_path)
    written.add([ev.ThreadsChanged(0, 2), *steps(1, 4)])
    monkeypatch.setattr(tail, "SECONDS", -1.0)
    written.add(steps(5, 6))
    assert numbers(tmp_path) == [1, 2, 3, 4, 5, 6]
    written.add(steps(7, 8))
    assert numbers(tmp_path) == [5, 6, 7, 8] and set(of_kind(tmp_path, ev.ThreadsChanged)) == {ev.ThreadsChanged(0, 2)}


def test_the_next_process_keeps_what_the_last_one_left(tmp_path, monkeypatch):
    monkeypatch.setattr(tail, "SECONDS", -1.0)
    for first in (1, 5, 9, 13):
        left = tail.read(tmp_path)
        written = tail.Tail(tmp_path, left)
        written.add(steps(first, first + 1))
        written.add(steps(first + 2, first + 3))
        written.close()
    assert numbers(tmp_path) == list(range(1, 17))
    monkeypatch.setattr(tail, "MOST", 5)
    assert numbers(tmp_path) == list(range(12, 17))


def test_what_is_made_anew_counts(tmp_path):
    tail.Tail(tmp_path).add([ev.ThreadsChanged(0, 2), *steps(1, 6), ev.ThreadsChanged(6, 1),
                             ev.Changed(4, "momentum", 0.1, 0.2),
                             ev.Changed(6, "momentum", 0.2, 0.3),
                             ev.Evaluated(3, 1.0, 1.0, 1), ev.Evaluated(6, 1.0, 1.0, 1)])
    tail.Tail(tmp_path, tail.read(tmp_path)).add([ev.ThreadsChanged(3, 4), *steps(4, 5, 0.7)])
    [found] = of_kind(tmp_path, ev.Steps)
    assert found.step.tolist() == [1, 2, 3, 4, 5]
    np.testing.assert_array_equal(found.loss, np.float32([0.5, 0.5, 0.5, 0.7, 0.7]))
    assert [e.step for e in of_kind(tmp_path, ev.ThreadsChanged)] == [0, 3]
    assert [e.step for e in of_kind(tmp_path, ev.Changed)] == [4], "the change that the checkpoint knew"
    assert [e.step for e in of_kind(tmp_path, ev.Evaluated)] == [3]


@pytest.mark.parametrize("damage", [lambda data: data[:-7], lambda data: data[:40], lambda data: b"",
                                    lambda data: b"\xff" * 99,
                                    lambda data: data[:-60] + b"no json at all\n"])
def test_a_damaged_file_ends_there(tmp_path, damage):
    written = tail.Tail(tmp_path)
    written.add(steps(1, 3))
    written.add(steps(4, 6))
    [file] = tmp_path.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert numbers(tmp_path) in ([], [1, 2, 3])


def test_what_a_full_disk_refused_comes_when_there_is_room(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    written = tail.Tail(tmp_path)
    written.add(steps(1, 3))
    with monkeypatch.context() as full:
        full.setattr(tail, "_append", refuse)
        written.add(steps(4, 5))
        full.setattr(tail, "SECONDS", -1.0)
        written.add(steps(6, 6))
        assert numbers(tmp_path) == [1, 2, 3]
    written.add(steps(7, 8))
    assert numbers(tmp_path) == list(range(1, 9))

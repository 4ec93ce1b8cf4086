"""What a server has once: made by one thread, and a failure is told to all without each waiting for it."""
from __future__ import annotations

import threading

import pytest

from dlviz import once
from dlviz.errors import RunError


@pytest.fixture(autouse=True)
def _nothing_is_made():
    yield
    once.forget("thing")


def test_many_threads_get_the_one_that_was_made():
    made, found = [], []
    begin = threading.Barrier(8)

    def make() -> object:
        made.append(object())
        return made[0]

    def ask() -> None:
        begin.wait()
        found.append(once.get("thing", make))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and found == made * 8


def test_a_failure_is_told_for_a_while_then_tried_again(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(once.time, "monotonic", lambda: now[0])
    tries = []

    def make() -> None:
        tries.append(now[0])
        raise RunError("The data folder", "can be written", "it cannot", "Mend it.")

    for _ in range(3):
        with pytest.raises(RunError, match="The data folder"):
            once.get("thing", make)
    assert tries == [100.0]
    now[0] += once.RETRY
    assert once.get("thing", lambda: 7) == 7

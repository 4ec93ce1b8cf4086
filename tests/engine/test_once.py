"""What a server has once: made by one thread, and a failure is told to all without each waiting for it."""
from __future__ import annotations

import ast
import threading
from pathlib import Path

import pytest

from dlviz import once
from dlviz.errors import RunError

ROOT = Path(__file__).parents[2]


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


def test_nothing_that_a_server_needs_lies_in_a_cache_that_a_visitor_can_empty():
    for path in [ROOT / "app.py", *(ROOT / "pages").rglob("*.py")]:
        names = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
        assert not names & {"cache_resource", "cache_data"}, f"{path}: use dlviz.once"

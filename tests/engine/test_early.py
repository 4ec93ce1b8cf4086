"""The fork server starts before the server has loaded anything: once, handed over once, gone when nobody needs it."""
from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from dlviz.runs.process import early_start
from dlviz.runs.process.sources import ForkSource, SpawnSource
from dlviz.runs.process.wire import Address

NOWHERE = Address("nowhere", "00", "nothing:nothing")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are spawned one by one")


@pytest.fixture
def started(monkeypatch) -> list[subprocess.Popen]:
    """What `begin` starts: a process as patient as a fork server, but light."""
    made: list[subprocess.Popen] = []

    def patient(log, *programs) -> subprocess.Popen:
        made.append(subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE))
        return made[-1]

    monkeypatch.setattr(early_start, "start_fork_server", patient)
    monkeypatch.setattr(early_start, "_processes", [])
    monkeypatch.setattr(early_start, "_request", threading.Event())
    yield made
    for process in made:
        process.stdin.close()
        process.wait(30)


def test_many_sessions_start_one(started, tmp_path, monkeypatch):
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path))
    for _ in range(3):
        early_start.begin()
    assert len(started) == 1 and early_start.take() is started[0]
    early_start.begin()
    assert early_start.take() is None and len(started) == 1, "the service has one of its own by now"


def test_a_folder_that_cannot_be_written_is_left_to_the_service(started, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path / "file" / "below"))
    early_start.begin()
    assert early_start.take() is None and not started


def test_the_fork_source_takes_it_over(started, tmp_path, monkeypatch):
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path))
    early_start.begin()
    source = ForkSource(NOWHERE, tmp_path / early_start.LOG)
    assert source.pid == started[0].pid and len(started) == 1
    source.close(30)
    assert started[0].returncode == 0


def test_it_ends_where_workers_are_spawned(started, tmp_path, monkeypatch):
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path))
    early_start.begin()
    SpawnSource(NOWHERE, tmp_path / early_start.LOG)
    assert started[0].wait(30) == 0


def test_a_fork_server_that_gets_no_address_ends_without_a_word(tmp_path):
    process = early_start.start_fork_server(tmp_path / "log")
    process.stdin.close()
    assert process.wait(120) == 0 and (tmp_path / "log").read_text() == ""


def test_starting_it_loads_nothing_that_is_slow_to_load():
    program = "import sys, dlviz.runs.process.early_start; assert not {'torch', 'numpy', 'pydantic'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, env=early_start.child_environment())

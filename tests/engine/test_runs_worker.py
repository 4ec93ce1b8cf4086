"""One worker in this process, at the other end of a pipe: what it sends, when it saves, how it leaves."""
from __future__ import annotations

import dataclasses
import multiprocessing
import threading
import time

import filelock
import pytest

from dlviz import presets
from dlviz.runs.process import checkpoint_times, worker
from dlviz.runs.process.engine import WEIGHTS, End, EventReplay, Heartbeat, Start
from dlviz.runs.process.wire import Begin, Quit
from dlviz.runs.storage import tail
from dlviz.training import events as ev
from dlviz.training import packing
from dlviz.training.control import Save, Set, SetThreads, Stop
from tests.engine import runs_programs


@pytest.fixture
def begin(tmp_path):
    return Begin("run", presets.get("mlp").experiment.to_json(), tmp_path, (), "cpu")


@pytest.fixture
def talk(begin, monkeypatch):
    """Start a worker on a program; gives the server's end of its pipe. Nothing may nice or end the tests."""
    monkeypatch.setattr(checkpoint_times, "EVERY", 1e6)
    monkeypatch.setattr(worker, "QUIT", 0.01)
    monkeypatch.setattr(worker, "be_modest", lambda: None)
    here, there = multiprocessing.Pipe()
    threads = []

    def start(program, **changes) -> Talk:
        this = dataclasses.replace(begin, **changes)
        threads.append(threading.Thread(target=worker.Worker(there, this, program, lambda code: None).run, daemon=True))
        threads[0].start()
        return Talk(here, threads[0])

    yield start
    here.close()
    threads[0].join(30)
    assert not threads[0].is_alive()


class Talk:
    def __init__(self, connection, thread) -> None:
        self.connection, self.thread = connection, thread
        self.events: list = []

    def hear(self, kind: type):
        """The next event of this kind; what comes before it is kept in `events`."""
        while True:
            assert self.connection.poll(30), f"no {kind.__name__} came"
            batch = self.connection.recv()
            self.events += batch
            for event in batch:
                if isinstance(event, kind):
                    return event


def test_steps_travel_in_packs_and_the_first_at_once(talk):
    server = talk(runs_programs.obedient)
    first = server.hear(ev.Steps)
    assert first.step.tolist() == [1]
    assert [type(e) for e in server.events] == [Start, ev.Started, ev.Steps]
    assert len(server.hear(ev.Steps).step) > 1
    server.hear(Heartbeat)
    server.connection.send(Stop())
    assert server.hear(End) == End("stopped")
    steps = [int(step) for event in server.events if isinstance(event, ev.Steps) for step in event.step]
    assert steps == list(range(1, len(steps) + 1)) and isinstance(server.events[-2], ev.Ended)


def test_the_threads_that_a_run_gets_later_reach_the_crowding_guard(talk, monkeypatch):
    allowed = []
    monkeypatch.setattr(worker.CrowdingMonitor, "allow", lambda guard, count: allowed.append(count))
    server = talk(runs_programs.obedient, messages=(SetThreads(2),))
    server.hear(ev.Steps)
    server.connection.send(SetThreads(1))
    server.connection.send(Stop())
    assert server.hear(End) == End("stopped") and allowed == [2, 1]


def test_a_change_is_followed_by_a_checkpoint(talk):
    server = talk(runs_programs.obedient)
    server.hear(ev.Steps)
    server.connection.send(Set("learning_rate", 0.5))
    server.hear(ev.Checkpointed)


def test_a_run_is_saved_from_time_to_time(talk, monkeypatch):
    server = talk(runs_programs.obedient)
    monkeypatch.setattr(checkpoint_times, "EVERY", 0.0)
    server.hear(ev.Checkpointed)
    server.hear(ev.Checkpointed)


def test_quit_saves_and_says_no_end(talk, tmp_path):
    server = talk(runs_programs.obedient)
    server.hear(ev.Steps)
    server.connection.send(Quit())
    saved = server.hear(ev.Checkpointed)
    server.thread.join(30)
    assert (tmp_path / WEIGHTS).read_text() == str(saved.step)
    assert not any(isinstance(event, End) for event in server.events)


def test_a_server_that_is_gone_is_a_quit_too_and_nothing_is_lost(talk, tmp_path):
    server = talk(runs_programs.obedient)
    server.hear(ev.Steps)
    time.sleep(0.05)
    server.connection.close()
    server.thread.join(30)
    saved = int((tmp_path / WEIGHTS).read_text())
    assert tail.read(tmp_path)[0].step.tolist()[:saved] == list(range(1, saved + 1))


def test_the_next_worker_brings_what_the_last_one_kept(talk, tmp_path):
    written = tail.Tail(tmp_path)
    written.add(packing.pack([ev.Step(i, 0.5, 0.5, 0.1) for i in range(1, 4)]))
    written.close()
    (tmp_path / WEIGHTS).write_text("3")
    (tmp_path / "weights.77.part").write_text("half")
    server = talk(runs_programs.obedient)
    server.hear(ev.Steps)
    assert [type(e) for e in server.events] == [Start, EventReplay, ev.Started, ev.Steps]
    assert server.events[1].events[0].step.tolist() == [1, 2, 3] and server.events[2].step == 3
    assert not list(tmp_path.glob("*.part"))
    server.connection.send(Save())
    server.hear(ev.Checkpointed)


def test_a_gpu_that_is_full_is_not_called_a_limit_of_ours(talk):
    server = talk(runs_programs.out_of_memory, device="cuda", memory=10**9)
    assert server.hear(End).sentence.startswith("This run needed more memory than this computer has free.")


def test_two_workers_never_train_one_run(talk, tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "LOCK", 0.05)
    with filelock.FileLock(tmp_path / "lock"):
        server = talk(runs_programs.obedient)
        end = server.hear(End)
    assert end == End("failed", "This run may be trained by one process at a time, but another one still has it. "
                                "Close the other dlviz that uses this folder, then resume the run.")
    assert not any(isinstance(event, ev.Started) for event in server.events)


@pytest.mark.parametrize(("error", "words"), [
    (MemoryError(), "needed more memory"),
    (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), "needed more memory"),
    (RuntimeError("CUDA out of memory. Tried to allocate"), "needed more memory"),
    (RuntimeError("channels_last memory format needs four axes"), "RuntimeError: channels_last"),
    (ZeroDivisionError(), "ZeroDivisionError: no message"),
])
def test_exceptions_are_explained(error, words):
    assert words in worker.explain(error)

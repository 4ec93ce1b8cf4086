"""What a worker may take of memory, in real processes: limits, who goes first, and what the owner is told."""
from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from dlviz import settings
from dlviz.runs.process import limits
from dlviz.runs.service import RunService
from dlviz.runs.storage.store import Store
from tests.engine.test_runs_processes import linux, small, state, until, with_program
from tests.engine.test_runs_service import FakeEngine


@linux
def test_a_worker_that_takes_too_much_ends_with_a_sentence_and_is_not_tried_again(monkeypatch):
    monkeypatch.setattr(limits, "BASE", 0)
    monkeypatch.setattr(limits, "A_THREAD", 0)
    service = with_program("greedy", spares=1)
    try:
        run = service.create(small(), "me")
        until(lambda: state(service, run) == "failed")
        assert service.get(run).sentence == ("This run needed more memory than the 0.3 GB that it may take. Make the "
                                             "batches or the network smaller, or stop other runs.")
        assert 1 <= service.snapshot(run).step < 50 and service._runs[run].row.lost_processes == 0
    finally:
        service.close()


@linux
def test_the_common_limit_lets_the_same_worker_end_well():
    service = with_program("greedy", spares=1)
    try:
        run = service.create(small(), "me")
        until(lambda: state(service, run) == "stopped")
        [spare] = until(lambda: list(service._engine._spares))
        assert Path(f"/proc/{spare.pid}/oom_score_adj").read_text() == "500\n"  # before it has any run
    finally:
        service.close()


@linux
def test_a_worker_that_the_kernel_ended_for_want_of_memory_is_not_tried_again(monkeypatch):
    counts = itertools.count()  # as if it ended processes all the time
    monkeypatch.setattr(limits, "ended_for_memory", lambda: next(counts))
    service = with_program("dies", spares=1)
    try:
        run = service.create(small(), "me")
        until(lambda: state(service, run) == "failed")
        assert service.get(run).sentence.startswith("This run needed more memory than this computer has free.")
    finally:
        service.close()


@pytest.mark.parametrize(("gigabytes", "begun"), [("64", 2), ("0.2", 1)])
def test_runs_wait_until_there_is_memory_for_them(tmp_path, monkeypatch, gigabytes, begun):
    monkeypatch.setenv("DLVIZ_MEMORY_GB", gigabytes)
    engine = FakeEngine(places=4)
    service = RunService(engine, Store(tmp_path))
    try:
        runs = [service.create(small(), "me") for _ in range(2)]
        assert engine.started == runs[:begun]
        engine.up(runs[0], *_over())
        until(lambda: set(engine.started) == set(runs))
    finally:
        service.close()


def _over() -> tuple:
    from dlviz.runs.process.engine import End, Start
    from dlviz.training import events as ev

    return Start(1), ev.Started(0, 100, 20, "cpu", 7), ev.Ended(100, "done"), End("done")


def test_what_may_be_taken_grows_with_the_design_and_the_computer_says_how_much_there_is(monkeypatch):
    monkeypatch.delenv("DLVIZ_MEMORY_GB", raising=False)
    assert 2**28 < settings.memory() < 2**60
    little = limits.need(small())
    large = small().model_copy(update={"training": small().training.model_copy(update={"batch_size": 4_096})})
    assert limits.need(large) > little + 4 * 4_096 * 784
    assert limits.allowance(little) > limits.BASE + limits.ROOM * little

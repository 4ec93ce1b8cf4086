"""Real processes: they train as the loop does, survive what can happen to them, and leave nothing behind."""
from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dlviz import presets, schedules
from dlviz.runs import lifecycle
from dlviz.runs.process import limits, local
from dlviz.runs.process.engine import LOG, WEIGHTS
from dlviz.runs.process.local import LocalEngine
from dlviz.runs.process.sources import ForkSource, SpawnSource, fork_is_safe
from dlviz.runs.service import RunService
from dlviz.runs.storage.store import Store
from dlviz.spec import Experiment
from dlviz.training import events as ev
from dlviz.training.control import Advance, Pause, Resume, Set, Stop, Watch
from dlviz.training.loop import train

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds until a test gives up; not a measurement
LIMITED = sys.platform == "linux"  # elsewhere a worker takes what there is
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


def until(condition, what: str = "the expected"):
    """Wait for a condition to hold; its value."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.01)
    raise AssertionError(f"{what} did not happen within {PATIENCE:g} s")


def small(train_fraction: float = 0.05, epochs: int = 2, seed: int = 1) -> Experiment:
    """The classic MLP on little data: `train_fraction=0.05` is 43 steps an epoch."""
    experiment = presets.get("mlp").experiment
    training = experiment.training.model_copy(update={"train_fraction": train_fraction, "epochs": epochs,
                                                                    "schedule": schedules.get("Constant")})
    return experiment.model_copy(update={"training": training, "seed": seed})


LONG = small(train_fraction=1.0, epochs=50)


@pytest.fixture
def service():
    service = RunService()
    yield service
    service.close()


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Workers compute with as many threads as this process, whose curves theirs are held to: others round otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        yield


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One service for tests that only need runs of their own."""
    home = tmp_path_factory.mktemp("home")
    before, os.environ["DLVIZ_HOME"] = os.environ.get("DLVIZ_HOME"), str(home)
    service = RunService(store=Store(home))
    os.environ["DLVIZ_HOME"] = before or ""
    yield service
    service.close()


def with_program(name: str, **options) -> RunService:
    return RunService(LocalEngine(f"tests.engine.runs_programs:{name}", **options))


def state(service: RunService, run: str) -> str:
    return service.get(run).state


def pid_of(service: RunService, run: str) -> int:
    return until(lambda: service._engine._busy.get(run), "a process").pid


linux = pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes under /proc")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def curve(experiment: Experiment) -> tuple[np.ndarray, np.ndarray, list[ev.Evaluated], ev.Ended]:
    """What the loop itself gives in this process."""
    events = list(train(experiment, device="cpu"))
    steps = [e for e in events if isinstance(e, ev.Step)]
    return (np.array([s.step for s in steps]), np.array([s.loss for s in steps], np.float32),
            [e for e in events if isinstance(e, ev.Evaluated)], events[-1])


def assert_same_curve(service: RunService, run: str, experiment: Experiment) -> None:
    steps, losses, judged, ended = curve(experiment)
    shot = service.snapshot(run)
    np.testing.assert_array_equal(shot.train["step"], steps)
    np.testing.assert_array_equal(shot.train["loss"], losses)
    assert [(e.step, e.val_loss) for e in shot.evaluations] == [(e.step, e.val_loss) for e in judged]
    assert shot.ended == ended


def test_a_run_gives_what_the_loop_gives(shared):
    run = shared.create(small(), "me")
    until(lambda: state(shared, run) == "done")
    assert_same_curve(shared, run, small())
    shot = shared.snapshot(run)
    assert shot.info.test_accuracy == shot.ended.test_accuracy
    assert shot.confusion.sum() == shot.evaluations[-1].samples
    assert (shot.step, shot.epoch, shot.info.planned_steps) == (86, 2, 86)


def test_the_store_has_all_of_it(shared):
    run = shared.create(small(), "me")
    until(lambda: state(shared, run) == "done")
    shared._flush()
    stored, live = shared._store.history(run), shared._runs[run].history
    np.testing.assert_array_equal(stored.train["loss"].values, live.train["loss"].values)
    np.testing.assert_array_equal(stored.evaluations[-1].confusion, live.evaluations[-1].confusion)
    assert (stored.evaluations[-1].mistakes, stored.ended) == (live.evaluations[-1].mistakes, live.ended)


def test_pause_resume_advance_change_and_stop_act(shared):
    run = shared.create(LONG, "me")
    until(lambda: shared.snapshot(run).step > 5)
    shared.post(run, Pause(), "me")
    until(lambda: state(shared, run) == "paused")
    at = shared.snapshot(run).step
    shared.post(run, Advance("batch"), "me")
    until(lambda: shared.snapshot(run).step == at + 1 and state(shared, run) == "paused")
    shared.post(run, Set("learning_rate", 0.0005), "me")
    until(lambda: shared.snapshot(run).marks)
    assert shared.snapshot(run).marks[0].step == at + 2
    shared.post(run, Advance("epoch"), "me")
    until(lambda: state(shared, run) == "training")
    until(lambda: state(shared, run) == "paused")
    shot = shared.snapshot(run)
    per_epoch = shot.info.planned_steps // LONG.training.epochs
    assert shot.step == per_epoch and shot.train["learning_rate"][-1] == np.float32(0.0005)
    shared.post(run, Resume(), "me")
    until(lambda: shared.snapshot(run).step > per_epoch)
    shared.post(run, Stop(), "me")
    until(lambda: state(shared, run) == "stopped")
    shared.post(run, Resume(), "me")  # at once: its process may still be there
    stopped_at = shared.snapshot(run).step
    until(lambda: shared.snapshot(run).step > stopped_at)
    assert shared.snapshot(run).train["learning_rate"][-1] == np.float32(0.0005)
    shared.delete(run, "me")


def test_a_killed_worker_is_followed_and_the_curve_is_the_same(shared):
    experiment = small(train_fraction=0.5, epochs=2)
    run = shared.create(experiment, "me")
    until(lambda: shared.snapshot(run).step > 50)
    assert shared.weights_path(run, timeout=PATIENCE) is not None
    until(lambda: shared.snapshot(run).step > shared._runs[run].row.checkpoint_step + 50)
    os.kill(pid_of(shared, run), KILL)
    until(lambda: state(shared, run) == "done")
    assert shared.get(run).sentence == "" and shared.snapshot(run).revision == 1
    assert_same_curve(shared, run, experiment)


def test_a_worker_killed_before_its_first_checkpoint_begins_anew(shared):
    experiment = small(train_fraction=0.3, epochs=2)
    run = shared.create(experiment, "me")
    until(lambda: shared.snapshot(run).step > 5)
    assert not (shared._store.folder(run) / WEIGHTS).exists()
    os.kill(pid_of(shared, run), KILL)
    until(lambda: state(shared, run) == "done")
    assert_same_curve(shared, run, experiment)


def test_a_changed_setting_is_not_forgotten_with_the_process(shared):
    run = shared.create(LONG, "me")
    until(lambda: shared.snapshot(run).step > 5)
    shared.post(run, Set("learning_rate", 0.0005), "me")
    [mark] = until(lambda: shared.snapshot(run).marks)
    until(lambda: shared._runs[run].row.checkpoint_step >= mark.step - 1 > 0, "a checkpoint after the change")
    os.kill(pid_of(shared, run), KILL)
    until(lambda: shared.get(run).sentence and state(shared, run) == "training")
    until(lambda: shared.snapshot(run).step > shared.snapshot(run).marks[0].step + 5)
    shot = shared.snapshot(run)
    assert shot.marks == (mark,) and shot.train["learning_rate"][-1] == np.float32(0.0005)
    shared.delete(run, "me")


def test_what_a_viewer_watches_is_captured_live_and_at_rest(shared):
    run = shared.create(LONG, "me")
    watch = Watch(3, ("hidden1",), ("hidden1",), 0.05)
    until(lambda: shared.watch(run, "tab", watch) or shared.snapshot(run).captured)
    live = shared.snapshot(run).captured
    assert live.outputs["hidden1"].shape == (128,) and live.weights["hidden1"].shape == (128, 784)
    shared.post(run, Stop(), "me")
    until(lambda: state(shared, run) == "stopped" and shared._runs[run].worker is None)
    shared.watch(run, "tab", Watch(5, ("hidden2",)))
    rest = shared.snapshot(run).captured
    assert (rest.sample, rest.step, set(rest.outputs)) == (5, shared.snapshot(run).step, {"hidden2"})


def test_a_run_answers_while_it_trains_and_afterwards(shared):
    from dlviz import tasks

    digit, _ = tasks.get("mnist").sample("test", 0)
    run = shared.create(LONG, "me")
    until(lambda: shared.snapshot(run).step > 100)
    live = shared.query(run, digit, ("hidden1",), timeout=PATIENCE)
    assert live.step >= 100 and live.outputs["hidden1"].shape == (128,)
    shared.post(run, Pause(), "me")
    until(lambda: state(shared, run) == "paused")
    paused = shared.query(run, digit, timeout=PATIENCE)
    shared.post(run, Stop(), "me")
    until(lambda: state(shared, run) == "stopped" and shared._runs[run].worker is None)
    rest = shared.query(run, digit, ("hidden1",))
    assert rest.step == paused.step == shared.snapshot(run).step
    np.testing.assert_allclose(rest.probabilities, paused.probabilities, rtol=1e-4, atol=1e-7)
    assert rest.probabilities.sum() == pytest.approx(1, abs=1e-5) and rest.outputs["hidden1"].shape == (128,)


def test_a_paused_run_gives_its_process_back_and_goes_on(shared):
    experiment = small(train_fraction=0.5, epochs=1)
    run = shared.create(experiment, "me")
    until(lambda: shared.snapshot(run).step > 20)
    shared.post(run, Pause(), "me")
    until(lambda: state(shared, run) == "paused")
    shared._runs[run].paused_at -= 1e6
    until(lambda: shared._runs[run].worker is None)
    assert state(shared, run) == "paused"
    shared.post(run, Resume(), "me")
    until(lambda: state(shared, run) == "done")
    assert_same_curve(shared, run, experiment)


def test_six_at_once_all_move_and_are_themselves(shared):
    experiments = [small(train_fraction=0.1, epochs=2, seed=seed) for seed in range(6)]
    runs = [shared.create(experiment, "me") for experiment in experiments]
    for run in runs:
        until(lambda: state(shared, run) == "done")
    for run, experiment in zip(runs[:2], experiments):
        assert_same_curve(shared, run, experiment)
    assert len({float(shared.snapshot(run).train["loss"][0]) for run in runs}) == 6


@linux
def test_a_worker_that_is_stopped_dead_is_killed_and_followed(monkeypatch):
    monkeypatch.setattr(lifecycle, "HUNG", 4.0)  # a busy computer may be late with a heartbeat each half second
    service = with_program("obedient", spares=1)
    try:
        run = service.create(small(), "me")
        until(lambda: service.snapshot(run).step > 20)
        until(lambda: service._runs[run].row.checkpoint_step > 0)
        first = pid_of(service, run)
        os.kill(first, signal.SIGSTOP)
        until(lambda: not alive(first), "the end of its process")
        until(lambda: service.get(run).sentence and state(service, run) == "training")
        assert re.fullmatch(r"Its process no longer answered, so training went on from step [\d,]+\.",
                            service.get(run).sentence)
        at = service.snapshot(run).step
        until(lambda: service.snapshot(run).step > at)
    finally:
        service.close()


@linux
def test_a_deleted_run_ends_and_leaves_no_file(shared):
    run = shared.create(LONG, "me")
    until(lambda: shared.snapshot(run).step > 5)
    pid, folder = pid_of(shared, run), shared._store.folder(run)
    assert folder.exists()
    shared.delete(run, "me")
    assert run not in {info.id for info in shared.list("me")}
    until(lambda: not alive(pid), "the end of its process")
    until(lambda: not folder.exists(), "the end of its folder, which its process may still have written to")


@pytest.mark.skipif(not fork_is_safe(), reason="no fork server here: workers are spawned")
def test_the_fork_server_has_one_thread_and_is_replaced_when_it_dies(service):
    engine = service._engine
    until(lambda: engine._spares, "a spare worker")
    pid = engine._source.pid
    assert len(list(Path(f"/proc/{pid}/task").iterdir())) == 1
    os.kill(pid, KILL)
    runs = [service.create(small(), "me") for _ in range(4)]
    for run in runs:
        until(lambda: state(service, run) == "done")
    assert engine._source.pid not in (None, pid)


@linux
def test_workers_are_in_the_servers_session_but_not_in_its_group(service):
    """Ctrl-C is the group's. Between two sessions Linux shares the cores evenly (autogroups), however nice one is."""
    until(lambda: service._engine._spares, "a spare worker")
    spare = service._engine._spares[0].pid
    assert os.getsid(spare) == os.getsid(0)
    assert os.getpgid(spare) != os.getpgid(0)


@linux
def test_close_leaves_nothing_running_and_the_next_service_goes_on(tmp_path):
    experiment = small(train_fraction=0.5, epochs=2)
    first = RunService()
    run = first.create(experiment, "me")
    until(lambda: first.snapshot(run).step > 100)
    engine = first._engine
    pids = [worker.pid for worker in engine._all.values()] + [engine._source.pid or 0]
    first.close()
    assert len(pids) >= 2 and not [pid for pid in pids if pid and alive(pid)]
    second = RunService()
    until(lambda: state(second, run) == "done")
    assert_same_curve(second, run, experiment)
    second.close()


SERVER = """
import sys, time
from dlviz.runs.service import RunService
from dlviz.spec import from_json
service = RunService()
if len(sys.argv) > 1:
    run = service.create(from_json(open(sys.argv[1]).read()), "me")
else:
    run = service.list("me")[0].id
while service.snapshot(run).step < 150:
    time.sleep(0.01)
print(run, service._engine._source.pid, *(w.pid for w in service._engine._all.values()), flush=True)
time.sleep(1000)
"""


@linux
def test_a_killed_server_leaves_no_process_and_its_runs_go_on(tmp_path):
    experiment = small(train_fraction=0.5, epochs=3)
    file = tmp_path / "experiment.json"
    file.write_text(experiment.to_json())
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(file)], stdout=subprocess.PIPE, text=True,
                              env=environment)
    run, *pids = server.stdout.readline().split()
    server.kill()
    server.wait()
    server.stdout.close()
    again = RunService()
    assert state(again, run) in ("starting", "training")
    until(lambda: not [pid for pid in pids if alive(int(pid))], "the end of the old server's processes")
    until(lambda: state(again, run) == "done")
    assert_same_curve(again, run, experiment)
    again.close()


@pytest.mark.parametrize(("program", "sentence"), [
    ("raises", "Training broke off with an error that dlviz did not expect (ValueError: the weights are). The "
               "full report is in the file log.txt in the run's folder."),
    ("out_of_memory", limits.too_much(limits.allowance(limits.need(small())) if LIMITED else None)),
    ("missing_data", "The file t10k has 7 bytes, but it has 6. Put it back."),
])
def test_an_exception_becomes_a_sentence_and_a_log(program, sentence):
    service = with_program(program)
    run = service.create(small(), "me")
    until(lambda: state(service, run) == "failed")
    assert service.get(run).sentence == sentence
    assert "Traceback" in (service._store.folder(run) / LOG).read_text()
    service.close()


def test_a_run_whose_processes_always_die_fails_in_the_end():
    service = with_program("dies")
    run = service.create(small(), "me")
    until(lambda: state(service, run) == "failed")
    assert "ended unexpectedly 4 times" in service.get(run).sentence
    service.close()


@linux
def test_a_loop_that_does_not_listen_is_ended_all_the_same(monkeypatch):
    monkeypatch.setattr("dlviz.runs.steering.STOPPING", 0.3)
    monkeypatch.setattr(local, "CLOSING", 0.5)
    service = with_program("deaf")
    run, other = service.create(small(), "me"), service.create(small(), "me")
    until(lambda: service.snapshot(run).step > 3 and service.snapshot(other).step > 3)
    service.post(run, Stop(), "me")
    until(lambda: state(service, run) == "stopped")
    pid = pid_of(service, other)
    service.close()
    assert not alive(pid)


@linux
def test_spawned_workers_do_the_same():
    """What macOS and Windows have instead of a fork."""
    service = with_program("obedient", source=SpawnSource, spares=1)
    run = service.create(small(), "me")
    until(lambda: service.snapshot(run).step > 20)
    assert service.weights_path(run, timeout=PATIENCE) is not None
    saved = service._runs[run].row.checkpoint_step
    until(lambda: service.snapshot(run).step > saved + 20)
    os.kill(pid_of(service, run), KILL)
    until(lambda: service.snapshot(run).revision == 1)
    until(lambda: service.snapshot(run).step > saved + 40)
    np.testing.assert_array_equal(np.diff(service.snapshot(run).train["step"]), 1)
    service.post(run, Stop(), "me")
    until(lambda: state(service, run) == "stopped")
    pids = [worker.pid for worker in service._engine._all.values()]
    service.close()
    assert not [pid for pid in pids if alive(pid)]


@pytest.mark.parametrize("source", [ForkSource, SpawnSource])
def test_where_no_process_can_be_born_the_runs_are_told(source, tmp_path):
    service = with_program("no_such_loop", source=source)
    run = service.create(small(), "me")
    until(lambda: state(service, run) == "failed")
    assert service.get(run).sentence == ("No process could be started to train this run. Its reason is in the "
                                         "file workers.log in dlviz's data folder.")
    assert "no_such_loop" in (tmp_path / "dlviz" / "workers.log").read_text()
    service.close()

"""What every engine owes the service, asked of each in the same words: local processes, and a cluster where Ray is
installed (`pip install dlviz[cluster]`)."""
from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from dlviz import presets, schedules, tasks
from dlviz.runs.process.engine import LOG, WEIGHTS, End, Engine, EventReplay, Heartbeat, Need, Start
from dlviz.runs.process.local import LocalEngine
from dlviz.runs.process.remote import ClusterEngine
from dlviz.runs.service import RunService
from dlviz.spec import Experiment
from dlviz.studies.hyperparameters import Hyperparameter
from dlviz.studies.plan import Axis, variants
from dlviz.studies.studies import Studies
from dlviz.training import events as ev
from dlviz.training.control import Advance, HoldAt, Pause, Query, Resume, Save, Set, Stop
from dlviz.training.loop import train
from tests.engine import ray_cluster
from tests.engine.seam_programs import BURST

PROGRAM = "tests.engine.seam_programs:by_name"
PATIENCE = 120.0  # seconds until a test gives up; not a measurement
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
needs_ray = pytest.mark.skipif(ray_cluster.MISSING, reason="Ray is not installed: pip install dlviz[cluster]")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes under /proc")


def until(condition: Callable, what: str = "the expected"):
    """Wait for a condition to hold; its value."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.01)
    raise AssertionError(f"{what} did not happen within {PATIENCE:g} s")


def small(name: str = "small", train_fraction: float = 0.05, epochs: int = 2) -> Experiment:
    """The classic MLP on little data: `train_fraction=0.05` is 43 steps an epoch."""
    experiment = presets.get("mlp").experiment
    training = experiment.training.model_copy(update={"train_fraction": train_fraction, "epochs": epochs,
                                                      "schedule": schedules.get("Constant")})
    return experiment.model_copy(update={"training": training, "seed": 1, "name": name})


LONG = small(train_fraction=1.0, epochs=50)


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


class Seam:
    """An engine, and everything that it has told."""

    def __init__(self, engine: Engine, home: Path) -> None:
        self.engine, self.home = engine, home
        self.reported: dict[str, list] = defaultdict(list)  # run -> (number, event)
        self._lock = threading.Lock()
        engine.listen(self._listen)

    def _listen(self, run: str, seq: int, event) -> None:
        with self._lock:
            self.reported[run].append((seq, event))

    def begin(self, experiment: Experiment, *messages, run: str = "", **need) -> str:
        run = run or f"run{secrets.token_hex(4)}"
        need = Need(self.folder(run), messages, "cpu", process=f"{time.time_ns():020d}", **need)
        self.engine.start(run, experiment, need)
        return run

    def folder(self, run: str) -> Path:
        return self.home / "runs" / run

    def events(self, run: str, kind: type = object) -> list:
        with self._lock:
            return [event for _, event in self.reported[run] if isinstance(event, kind)]

    def step(self, run: str) -> int:
        return max((int(event.step[-1]) for event in self.events(run, ev.Steps)), default=0)

    def numbers(self, run: str) -> list[int]:
        with self._lock:
            return [seq for seq, _ in self.reported[run]]

    def end(self, run: str) -> End:
        return until(lambda: self.events(run, End), f"the end of {run}")[0]

    def pid(self, run: str) -> int:
        return until(lambda: self.events(run, Start), f"the start of {run}")[-1].pid

    def finish(self, run: str) -> None:
        """Leave no process of it."""
        self.engine.kill(run)
        self.end(run)
        self.engine.acknowledge(run, self.numbers(run)[-1])


@pytest.fixture(scope="module")
def nodes() -> Iterator[ray_cluster.RayNodes]:
    made = ray_cluster.RayNodes()
    yield made
    made.close()


Made = tuple[Callable[[], Engine], ray_cluster.BridgeProcess | None]


@contextmanager
def engines(kind: str, home: Path, request: pytest.FixtureRequest) -> Iterator[Made]:
    """Within it: what makes engines of this kind for this data folder, and its bridge, None without one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DLVIZ_HOME", str(home))
        patch.setenv("OMP_NUM_THREADS", "1")
        if kind == "local":
            yield lambda: LocalEngine(PROGRAM), None
            return
        bridge = ray_cluster.BridgeProcess(request.getfixturevalue("nodes"), home, "--program", PROGRAM)
        yield lambda: ClusterEngine(("127.0.0.1", bridge.port)), bridge
        bridge.close()


KINDS = ["local", pytest.param("ray", marks=needs_ray)]


@pytest.fixture(scope="module", params=KINDS)
def seam(request, tmp_path_factory) -> Iterator[Seam]:
    home = tmp_path_factory.mktemp("seam") / "home"
    with engines(request.param, home, request) as (make, _):
        engine = make()
        assert engine.adopt() == ()
        yield Seam(engine, home)
        engine.close()


CORE = os.environ.get("DLVIZ_CLUSTER_TESTS") == "core"


@pytest.fixture(autouse=True)
def _core(request) -> None:
    """A run on Ray costs four seconds of processor time: where there are few, only the marked tests have one."""
    callspec = getattr(request.node, "callspec", None)
    on_ray = "cluster" in request.fixturenames or (callspec is not None and "ray" in callspec.params.values())
    if CORE and on_ray and request.node.get_closest_marker("core") is None:
        pytest.skip("left out by DLVIZ_CLUSTER_TESTS=core")


def test_ray_is_here_where_it_is_required():
    assert not (CORE and ray_cluster.MISSING)


# what comes up


@pytest.mark.core
def test_everything_comes_up_once_and_in_order(seam):
    run = seam.begin(small("burst"))
    assert seam.end(run) == End("done")
    assert [event.step for event in seam.events(run, ev.Evaluated)] == list(range(1, BURST + 1))
    assert seam.numbers(run) == list(range(len(seam.numbers(run))))
    kinds = [type(event) for event in seam.events(run) if not isinstance(event, Heartbeat | ev.Evaluated)]
    assert kinds == [Start, ev.Started, ev.Ended, End]
    seam.engine.acknowledge(run, seam.numbers(run)[-1])


def test_a_run_gives_what_the_loop_gives(seam):
    run = seam.begin(small())
    assert seam.end(run) == End("done")
    expected = list(train(small(), device="cpu"))
    losses = np.concatenate([event.loss for event in seam.events(run, ev.Steps)])
    np.testing.assert_array_equal(losses, np.array([e.loss for e in expected if isinstance(e, ev.Step)], np.float32))
    assert seam.events(run, ev.Ended) == [expected[-1]]
    seam.engine.acknowledge(run, seam.numbers(run)[-1])


def test_a_process_says_that_it_lives_and_where(seam):
    run = seam.begin(small("deaf"))
    until(lambda: len(seam.events(run, Heartbeat)) > 3, "heartbeats")
    node = seam.events(run, Start)[0].node
    assert node in [each.name for each in seam.engine.nodes()] or (not seam.engine.nodes() and node == "")
    assert alive(seam.pid(run))
    seam.finish(run)


def test_an_exception_is_a_sentence_and_a_log(seam):
    run = seam.begin(small("raises"))
    end = seam.end(run)
    assert end.reason == "failed" and "(ValueError: the weights are)" in end.sentence
    assert "Traceback" in (seam.folder(run) / LOG).read_text()
    assert seam.step(run) == 1, "what it had told before the exception is lost"
    seam.engine.acknowledge(run, seam.numbers(run)[-1])


# what goes down


@pytest.mark.core
def test_messages_act_between_two_batches(seam):
    run = seam.begin(LONG, HoldAt(10), Set("learning_rate", 0.003))
    seam.engine.post(run, HoldAt(20))  # before it can be there
    until(lambda: seam.step(run) == 20, "twenty steps")
    seam.engine.post(run, Set("learning_rate", 0.0005))
    seam.engine.post(run, HoldAt(21))
    until(lambda: seam.step(run) == 21, "one more step")
    seam.engine.post(run, Pause())
    seam.engine.post(run, HoldAt(None))
    until(lambda: seam.events(run, ev.Paused), "the pause")
    assert seam.step(run) == 21
    seam.engine.post(run, Advance("batch"))
    until(lambda: len(seam.events(run, ev.Paused)) == 2, "the next pause")
    assert seam.step(run) == 22
    seam.engine.post(run, Resume())
    until(lambda: seam.step(run) > 30, "training")
    seam.engine.post(run, Stop())
    assert seam.end(run).reason == "stopped"
    changes = [(change.step, change.new) for change in seam.events(run, ev.Changed)]
    assert changes == [(1, 0.003), (21, 0.0005)]
    assert seam.events(run, ev.Ended)[0].step == seam.step(run)
    seam.engine.acknowledge(run, seam.numbers(run)[-1])


def test_a_paused_run_tells_nothing_but_that_it_lives(seam):
    run = seam.begin(LONG)
    until(lambda: seam.step(run) > 5, "training")
    seam.engine.post(run, Pause())
    paused = until(lambda: seam.events(run, ev.Paused), "the pause")[0]
    count = len(seam.events(run, Heartbeat))
    until(lambda: len(seam.events(run, Heartbeat)) > count + 2, "heartbeats")
    assert seam.step(run) == paused.step
    seam.finish(run)


def test_runs_in_lock_step_wait_for_each_other(seam):
    runs = [seam.begin(LONG, HoldAt(10)) for _ in range(2)]
    for limit in (10, 20, 30):
        for run in runs:
            until(lambda: seam.step(run) == limit, f"step {limit}")
        assert [seam.step(run) for run in runs] == [limit, limit]
        for run in runs:
            seam.engine.post(run, HoldAt(limit + 10))
    for run in runs:
        seam.finish(run)


def test_a_network_answers_while_it_learns(seam):
    run = seam.begin(LONG)
    digit, _ = tasks.get("mnist").sample("test", 0)
    seam.engine.post(run, Query("a ticket", tuple(np.float32(value) for value in digit)))
    answer = until(lambda: seam.events(run, ev.QueryResult), "an answer")[0]
    assert answer.ticket == "a ticket" and answer.probabilities.sum() == pytest.approx(1, abs=1e-5)
    seam.finish(run)


def test_a_checkpoint_is_where_the_service_looks_and_the_next_process_goes_on_from_it(seam):
    run = seam.begin(LONG)
    until(lambda: seam.step(run) > 20, "training")
    seam.engine.post(run, Save())
    until(lambda: seam.events(run, ev.Checkpointed), "a checkpoint")
    assert (seam.folder(run) / WEIGHTS).exists()
    seam.engine.kill(run)
    assert seam.end(run) == End("killed")
    first = seam.step(run)
    seam.reported[run].clear()
    seam.begin(LONG, run=run)
    started = until(lambda: seam.events(run, ev.Started), "its successor")[0]
    assert 0 < started.step <= first and seam.numbers(run)[0] == 0
    (replayed,) = [event for event in seam.events(run, EventReplay)[0].events if isinstance(event, ev.Steps)]
    assert replayed.step.tolist() == list(range(1, int(replayed.step[-1]) + 1)) and replayed.step[-1] >= first
    seam.finish(run)


# ends


@pytest.mark.parametrize("program", ["deaf", "small"])
def test_a_killed_run_ends_at_once_and_says_nothing_more(seam, program):
    run = seam.begin(LONG.model_copy(update={"name": program}))
    until(lambda: seam.step(run) > 3, "training")
    pid = seam.pid(run)
    for _ in range(2):
        seam.engine.kill(run)
    assert seam.end(run) == End("killed")
    until(lambda: not alive(pid), "the end of its process")
    seam.engine.kill(run)
    seam.engine.post(run, Pause())
    other = seam.begin(small("raises"))
    seam.end(other)
    assert isinstance(seam.events(run)[-1], End) and len(seam.events(run, End)) == 1
    for each in (run, other):
        seam.engine.acknowledge(each, seam.numbers(each)[-1])


@pytest.mark.core
def test_a_process_that_vanishes_is_lost_once(seam):
    run = seam.begin(small("obedient"))
    until(lambda: seam.step(run) > 20, "training")
    os.kill(seam.pid(run), KILL)
    assert seam.end(run) == End("lost")
    assert seam.numbers(run) == list(range(len(seam.numbers(run))))
    seam.engine.acknowledge(run, seam.numbers(run)[-1])


def test_more_runs_than_places_are_the_services_to_hold_back(seam):
    capacity = seam.engine.capacity()
    nodes = seam.engine.nodes()
    assert capacity >= 1 and (not nodes or capacity == sum(node.cores for node in nodes))
    assert seam.engine.trouble() == ""




# servers that come and go

SERVER = """
import sys, time
from dlviz.runs.process.local import LocalEngine
from dlviz.runs.process.remote import ClusterEngine
from dlviz.runs.service import RunService
from dlviz.runs.service import RunService
from dlviz.spec import from_json
port, program, *experiments = sys.argv[1:]
service = RunService(ClusterEngine(("127.0.0.1", int(port))) if int(port) else LocalEngine(program))
for text in experiments:
    run = service.create(from_json(text), "me")
while service.snapshot(run).step < 100:
    time.sleep(0.01)
print("ready", flush=True)
time.sleep(1000)
"""


def losses_of(experiment: Experiment) -> np.ndarray:
    return np.array([event.loss for event in train(experiment, device="cpu") if isinstance(event, ev.Step)], np.float32)


def assert_complete(service: RunService, run: str, experiment: Experiment) -> None:
    """The run's curve is the loop's, in memory and in the store: nothing lost, nothing doubled."""
    until(lambda: service.get(run).state == "done", f"the end of {run}, which is {service.get(run)}")
    expected = losses_of(experiment)
    train_curve = service.snapshot(run).train
    np.testing.assert_array_equal(train_curve["step"], np.arange(1, len(expected) + 1))
    np.testing.assert_array_equal(train_curve["loss"], expected)
    service._flush()
    np.testing.assert_array_equal(service._store.history(run).train["loss"].values, expected)


@pytest.fixture(params=KINDS)
def server(request, tmp_path) -> Iterator[Made]:
    """What makes engines for this test's own data folder, and its bridge."""
    with engines(request.param, tmp_path / "dlviz", request) as made:
        yield made


def test_what_has_no_place_waits_in_the_queue(server, monkeypatch):
    monkeypatch.setenv("DLVIZ_MAX_RUNNING", "2")
    service = RunService(server[0]())
    runs = [service.create(small("obedient"), "me") for _ in range(4)]
    until(lambda: service.get(runs[1]).state == "training", "the second")
    assert [service.get(run).position for run in runs] == [None, None, 1, 2]
    service.post(runs[0], Stop(), "me")
    until(lambda: service.get(runs[2]).state == "training", "the third")
    assert service.get(runs[3]).position == 1
    for run in runs[1:]:
        service.delete(run, "me")
    service.close()


@pytest.mark.core
def test_a_sweep_goes_the_way_of_single_runs_and_its_curves_are_the_loops(server, monkeypatch):
    monkeypatch.setenv("DLVIZ_MAX_RUNNING", "2")
    service = RunService(server[0]())
    single = service.create(small("obedient"), "me")
    until(lambda: service.get(single).state == "training", "a single run")
    rates = Axis(hyperparameter=Hyperparameter(path=("training", "optimizer", "learning_rate")),
                 values=(0.0001, 0.001, 0.01))
    studies = Studies(service)
    study = studies.compare("rates", "me", small(), [rates], at_once=3)
    assert studies.get(study).at_once == service.capacity() == 2
    infos = until(lambda: (found := studies.infos(studies.get(study))) and found[0].state == "training" and found,
                  "the first of the sweep")
    assert [(info.state, info.position) for info in infos] == [("training", None), ("queued", 1)], "one place was taken"
    service.delete(single, "me")
    until(lambda: len(studies.get(study).members) == 3, "all of its runs")
    for member, made in zip(studies.get(study).members, variants(small(), [rates])):
        assert member.values == made.values
        assert_complete(service, member.run, made.experiment)
    assert studies.get(study).complete
    service.close()


def test_a_killed_server_loses_and_doubles_nothing(server, tmp_path):
    make, bridge = server
    port = bridge.port if bridge else 0
    experiments = [small(train_fraction=0.5, epochs=3), small(epochs=3)]
    command = [sys.executable, "-c", SERVER, str(port), PROGRAM, *(each.to_json(None) for each in experiments[::-1])]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert first.stdout.readline() == "ready\n"
    first.kill()
    first.wait()
    first.stdout.close()
    service = RunService(make())
    runs = sorted(service.list("me"), key=lambda info: info.created, reverse=True)
    for info, experiment in zip(runs, experiments):
        assert_complete(service, info.id, experiment)
    if bridge:
        assert [service.snapshot(info.id).revision for info in runs] == [0, 0], "its process did not go on"
    service.close()


def test_a_server_that_is_closed_in_good_order_finds_its_runs_again(server):
    make, _ = server
    experiment = small(train_fraction=0.5, epochs=3)
    first = RunService(make())
    run = first.create(experiment, "me")
    until(lambda: first.snapshot(run).step > 100, "training")
    first.close()
    second = RunService(make())
    assert_complete(second, run, experiment)
    second.close()


# a cluster's own


@pytest.fixture
def cluster(tmp_path, request) -> Iterator[tuple[ClusterEngine, ray_cluster.BridgeProcess, ray_cluster.RayNodes]]:
    with engines("ray", tmp_path / "dlviz", request) as (make, bridge):
        yield make, bridge, request.getfixturevalue("nodes")


@needs_ray
def test_a_killed_bridge_comes_back_and_nothing_is_lost_or_doubled(cluster):
    make, bridge, _ = cluster
    service = RunService(make())
    run = service.create(LONG, "me")
    until(lambda: service.snapshot(run).step > 100, "training")
    (pid,) = bridge.pids
    os.kill(pid, KILL)
    until(lambda: "must answer" in service.trouble, "the notice")
    service.post(run, Pause(), "me")  # meanwhile
    until(lambda: service.trouble == "", "the next bridge")
    until(lambda: service.get(run).state == "paused", "the pause")
    shot = service.snapshot(run)
    np.testing.assert_array_equal(shot.train["step"], np.arange(1, shot.step + 1))
    assert shot.revision == 0, "it went on in another process"
    service.delete(run, "me")
    service.close()


@needs_ray
def test_a_killed_node_costs_six_runs_nothing_but_what_came_after_their_checkpoints(cluster):
    make, _, nodes = cluster
    experiment = small(train_fraction=0.5, epochs=4)
    service = RunService(make())
    runs = [service.create(experiment, "me") for _ in range(6)]
    until(lambda: all(service.snapshot(run).step > 50 for run in runs), "six at once")
    assert sorted(service.get(run).node for run in runs) == ["a", "a", "a", "b", "b", "b"]
    nodes.kill_node("b")
    until(lambda: len(service._engine.nodes()) == 1, "the notice")
    for run in runs:
        assert_complete(service, run, experiment)
    assert sum(service.snapshot(run).revision > 0 for run in runs) <= 3
    service.close()
    nodes.start_node("b", 3)


@needs_ray
def test_processes_of_a_node_whose_manager_dies_write_a_checkpoint_and_end(cluster):
    make, _, nodes = cluster
    experiment = small(train_fraction=1.0, epochs=4)
    service = RunService(make())
    until(lambda: len(service._engine.nodes()) == 2, "both nodes")
    runs = [service.create(experiment, "me") for _ in range(2)]
    until(lambda: all(service.snapshot(run).step > 50 for run in runs), "training")
    on_b = [run for run in runs if service.get(run).node == "b"]
    workers = ray_cluster.children(nodes.raylet("b"))
    assert len(on_b) == 1 and workers
    os.kill(nodes.raylet("b"), KILL)
    until(lambda: not any(alive(pid) for pid in workers), "the end of what it left")
    for run in runs:
        assert_complete(service, run, experiment)
    service.close()
    nodes.kill_node("b")
    nodes.start_node("b", 3)

"""What a process on a cluster keeps until it is safe; the bridge and the server to which it travels. Without Ray."""
from __future__ import annotations

import asyncio
import contextlib
import pickle
import queue
import threading
import time
from pathlib import Path

import pytest

from dlviz import presets
from dlviz.cluster import host as hosts
from dlviz.cluster import relay
from dlviz.cluster.host import HostOptions, HostStatus, RunHost
from dlviz.cluster.outbox import CROWDED, Outbox
from dlviz.cluster.relay import Bridge
from dlviz.runs.process import bridge_wire as bw
from dlviz.runs.process.engine import Adoption, ClusterNode, End, Heartbeat, Need, Start
from dlviz.runs.process.remote import ClusterEngine, place_of
from dlviz.training import events as ev
from dlviz.training.control import Pause, Resume
from tests.engine.ray_cluster import free_port

PATIENCE = 30.0  # seconds until a test gives up; not a measurement
NODES = (ClusterNode("a", 2, 2**40),)


def until(condition, what: str = "the expected"):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.01)
    raise AssertionError(f"{what} did not happen within {PATIENCE:g} s")


def evaluated(*steps: int) -> list[ev.Evaluated]:
    return [ev.Evaluated(step, 0.5, 0.5, 10) for step in steps]


def test_what_is_not_acknowledged_comes_again_under_its_number():
    box = Outbox()
    box.add([Start(1), *evaluated(1, 2)])
    assert box.take(-1, -1, 0.0) == (0, [Start(1), *evaluated(1, 2)], False)
    box.add(evaluated(3))
    assert box.take(2, 0, 0.0) == (3, evaluated(3), False)
    assert box.take(None, 0, 0.0) == (1, evaluated(1, 2, 3), False)
    assert box.take(None, 3, 0.0) == (4, [], False)


def test_the_end_is_told_until_it_is_acknowledged_and_nothing_after_it():
    box = Outbox()
    box.add([*evaluated(1), End("done"), Heartbeat()])
    box.add([Heartbeat()])
    assert box.take(-1, -1, 0.0) == (0, [*evaluated(1), End("done")], True)
    assert box.take(1, -1, 60.0) == (2, [], True), "who asks again waits for nothing"


def test_of_heartbeats_and_pictures_that_nobody_has_asked_for_the_newest_stays():
    box = Outbox()
    steps = evaluated(*range(CROWDED))
    box.add([Heartbeat(), *steps, Heartbeat(), Heartbeat()])
    first, events, _ = box.take(None, -1, 0.0)
    assert (first, events) == (0, [*steps, Heartbeat()])


def test_who_asks_waits_for_the_next_event():
    box = Outbox()
    threading.Timer(0.05, box.add, [[Start(1)]]).start()
    assert box.take(-1, -1, PATIENCE) == (0, [Start(1)], False)


def test_an_address_is_a_host_with_or_without_a_port():
    assert place_of("gpu1") == ("gpu1", bw.PORT) and place_of("10.0.0.1:99") == ("10.0.0.1", 99)
    with pytest.raises(Exception, match=r"DLVIZ_CLUSTER must be the address of the bridge, .* but it is 'gpu1:x'\."):
        place_of("gpu1:x")


def test_server_and_bridge_find_one_key_whoever_is_first(tmp_path):
    found = queue.Queue()
    threads = [threading.Thread(target=lambda: found.put(bw.key(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({found.get() for _ in threads}) == 1
    assert (tmp_path / bw.KEY).stat().st_mode & 0o077 == 0 and [p.name for p in tmp_path.iterdir()] == [bw.KEY]


# a process


class Loop:
    """A training loop that does as it is told."""

    def __call__(self, experiment, control, *, checkpoint, resume, device):
        yield ev.Started(0, 10, 10, "cpu", 1)
        while True:
            match control.wait():
                case Pause():
                    yield ev.Paused(1)
                case Resume():
                    yield ev.Ended(1, "done")
                    return


@pytest.fixture
def process(monkeypatch, tmp_path):
    """A host within this process, and what it would have ended with."""
    monkeypatch.setattr(hosts, "be_first_to_go", lambda: None)
    monkeypatch.setattr(hosts.worker, "load", lambda program: Loop())
    monkeypatch.setattr(hosts.worker, "be_modest", lambda: None)
    codes: queue.Queue[int] = queue.Queue()
    made = RunHost(HostOptions("a:b", str(tmp_path), 600.0), lambda: "lab", leave=codes.put)
    return made, codes


def launch(tmp_path: Path, token: str = "t1") -> bw.Launch:
    from dlviz.runs.process.wire import Begin

    folder = tmp_path / "run"
    folder.mkdir(exist_ok=True)
    return bw.Launch(Begin("r", presets.get("mlp").experiment.to_json(None), folder, (), "cpu"), token, 1.0, 0.0, 0)


def test_a_process_trains_what_it_is_given_once_and_says_where(process, tmp_path):
    made, _ = process
    assert made.status() == HostStatus("lab")
    given = launch(tmp_path)
    made.begin(given.begin, given.process)
    made.begin(given.begin, "another")
    assert made.status() == HostStatus("lab", "r", "t1")
    batch = made.take(-1, -1, PATIENCE)
    assert pickle.loads(batch.data)[0].node == "lab" and batch.process == "t1"
    for number in (1, 2, 1, 2):
        made.post("s", number, Pause() if number == 1 else Resume())
    reported: list = []
    until(lambda: reported.extend(pickle.loads((batch := made.take(len(reported) - 1, -1, 1.0)).data)) or batch.over,
          "its end")
    kinds = [type(event) for event in reported if not isinstance(event, Heartbeat)]
    assert kinds == [Start, ev.Started, ev.Paused, ev.Ended, End], "a message was taken twice"
    assert batch.session == "" and made.take(None, -1, 0.0).number == 2


def test_a_process_that_nobody_asks_for_long_ends(process, tmp_path, monkeypatch):
    _, codes = process
    monkeypatch.setattr(hosts, "LOOK", 0.01)
    RunHost(HostOptions("a:b", str(tmp_path), 0.02), lambda: "lab", leave=codes.put)
    assert codes.get(timeout=PATIENCE) == 0


# bridge and server


class FakeProcess:
    """A process of the cluster as the bridge sees it; the test plays what is in it."""

    def __init__(self, status: HostStatus) -> None:
        self.box, self.current, self.posted, self.killed = Outbox(), status, [], False

    def status(self) -> HostStatus:
        return self.current

    def begin(self, begin, process) -> None:
        self.current = HostStatus("a", begin.run, process)

    def post(self, session, number, message) -> None:
        self.posted.append((session, number, message))

    def take(self, after, acknowledged, timeout) -> bw.Batch:
        if self.killed:
            raise FakeCluster.errors("it is dead")
        first, events, over = self.box.take(after, acknowledged, 0.02)
        session, number = self.posted[-1][:2] if self.posted else ("", 0)
        return bw.Batch(self.current.process, "a", first, len(events), pickle.dumps(events), session, number, over)


class FakeCluster:
    """Processes outlive bridges here too."""

    errors, silent = ConnectionError, InterruptedError

    def __init__(self) -> None:
        self.all: dict[str, FakeProcess] = {}
        self.made: list[dict] = []

    def create(self, name, options, launch, cores=1.0, gpu=0.0, memory=0) -> FakeProcess:
        status = HostStatus("a", launch.begin.run, launch.process) if launch else HostStatus("a")
        self.made.append({"name": name, "cores": cores, "gpu": gpu, "memory": memory, "options": options})
        self.all[name] = FakeProcess(status)
        return self.all[name]

    async def _call(self, process, name, *args):
        return await asyncio.to_thread(getattr(process, name), *args)

    def call(self, process, name, *args):
        return asyncio.ensure_future(self._call(process, name, *args))

    def processes(self):
        yield from [(name, process) for name, process in self.all.items() if not process.killed]

    def kill(self, process) -> None:
        process.killed = True

    def nodes(self):
        return NODES

    def free_cores(self) -> float:
        return 2.0


class RunningBridge:
    """A bridge in a thread of this process, which can be ended and begun again."""

    def __init__(self, cluster: FakeCluster, home: Path, spares: int = 0) -> None:
        self.cluster, self.home, self.spares, self.port = cluster, home, spares, free_port()
        self.begin()

    def begin(self) -> None:
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._begun = threading.Event()
        self._thread.start()
        self._begun.wait(PATIENCE)

    async def _serve(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        self._begun.set()
        bridge = Bridge(self.cluster, HostOptions("a:b", str(self.home), 600.0), self.spares)
        with contextlib.suppress(asyncio.CancelledError):
            await bridge.serve(("127.0.0.1", self.port), bw.key(self.home))

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture
def bridge(tmp_path, monkeypatch):
    monkeypatch.setattr(relay, "TEND", 0.05)
    monkeypatch.setattr(relay, "KILLING", 0.2)
    (tmp_path / "dlviz").mkdir()
    made = RunningBridge(FakeCluster(), tmp_path / "dlviz")
    yield made
    made.end()


@pytest.fixture
def engine(bridge):
    made = ClusterEngine(("127.0.0.1", bridge.port))
    reported: list[tuple] = []
    made.listen(lambda *event: reported.append(event))
    assert made.adopt() == ()
    yield made, reported
    made.close()


def begin(engine: ClusterEngine, tmp_path: Path, run: str = "r", **need) -> None:
    engine.start(run, presets.get("mlp").experiment, Need(tmp_path / run, process=f"{run}-1", **need))


def process_of(bridge: RunningBridge, run: str = "r") -> FakeProcess:
    return until(lambda: next((p for p in bridge.cluster.all.values() if p.current.run == run), None), "a process")


def test_events_come_up_and_are_forgotten_when_they_are_acknowledged(bridge, engine, tmp_path):
    made, reported = engine
    begin(made, tmp_path)
    process = process_of(bridge)
    process.box.add([Start(1, "a"), *evaluated(1)])
    until(lambda: len(reported) == 2, "two events")
    made.acknowledge("r", 1)
    until(lambda: process.box.take(None, -1, 0.0)[0] == 2, "what is safe is forgotten")
    process.box.add([End("done")])
    until(lambda: len(reported) == 3, "the end")
    assert reported == [("r", 0, Start(1, "a")), ("r", 1, evaluated(1)[0]), ("r", 2, End("done"))]
    assert not process.killed
    made.acknowledge("r", 2)
    until(lambda: process.killed, "the end of the process")


def test_a_bridge_that_comes_back_loses_and_doubles_nothing(bridge, engine, tmp_path):
    made, reported = engine
    begin(made, tmp_path)
    process = process_of(bridge)
    process.box.add([Start(1, "a"), *evaluated(1)])
    until(lambda: len(reported) == 2, "two events")
    bridge.end()
    until(lambda: "must answer, but it does not" in made.trouble(), "the notice")
    process.box.add(evaluated(2))
    made.post("r", Pause())
    bridge.begin()
    until(lambda: len(reported) == 3 and process.posted, "what came meanwhile")
    assert [seq for _, seq, _ in reported] == [0, 1, 2] and made.trouble() == ""
    assert [message for _, _, message in process.posted] == [Pause()] and len(bridge.cluster.made) == 1


def test_a_run_that_was_begun_without_a_bridge_begins_when_there_is_one(bridge, engine, tmp_path):
    made, _ = engine
    bridge.end()
    until(made.trouble, "the notice")
    begin(made, tmp_path, gpu=0.5, cores=2.0, expected_memory=123)
    made.post("r", Pause())
    bridge.begin()
    until(lambda: process_of(bridge).posted, "its message")
    (call,) = bridge.cluster.made
    assert (call["gpu"], call["cores"], call["memory"], call["options"].gpu_memory) == (0.5, 2.0, 123, 0.5)


def test_what_ended_while_there_was_no_bridge_is_lost_and_what_was_killed_is_killed(bridge, engine, tmp_path):
    made, reported = engine
    for run in "ab":
        begin(made, tmp_path, run)
        process_of(bridge, run).box.add([Start(1, "a")])
    until(lambda: len(reported) == 2, "both")
    bridge.end()
    until(made.trouble, "the notice")
    process_of(bridge, "a").killed = True
    made.kill("b")
    bridge.begin()
    until(lambda: len(reported) == 4, "both ends")
    assert sorted((run, event) for run, _, event in reported[2:]) == [("a", End("lost")), ("b", End("killed"))]
    assert process_of(bridge, "b").killed


def test_a_server_that_comes_back_finds_what_nobody_has_acknowledged(bridge, engine, tmp_path):
    first, reported = engine
    begin(first, tmp_path)
    process_of(bridge).box.add([Start(1, "a"), *evaluated(1, 2)])
    until(lambda: len(reported) == 3, "three events")
    first.acknowledge("r", 0)
    process_of(bridge).box.add(evaluated(3))
    until(lambda: len(reported) == 4, "the fourth, whose polling brings the word")
    first.close()
    second, again = ClusterEngine(("127.0.0.1", bridge.port)), []
    second.listen(lambda *event: again.append(event))
    assert second.adopt() == (Adoption("r", "r-1", "a"),)
    until(lambda: len(again) == 3, "the rest")
    assert [(seq, event.step) for _, seq, event in again] == [(1, 1), (2, 2), (3, 3)]
    second.post("r", Resume())
    until(lambda: process_of(bridge).posted, "its message")
    second.close()


def test_an_end_that_nobody_has_safe_comes_again_to_the_next_server(bridge, engine, tmp_path):
    first, reported = engine
    begin(first, tmp_path)
    process_of(bridge).box.add([Start(1, "a"), *evaluated(1), End("done")])
    until(lambda: len(reported) == 3, "the end")
    first.close()
    second, again = ClusterEngine(("127.0.0.1", bridge.port)), []
    second.listen(lambda *event: again.append(event))
    second.adopt()
    until(lambda: len(again) == 3, "the end once more")
    assert again == reported
    second.acknowledge("r", 2)
    until(lambda: process_of(bridge).killed, "the end of the process")
    second.close()


def test_a_process_that_cannot_be_ended_counts_as_gone(bridge, engine, tmp_path):
    made, reported = engine
    begin(made, tmp_path)
    process = process_of(bridge)
    bridge.cluster.kill = lambda process: None  # its node is frozen
    made.kill("r")
    until(lambda: reported, "its end")
    assert reported == [("r", 0, End("killed"))]
    process.killed = True


def test_spares_take_common_runs_and_give_way_to_others(tmp_path, monkeypatch):
    monkeypatch.setattr(relay, "TEND", 0.05)
    (tmp_path / "dlviz").mkdir()
    bridge = RunningBridge(FakeCluster(), tmp_path / "dlviz", spares=1)
    made = ClusterEngine(("127.0.0.1", bridge.port))
    made.adopt()
    until(lambda: len(bridge.cluster.all) == 1, "a spare")
    spare = next(iter(bridge.cluster.all.values()))
    begin(made, tmp_path, "common")
    until(lambda: spare.current.run == "common", "its run")
    until(lambda: len(bridge.cluster.all) == 2, "the next spare")
    begin(made, tmp_path, "large", gpu=1.0)
    other = process_of(bridge, "large")
    spares = [process for process in bridge.cluster.all.values() if not process.current.run]
    assert any(process.killed for process in spares) and not other.killed
    made.close()
    bridge.end()
    assert all(process.killed for process in bridge.cluster.all.values() if not process.current.run)
    assert not spare.killed and not other.killed


def test_without_a_bridge_a_server_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("dlviz.runs.process.remote.PATIENCE", 0.1)
    with pytest.raises(Exception, match=r"The bridge to the cluster at 127.0.0.1:\d+ must answer, but it does not\."):
        ClusterEngine(("127.0.0.1", free_port())).adopt()


def test_a_bridge_of_another_folder_is_told_from_one_that_is_not_there(bridge, tmp_path, monkeypatch):
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path / "other"))
    monkeypatch.setattr("dlviz.runs.process.remote.PATIENCE", 2.0)
    with pytest.raises(Exception, match=r"must have the key of this data folder \(bridge.key\), but it has another"):
        ClusterEngine(("127.0.0.1", bridge.port)).adopt()

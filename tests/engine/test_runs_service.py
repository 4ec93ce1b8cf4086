"""The service and its rules, with an engine that only takes notes: no process is started here."""
from __future__ import annotations

import atexit
import threading
import time

import numpy as np
import pytest

from dlviz import presets
from dlviz.errors import DlvizError, RunError, SpecError
from dlviz.owners import new_seat_owner
from dlviz.runs import lifecycle, places
from dlviz.runs.process.engine import WEIGHTS, Adoption, ClusterNode, End, EventReplay, Heartbeat, Need, Start
from dlviz.runs.service import RunService
from dlviz.runs.watches import EXPIRES, WatchUnion
from dlviz.spec import Experiment, LayerSpec, NetworkSpec
from dlviz.training import events as ev
from dlviz.training.control import Advance, Pause, Query, Resume, Save, Set, SetThreads, Stop, Watch

STATES = ("queued", "starting", "training", "paused", "done", "stopped", "diverged", "failed")


class FakeEngine:
    """Notes what it is told; the test plays the processes."""

    def __init__(self, places: int = 2) -> None:
        self.places = places
        self.started: list[str] = []
        self.needs: dict[str, tuple] = {}
        self.processes: dict[str, str] = {}
        self.needed: dict[str, Need] = {}
        self.posted: list[tuple] = []
        self.killed: list[str] = []
        self.alive: tuple[Adoption, ...] = ()
        self.computers: tuple[ClusterNode, ...] = ()
        self.acknowledged: dict[str, int] = {}
        self.silence = ""
        self.seq: dict[str, int] = {}
        self.closed = False

    def listen(self, on_event) -> None:
        self.on_event = on_event

    def start(self, run, experiment, need) -> None:
        self.started.append(run)
        self.seq[run] = -1
        self.needs[run] = need.messages
        self.needed[run] = need
        self.processes[run] = need.process
        need.folder.mkdir(parents=True, exist_ok=True)
        (need.folder / WEIGHTS).touch()  # the checkpoints of which a test tells

    def post(self, run, message) -> None:
        self.posted.append((run, message))

    def kill(self, run) -> None:
        self.killed.append(run)

    def capacity(self) -> int:
        return self.places

    def nodes(self) -> tuple[ClusterNode, ...]:
        return self.computers

    def adopt(self) -> tuple[Adoption, ...]:
        return self.alive

    def acknowledge(self, run, seq) -> None:
        self.acknowledged[run] = seq

    def trouble(self) -> str:
        return self.silence

    def close(self) -> None:
        self.closed = True

    def up(self, run: str, *events) -> None:
        for event in events:
            self.seq[run] = self.seq.get(run, -1) + 1
            self.on_event(run, self.seq[run], event)

    def begin(self, run: str, step: int = 0) -> None:
        self.up(run, Start(1), ev.Started(step, 100, 20, "cpu", 7))

    def messages(self, run: str, *kinds) -> list:
        """What the run was told, threads left out unless asked for."""
        messages = [message for name, message in self.posted if name == run]
        return [m for m in messages if (isinstance(m, kinds) if kinds else type(m) is not SetThreads)]


class Clock:
    """The service's clock, which a test sets: a machine's own may have been started a minute or a year ago."""

    now = 50.0

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return time.time()


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> Clock:
    """Time stands still, and tests tick by themselves."""
    made = Clock()
    monkeypatch.setattr("dlviz.runs.service.time", made)
    monkeypatch.setattr("dlviz.runs.service.TICK", 1e6)
    return made


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def service(engine, monkeypatch):
    monkeypatch.setattr(places, "cores", lambda: 4)
    service = RunService(engine)
    yield service
    service.close()


@pytest.fixture
def experiment() -> Experiment:
    return presets.get("mlp").experiment


def _steps(first: int, last: int) -> ev.Steps:
    step = np.arange(first, last + 1)
    return ev.Steps(step, (1 / step).astype(np.float32), np.full(len(step), 0.5, np.float32),
                    np.full(len(step), 0.1, np.float32))


def _in_state(service: RunService, engine: FakeEngine, experiment: Experiment, state: str) -> str:
    """A run that stands in `state`, as it gets there by itself."""
    if state == "queued":
        engine.places = 0
    run = service.create(experiment, "me")
    if state not in ("queued", "starting"):
        engine.begin(run)
        engine.up(run, _steps(1, 10))
    match state:
        case "paused":
            engine.up(run, ev.Checkpointed(10, "w"), ev.Paused(10))
        case "done" | "stopped" | "diverged":
            engine.up(run, ev.Ended(10, state, "What happened."), End("done"))
        case "failed":
            engine.up(run, End("failed", "It broke."))
    assert service.get(run).state == state
    engine.places = 2
    return run


# the queue

def test_runs_beyond_the_places_wait_in_line(service, engine, experiment):
    runs = [service.create(experiment, "me") for _ in range(5)]
    assert engine.started == runs[:2]
    assert [service.get(r).state for r in runs] == ["starting", "starting", "queued", "queued", "queued"]
    assert [service.get(r).position for r in runs] == [None, None, 1, 2, 3]
    engine.begin(runs[0])
    engine.up(runs[0], ev.Ended(100, "done", "", 0.1, 0.97), End("done"))
    assert engine.started == runs[:3]
    assert [service.get(r).position for r in runs] == [None, None, None, 1, 2]


def test_a_seat_of_a_class_trains_one_run_and_then_the_next(service, engine, experiment):
    seat = new_seat_owner()
    first, second = (service.create(experiment, seat) for _ in range(2))
    assert engine.started == [first] and service.get(second).position == 1
    mine = service.create(experiment, "me")
    assert engine.started == [first, mine], "who waits for their own run keeps nobody else waiting"
    engine.begin(first)
    engine.up(first, ev.Ended(100, "done", "", 0.1, 0.97), End("done"))
    assert engine.started == [first, mine, second]


def test_a_seat_of_a_class_trains_what_is_in_lock_step_together(service, engine, experiment):
    seat = new_seat_owner()
    runs = [service.create(experiment, seat) for _ in range(2)]
    service.together(runs, 5, seat)
    assert engine.started == runs


def test_the_limit_of_the_settings_holds_too(service, engine, experiment, monkeypatch):
    monkeypatch.setenv("DLVIZ_MAX_RUNNING", "1")
    engine.places = 10
    runs = [service.create(experiment, "me") for _ in range(2)]
    assert engine.started == runs[:1]


def test_a_pause_frees_a_place_and_resume_takes_one_again(service, engine, experiment):
    runs = [service.create(experiment, "me") for _ in range(3)]
    engine.begin(runs[0])
    service.post(runs[0], Pause(), "me")
    assert engine.started == runs[:2], "the loop has not paused yet"
    engine.up(runs[0], _steps(1, 3), ev.Checkpointed(3, "w"), ev.Paused(3))
    assert engine.started == runs
    service.post(runs[0], Resume(), "me")
    assert service.get(runs[0]).state == "queued"
    assert engine.messages(runs[0]) == [Pause()]
    engine.begin(runs[1])
    engine.up(runs[1], ev.Ended(100, "done"), End("done"))
    assert engine.messages(runs[0]) == [Pause(), Resume()]
    assert engine.started == runs, "its process was still there"
    engine.up(runs[0], ev.Resumed(3))
    assert service.get(runs[0]).state == "training"


def test_one_alone_has_all_cores_and_several_share_them(service, engine, experiment):
    engine.places = 8
    first = service.create(experiment, "me")
    assert SetThreads(4) in engine.needs[first]
    second = service.create(experiment, "me")
    assert SetThreads(2) in engine.needs[second]
    assert engine.messages(first, SetThreads) == [SetThreads(2)]
    more = [service.create(experiment, "me") for _ in range(4)]
    assert SetThreads(1) in engine.needs[more[-1]]
    assert engine.messages(first, SetThreads)[-1] == SetThreads(1)
    for run in [second, *more]:
        engine.begin(run)
        engine.up(run, ev.Paused(0))
    assert engine.messages(first, SetThreads)[-1] == SetThreads(4)


# what is allowed when

ALLOWED = {
    "queued": {Pause, Resume, Advance, Stop, Set}, "starting": {Pause, Resume, Advance, Stop, Set},
    "training": {Pause, Resume, Advance, Stop, Set}, "paused": {Pause, Resume, Advance, Stop, Set},
    "done": set(), "diverged": set(), "stopped": {Resume, Advance, Stop}, "failed": {Resume, Advance},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("message", [Pause(), Resume(), Advance("epoch"), Stop(), Set("learning_rate", 0.5)],
                         ids=lambda m: type(m).__name__)
def test_each_state_allows_what_makes_sense(service, engine, experiment, state, message):
    run = _in_state(service, engine, experiment, state)
    if type(message) in ALLOWED[state]:
        service.post(run, message, "me")
    else:
        with pytest.raises(RunError):
            service.post(run, message, "me")
        assert service.get(run).state == state


@pytest.mark.parametrize(("state", "message", "sentence"), [
    ("done", Pause(), "The run 'Classic MLP' can only be paused while it trains, but it has finished. "
                      "Start a new run from it."),
    ("done", Resume(), "The run 'Classic MLP' can only go on when it was paused or stopped before its end, but "
                       "it has finished. Start a new run from it."),
    ("diverged", Resume(), "The run 'Classic MLP' can only go on when it was paused or stopped before its end, but "
                           "it has diverged. Start a new run with a smaller learning rate."),
    ("failed", Stop(), "The run 'Classic MLP' can only be stopped before its end, but it has failed. "
                       "Resume it first."),
    ("stopped", Set("momentum", 0.5), "The run 'Classic MLP' can only take a new setting while it trains or is "
                                      "paused, but it was stopped. Resume it first."),
    ("training", Set("learning_rate", -1.0), "The learning rate must lie between 0 and 100, but -1 was asked "
                                             "for. Choose another value."),
])
def test_what_is_refused_is_refused_with_a_sentence(service, engine, experiment, state, message, sentence):
    run = _in_state(service, engine, experiment.model_copy(update={"name": "Classic MLP"}), state)
    with pytest.raises(RunError) as error:
        service.post(run, message, "me")
    assert str(error.value) == sentence


def test_an_optimizer_without_momentum_takes_none(service, engine, experiment):
    from dlviz.optimizers import Adagrad

    training = experiment.training.model_copy(update={"optimizer": Adagrad()})
    run = _in_state(service, engine, experiment.model_copy(update={"training": training}), "training")
    with pytest.raises(RunError, match="The optimizer Adagrad works without momentum"):
        service.post(run, Set("momentum", 0.5), "me")
    with pytest.raises(RunError, match="learning rate must lie between"):
        service.post(run, Set("learning_rate", float("nan")), "me")
    assert engine.messages(run) == []


def test_an_unknown_run_is_named(service):
    with pytest.raises(RunError) as error:
        service.get("nobody")
    assert str(error.value) == ("The run 'nobody' is one that this dlviz keeps, but there is none of this name. "
                                "It was deleted, or the link is not complete. Choose another run from the list.")


def test_a_network_that_cannot_be_built_makes_no_run(service, engine, experiment):
    bad = NetworkSpec(layers=(LayerSpec(name="l", kind="Linear", fields={"out_features": 3}),))
    with pytest.raises(SpecError):
        service.create(experiment.model_copy(update={"network": bad}), "me")
    assert service.list("me") == () and engine.started == []


def test_resume_takes_a_pause_back_that_the_loop_has_not_seen(service, engine, experiment):
    run = _in_state(service, engine, experiment, "training")
    service.post(run, Pause(), "me")
    service.post(run, Resume(), "me")
    service.post(run, Resume(), "me")
    assert engine.messages(run) == [Pause(), Resume()]


def test_stop_in_the_queue_needs_no_process(service, engine, experiment):
    run = _in_state(service, engine, experiment, "queued")
    service.post(run, Stop(), "me")
    assert service.get(run).state == "stopped" and engine.posted == []
    assert service.snapshot(run).ended == ev.Ended(0, "stopped")
    assert engine.started == []


def test_pause_in_the_queue_leaves_it(service, engine, experiment):
    run = _in_state(service, engine, experiment, "queued")
    service.post(run, Pause(), "me")
    other = service.create(experiment, "me")
    assert engine.started == [other] and service.get(run).state == "paused"
    service.post(run, Set("learning_rate", 0.5), "me")
    service.post(run, Advance("batch"), "me")
    assert engine.started == [other, run]
    assert engine.needs[run][1:] == (Set("learning_rate", 0.5), Advance("batch"))


def test_a_stop_that_is_not_obeyed_is_forced(service, engine, experiment, clock):
    run = _in_state(service, engine, experiment, "training")
    service.post(run, Stop(), "me")
    service._life.tick(clock.now + lifecycle.STOPPING - 1)
    assert engine.killed == []
    service._life.tick(clock.now + lifecycle.STOPPING + 1)
    engine.up(run, End("killed"))
    assert service.get(run).state == "stopped" and engine.started == [run]


def test_resume_right_after_a_stop_waits_for_the_old_process_to_end(service, engine, experiment):
    run = _in_state(service, engine, experiment, "training")
    service.post(run, Stop(), "me")
    engine.up(run, ev.Checkpointed(10, "w"), ev.Ended(10, "stopped"))
    service.post(run, Resume(), "me")
    assert service.get(run).state == "queued" and engine.started == [run]
    engine.up(run, End("stopped"))
    assert service.get(run).state == "starting" and engine.started == [run, run]
    assert engine.messages(run) == [Stop()]


# lost processes

def test_a_lost_process_is_followed_by_another(service, engine, experiment):
    run = _in_state(service, engine, experiment, "training")
    engine.up(run, ev.Checkpointed(8, "w"), _steps(11, 20), End("lost"))
    assert engine.started == [run, run]
    engine.begin(run, step=8)
    info = service.get(run)
    assert (info.state, info.step) == ("training", 8)
    assert info.sentence == "Its process ended unexpectedly, so training went on from step 8."
    assert service.snapshot(run).train["step"].tolist() == list(range(1, 9))
    assert service.snapshot(run).revision == 1


def test_losses_without_progress_end_in_a_sentence(service, engine, experiment):
    run = service.create(experiment, "me")
    for _ in range(lifecycle.RETRIES):
        engine.begin(run)
        engine.up(run, _steps(1, 50), End("lost"))
    assert len(engine.started) == 1 + lifecycle.RETRIES
    engine.begin(run)
    engine.up(run, End("lost"))
    info = service.get(run)
    assert info.state == "failed" and len(engine.started) == 1 + lifecycle.RETRIES
    assert info.sentence == (
        "The process that trained this run ended unexpectedly 4 times without getting far beyond step 0. "
        "Most often the computer's memory was full: make the batches or the network smaller, or stop other "
        "runs. Then resume it.")
    service.post(run, Resume(), "me")
    engine.begin(run)
    engine.up(run, End("lost"))
    assert service.get(run).state == "starting", "the user's own try counts anew"


def test_progress_between_losses_counts_anew(service, engine, experiment):
    run = service.create(experiment, "me")
    for saved in range(10, 100, 10):
        engine.begin(run, saved - 10)
        engine.up(run, _steps(saved - 9, saved), ev.Checkpointed(saved, "w"), End("lost"))
    assert service.get(run).state == "starting"


def test_an_exception_is_not_tried_again(service, engine, experiment):
    run = _in_state(service, engine, experiment, "training")
    engine.up(run, End("failed", "It broke."))
    info = service.get(run)
    assert (info.state, info.sentence, engine.started) == ("failed", "It broke.", [run])


def test_a_wish_to_pause_survives_a_lost_process(service, engine, experiment):
    run = _in_state(service, engine, experiment, "training")
    service.post(run, Pause(), "me")
    engine.up(run, End("lost"))
    assert engine.needs[run][1:] == (Pause(),)


def test_a_run_that_was_paused_stays_so_when_its_process_is_lost(service, engine, experiment):
    run = _in_state(service, engine, experiment, "paused")
    engine.up(run, End("lost"))
    assert service.get(run).state == "paused" and engine.started == [run]
    service.post(run, Resume(), "me")
    assert service.get(run).state == "starting" and engine.started == [run, run]


def test_a_silent_process_is_killed_and_followed(service, engine, experiment, clock):
    run = _in_state(service, engine, experiment, "training")
    life, now = service._life, clock.now
    engine.seq[run] = 99
    life.on_event(service._runs[run], 99, Heartbeat(), now)
    life._ticked = now + lifecycle.HUNG - 1
    life.tick(now + lifecycle.HUNG - 0.5)
    assert engine.killed == []
    life.tick(now + lifecycle.HUNG + 0.5)
    life.tick(now + lifecycle.HUNG + 0.75)
    assert engine.killed == [run]
    engine.up(run, End("killed"))
    assert engine.started == [run, run]
    engine.begin(run, step=8)
    assert service.get(run).sentence == "Its process no longer answered, so training went on from step 8."


def test_a_computer_that_slept_kills_nothing(service, engine, experiment, clock):
    run = _in_state(service, engine, experiment, "training")
    life, now = service._life, clock.now
    engine.seq[run] = 99
    life.on_event(service._runs[run], 99, Heartbeat(), now)
    life._ticked = now
    life.tick(now + 3600)
    assert engine.killed == []


def test_a_long_pause_gives_the_process_back(service, engine, experiment, clock):
    run = _in_state(service, engine, experiment, "paused")
    life = service._life
    life._ticked = clock.now + lifecycle.RELEASE
    life.tick(clock.now + lifecycle.RELEASE + 1)
    assert engine.killed == [run]
    engine.up(run, End("killed"))
    assert service.get(run).state == "paused" and engine.started == [run]
    service.post(run, Advance("batch"), "me")
    assert engine.started == [run, run] and engine.needs[run][1:] == (Advance("batch"),)


def test_resume_while_the_process_is_given_back_costs_no_try(service, engine, experiment, clock):
    run = _in_state(service, engine, experiment, "paused")
    service._life._ticked = clock.now + lifecycle.RELEASE
    service._life.tick(clock.now + lifecycle.RELEASE + 1)
    service.post(run, Resume(), "me")
    engine.up(run, End("killed"))
    assert engine.started == [run, run]
    assert service.get(run).sentence == "" and service._runs[run].row.lost_processes == 0


def test_an_event_that_comes_twice_or_late_counts_once(service, engine, experiment):
    run = service.create(experiment, "me")
    for seq in (0, 1, 1, 0):
        engine.on_event(run, seq, _steps(1, 3) if seq else ev.Started(0, 100, 20, "cpu", 7))
    engine.on_event(run, 2, End("failed", "It broke."))
    engine.on_event(run, 3, _steps(4, 5))
    assert service.snapshot(run).train["step"].tolist() == [1, 2, 3]


# what is seen

def test_a_snapshot_has_what_is_new_as_its_own_copy(service, engine, experiment):
    run = _in_state(service, engine, experiment, "training")
    judged = ev.Evaluated(10, 0.5, 0.9, 1000, np.eye(10, dtype=np.int32), (ev.Mistake(3, 1, 2, 0.9),))
    engine.up(run, judged, ev.Changed(11, "momentum", 0.9, 0.5), ev.Captured(10, 0), _steps(11, 30))
    shot = service.snapshot(run, since=25)
    assert shot.train["step"].tolist() == [26, 27, 28, 29, 30] and shot.step == 30 and shot.epoch == 2
    assert shot.confusion is not None and shot.confusion.sum() == 10 and shot.mistakes[0].index == 3
    assert shot.marks == (ev.Changed(11, "momentum", 0.9, 0.5),) and shot.captured == ev.Captured(10, 0)
    assert (shot.info.val_accuracy, shot.info.best_val_accuracy, shot.info.planned_steps) == (0.9, 0.9, 100)
    shot.train["loss"][:] = 99
    assert service.snapshot(run, since=25).train["loss"].max() < 1


def test_speed_is_measured_while_training_only(service, engine, experiment, clock):
    run = service.create(experiment, "me")
    engine.begin(run)
    found, life = service._runs[run], service._life
    for second in range(6):
        life.on_event(found, 10 + second, _steps(second * 10 + 1, second * 10 + 10), clock.now + second)
    shot = service.snapshot(run)
    assert shot.samples_per_second == pytest.approx(10 * experiment.training.batch_size)
    assert shot.seconds_left == pytest.approx((100 - 60) / 10)
    life.on_event(found, 20, ev.Paused(60), clock.now + 10)
    shot = service.snapshot(run)
    assert shot.samples_per_second is None and shot.seconds_left is None and shot.paused


def test_wishes_are_merged_and_expire():
    watches = WatchUnion()
    assert not watches.update("nothing", Watch(), 0.0)
    assert watches.update("a", Watch(3, ("conv1",), ("conv1",), 0.5), 0.0)
    assert watches.update("b", Watch(7, ("conv2", "conv1"), (), 0.25), 1.0)
    both = Watch(7, ("conv1", "conv2"), ("conv1",), 0.25)
    assert watches.union == both
    again = watches.update("a", Watch(3, ("conv1",), ("conv1",), 0.5), 2.0)
    assert not again, "the same wish again takes nothing back"
    assert not watches.expire(1.0 + EXPIRES)
    assert watches.expire(1.1 + EXPIRES) and watches.union == Watch(7, ("conv1",), ("conv1",), 0.5)
    assert watches.update("a", Watch(4, ("conv1",)), 3.0) and watches.union.sample == 4
    assert watches.expire(3.1 + EXPIRES) and watches.union == Watch()


def test_only_a_changed_wish_is_posted_and_a_new_process_is_told(service, engine, experiment):
    run = _in_state(service, engine, experiment, "training")
    watch = Watch(3, ("hidden1",), (), 0.25)
    for _ in range(3):
        service.watch(run, "tab", watch)
        service.watch(run, "other tab", watch)
    assert engine.messages(run, Watch) == [watch]
    engine.up(run, End("lost"))
    assert watch in engine.needs[run]
    service._life.tick(1e9)  # long after either tab said anything
    assert engine.messages(run, Watch)[-1] == Watch()


def test_an_answer_finds_who_asked(service, engine, experiment):
    run = _in_state(service, engine, experiment, "training")
    asked = threading.Event()

    def post(name, message):
        engine.posted.append((name, message))
        asked.set()

    engine.post = post
    answers = []
    digit = (np.zeros((1, 28, 28)),)
    thread = threading.Thread(target=lambda: answers.append(service.query(run, digit, ("hidden1",))))
    thread.start()
    assert asked.wait(10)
    [ask] = [m for _, m in engine.posted if isinstance(m, Query)]
    assert ask.inputs[0].dtype == np.float32 and ask.outputs == ("hidden1",)
    engine.up(run, ev.QueryResult("another", 9, np.zeros(10)), ev.QueryResult(ask.ticket, 10, np.ones(10)))
    thread.join(10)
    assert answers[0].step == 10


def test_a_question_that_does_not_fit_never_reaches_the_run(service, engine, experiment):
    run = _in_state(service, engine, experiment, "training")
    name = service.get(run).name
    for inputs, came in (((np.zeros((28, 28)),), "28 x 28"), ((), "nothing"),
                         ((np.float32(1),), "a single number")):
        with pytest.raises(RunError) as error:
            service.query(run, inputs)
        assert str(error.value) == (f"The run {name!r} takes image (1 x 28 x 28), but it was given {came}. "
                                    "Prepare the input as the task does.")
    assert engine.posted == []


def test_a_run_that_is_busy_or_has_no_weights_says_so(service, engine, experiment):
    training = _in_state(service, engine, experiment, "training")
    with pytest.raises(RunError, match="should answer within 0.01 s, but this computer is too busy for that"):
        service.query(training, (np.zeros((1, 28, 28)),), timeout=0.01)
    waiting = _in_state(service, engine, experiment, "queued")
    with pytest.raises(RunError, match="answers with what it has learned, but it has not begun to learn"):
        service.query(waiting, (np.zeros((1, 28, 28)),))
    assert service.weights_path(waiting) is None


# keeping

def test_runs_are_listed_by_owner_newest_first(service, engine, experiment):
    first, second = (service.create(experiment, "me", name=name) for name in ("One", "Two"))
    service.create(experiment, "another")
    assert [(info.id, info.name) for info in service.list("me")] == [(second, "Two"), (first, "One")]
    assert len({info.id for info in service.list("me")}) == 2 and service.list("nobody") == ()


def test_names_and_notes_are_kept_and_checked(service, engine, experiment):
    run = service.create(experiment, "me", parent="older")
    service.rename(run, "  <b>Mine</b> ", "me")
    service.set_note(run, "note", "me")
    info = service.get(run)
    assert (info.name, info.note, info.parent) == ("<b>Mine</b>", "note", "older")
    for name, came in (("", "none was given"), ("a\nb", r"'a\nb' was given"),
                       ("x" * 41, "41 characters were given")):
        with pytest.raises(RunError) as error:
            service.rename(run, name, "me")
        assert str(error.value) == (f"A run's name must have 1 to 40 printable characters, but {came}. "
                                    "Choose another name.")


def test_a_deleted_run_is_gone_at_once_and_for_good(service, engine, experiment, tmp_path):
    run = _in_state(service, engine, experiment, "training")
    other = service.create(experiment, "me")
    waiting = service.create(experiment, "me")
    engine.kill = lambda name: engine.up(name, End("killed"))
    service.delete(run, "me")
    assert [info.id for info in service.list("me")] == [waiting, other]
    assert service.get(waiting).state == "starting"
    engine.up(run, _steps(11, 12))
    with pytest.raises(RunError):
        service.snapshot(run)
    service._flush()
    assert {row.id for row in service._store.rows()} == {other, waiting}


def test_nobody_waits_for_the_processes_of_thirty_deleted_runs(service, engine, experiment, monkeypatch):
    monkeypatch.setenv("DLVIZ_MEMORY_GB", "64")
    engine.places = 30
    runs = [service.create(experiment, "me") for _ in range(30)]
    for run in runs:
        engine.begin(run)
        service.delete(run, "me")
    assert engine.killed == runs and service.list("me") == () and service._store.rows() == []
    assert set(service._runs) == set(runs), "processes that still end have their places"
    for run in runs:
        (service._store.folder(run) / "late").mkdir(parents=True)  # by a process that was writing
        with pytest.raises(RunError, match="there is none of this name"):
            service.get(run)
        engine.up(run, End("killed"))
    until_gone(service._store.folder(run) for run in runs)
    assert not service._runs and len(engine.started) == 30


def until_gone(folders) -> None:
    """Folders are removed in the background."""
    for folder in folders:
        for _ in range(6_000):
            if not folder.exists():
                break
            time.sleep(0.01)
        assert not folder.exists()


def test_a_queued_run_that_is_deleted_leaves_its_place_in_line(service, engine, experiment):
    engine.places = 0
    first, second = service.create(experiment, "me"), service.create(experiment, "me")
    service.delete(first, "me")
    assert service.get(second).position == 1 and set(service._runs) == {second}


def test_what_cannot_be_written_is_kept_and_written_later(service, engine, experiment, monkeypatch):
    run = _in_state(service, engine, experiment, "training")
    with monkeypatch.context() as patch:
        patch.setattr(service._store, "write", _full)
        service._flush()
        assert service.trouble == "The store can be written, but the disk is full. Make room."
        engine.up(run, _steps(11, 20))
    service._flush()
    assert service.trouble == ""
    assert service._store.history(run).train["step"].values.tolist() == list(range(1, 21))


def _full(*_):
    raise DlvizError("The store", "can be written", "the disk is full", "Make room.")


def test_a_new_server_takes_up_what_the_old_one_left(engine, experiment):
    old = RunService(engine)
    done, training, paused, queued = (
        _in_state(old, engine, experiment, state) for state in ("done", "training", "paused", "queued"))
    engine.up(training, ev.Checkpointed(10, "w"))
    old.close()
    engine.up(training, End("killed"))
    new_engine = FakeEngine()
    new = RunService(new_engine)
    states = [new.get(run).state for run in (done, training, paused, queued)]
    assert states == ["done", "starting", "paused", "starting"]
    assert new_engine.started == [training, queued] and engine.closed
    tail = EventReplay((_steps(5, 15), ev.Changed(12, "momentum", 0.9, 0.5), ev.Evaluated(14, 0.3, 0.9, 1000)))
    new_engine.up(training, tail, ev.Started(14, 100, 20, "cpu", 7))
    shot = new.snapshot(training)
    assert shot.train["step"].tolist() == list(range(1, 15)) and len(shot.marks) == len(shot.evaluations) == 1
    assert new.snapshot(done).ended == ev.Ended(10, "done", "What happened.")
    new.close()


def test_servers_that_die_again_and_again_over_one_run_give_up(engine, experiment):
    for _ in range(lifecycle.RETRIES + 1):
        service = RunService(engine)
        runs = service.list("me") or (service.get(service.create(experiment, "me")),)
        engine.begin(runs[0].id)
        service._closed.set()
        service._ticker.join()
        service._flush()
        service._store.close()  # and no good order
        atexit.unregister(service.close)
    service = RunService(engine)
    assert service.get(runs[0].id).state == "failed"
    service.close()


def test_runs_that_outlived_their_server_are_adopted(engine, experiment):
    old = RunService(engine)
    run = _in_state(old, engine, experiment, "training")
    old.close()
    new_engine = FakeEngine()
    new_engine.alive = (Adoption(run, engine.processes[run], "here"), Adoption("unknown", "x"))
    new = RunService(new_engine)
    assert new_engine.killed == ["unknown"]
    new_engine.up(run, Start(1), ev.Started(0, 100, 20, "cpu", 7), _steps(1, 10), _steps(11, 12))
    assert new_engine.started == [] and (new.get(run).state, new.get(run).node) == ("training", "here")
    assert new.snapshot(run).train["step"].tolist() == list(range(1, 13))
    assert new.snapshot(run).revision == 0, "what was stored already has been taken in once more"
    new.close()


def test_of_a_process_that_the_store_has_never_heard_of_everything_counts(engine, experiment):
    old = RunService(engine)
    run = _in_state(old, engine, experiment, "training")
    old.close()
    new_engine = FakeEngine()
    new_engine.alive = (Adoption(run, "a later one"),)
    new = RunService(new_engine)
    new_engine.up(run, Start(1), ev.Started(4, 100, 20, "cpu", 7), _steps(5, 6))
    assert new.snapshot(run).train["step"].tolist() == [1, 2, 3, 4, 5, 6]
    new.close()


def test_an_engine_may_forget_what_the_store_has(service, engine, experiment):
    run = _in_state(service, engine, experiment, "training")
    assert engine.acknowledged == {}
    service._flush()
    assert engine.acknowledged == {run: 2}
    engine.up(run, Heartbeat())
    service._flush()
    engine.up(run, ev.Ended(10, "done"), End("done"))
    assert engine.acknowledged == {run: 3}
    service._flush()
    assert engine.acknowledged == {run: 5}


def test_nobody_is_taken_for_hung_while_no_process_can_be_reached(service, engine, experiment, clock):
    run = _in_state(service, engine, experiment, "training")
    engine.silence = "The cluster cannot be reached."
    assert service.trouble == engine.silence
    clock.now += 10 * lifecycle.HUNG
    service._life.tick(clock.now)
    assert engine.killed == []
    engine.silence = ""
    for _ in range(10):
        clock.now += lifecycle.HUNG / 9
        service._life.tick(clock.now)
    assert engine.killed == [run]


def test_threads_are_those_of_the_node_that_a_run_is_on(service, engine, experiment):
    engine.computers = (ClusterNode("a", 8, 2**40), ClusterNode("b", 2, 2**40))
    engine.places = 3
    runs = [service.create(experiment, "me") for _ in range(3)]
    for run, node in zip(runs, "aab"):
        engine.up(run, Start(1, node))
    last = {run: engine.messages(run, SetThreads)[-1].count for run in runs}
    assert list(last.values()) == [4, 4, 2]
    assert [service.get(run).node for run in runs] == ["a", "a", "b"]


def test_a_run_whose_node_is_gone_waits_where_there_is_no_other_place(service, engine, experiment):
    engine.computers = (ClusterNode("a", 1, 2**40), ClusterNode("b", 1, 2**40))
    first, second = (service.create(experiment, "me") for _ in range(2))
    engine.begin(first)
    engine.begin(second)
    engine.computers, engine.places = (ClusterNode("b", 1, 2**40),), 1
    engine.up(first, End("lost"))
    assert service.get(first).state == "queued" and service.get(first).position == 1
    engine.computers, engine.places = (ClusterNode("b", 2, 2**40),), 2
    service._life.tick(60.0)
    assert service.get(first).state == "starting" and engine.started == [first, second, first]


def test_needs_are_what_a_run_was_made_with(service, engine, experiment, monkeypatch):
    monkeypatch.setenv("DLVIZ_GPU_FRACTION", "0.5")
    assert service.devices() == ()
    engine.computers, engine.places = (ClusterNode("a", 8, 2**40), ClusterNode("g", 8, 2**40, 1)), 8
    assert service.devices() == ("cpu", "gpu")
    made = [service.create(experiment, "me", device=device) for device in ("gpu", "cpu", "", "", "gpu", "cpu")]
    needs = [engine.needed.get(run) for run in made]
    assert [need and (need.device, need.gpu) for need in needs] == [
        ("cuda", 0.5), ("cpu", 0.0), ("cuda", 0.5), ("cpu", 0.0), None, ("cpu", 0.0)]
    assert all(need.cores == 1.0 and 0 < need.expected_memory < need.memory for need in needs if need)
    assert service.get(made[4]).position == 1, "who insists on a GPU waits for one, and for nobody else"
    engine.up(made[0], End("failed", "It broke."))
    assert engine.needed[made[4]].device == "cuda"


def test_on_this_computer_a_loop_chooses_unless_the_processor_is_wanted(service, engine, experiment):
    made = [service.create(experiment, "me", device=device) for device in ("cpu", "")]
    assert [(engine.needed[run].device, engine.needed[run].gpu) for run in made] == [("cpu", 0.0), (None, 0.0)]


def test_a_run_made_without_starting_waits_for_resume(service, engine, experiment):
    run = service.create(experiment, "me", start=False)
    assert service.get(run).state == "paused" and engine.started == []
    service.post(run, Resume(), "me")
    assert engine.started == [run]


def test_a_message_that_is_no_steering_is_our_own_mistake(service, engine, experiment):
    run = _in_state(service, engine, experiment, "training")
    service.post(run, Save(), "me")
    assert engine.messages(run) == [Save()]
    with pytest.raises(TypeError):
        service.post(run, Watch(), "me")

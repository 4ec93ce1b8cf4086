"""Studies over a real service: some runs at a time, gone on with after a restart, searched, deleted."""
from __future__ import annotations

import pytest

from dlviz import presets, settings
from dlviz.errors import RunError, SpecError
from dlviz.runs.process.engine import End
from dlviz.runs.service import RunService
from dlviz.studies import studies as keeping
from dlviz.studies.hyperparameters import Hyperparameter
from dlviz.studies.plan import Axis
from dlviz.studies.search import TrialRecord, propose
from dlviz.studies.storage import StudyStore
from dlviz.studies.studies import Studies
from dlviz.studies.study import Search, Span
from dlviz.training import events as ev
from dlviz.training.control import HoldAt, Stop
from tests.engine.test_runs_service import FakeEngine, _steps

MLP = presets.get("mlp").experiment
RATE = Hyperparameter(path=("training", "optimizer", "learning_rate"))
RATES = [Axis(hyperparameter=RATE, values=(0.1, 0.05, 0.02, 0.01, 0.005))]
SEARCH = Search(spans=(Span(hyperparameter=RATE, low=1e-4, high=1.0, log=True),), trials=6, seed=3)


class Server:
    """A server that a test can end and start again; the test plays its processes and its clock."""

    def __init__(self) -> None:
        self.engine = FakeEngine(places=8)
        self.service = RunService(self.engine, lockstep_groups=StudyStore().lockstep_groups())
        self.studies = Studies(self.service)

    def end(self) -> None:
        self.service.close()

    def finish(self, run: str, accuracy: float, step: int = 100) -> None:
        self.engine.begin(run)
        self.engine.up(run, _steps(1, step), ev.Evaluated(step // 2, 0.5, accuracy / 2, 1000),
                       ev.Evaluated(step, 0.4, accuracy, 1000), ev.Ended(step, "done", "", 0.4, accuracy),
                       End("done"))

    def look(self, study: str) -> None:
        self.studies._tend(study)


@pytest.fixture(autouse=True)
def _time_stands_still(monkeypatch):
    monkeypatch.setattr("dlviz.runs.service.TICK", 1e6)
    monkeypatch.setattr(keeping, "TICK", 1e6)


@pytest.fixture
def server():
    made = Server()
    yield made
    made.end()


def values(server: Server, study: str) -> list:
    return [member.values[0] for member in server.studies.get(study).members]


# some at a time

def test_a_sweep_trains_some_runs_at_a_time_and_makes_the_next_when_one_ends(server):
    study = server.studies.compare("Rates", "me", MLP, RATES, at_once=2)
    assert values(server, study) == [0.1, 0.05]
    server.look(study)
    assert len(values(server, study)) == 2, "nothing has ended"
    server.finish(server.studies.get(study).runs[0], 0.9)
    server.look(study)
    assert values(server, study) == [0.1, 0.05, 0.02]
    assert server.studies.get(study).planned == 5 and not server.studies.get(study).complete


def test_a_stopped_study_makes_no_further_run_until_it_is_resumed(server):
    study = server.studies.compare("Rates", "me", MLP, RATES, at_once=1)
    first = server.studies.get(study).runs[0]
    server.engine.begin(first)
    server.studies.stop(study, "me")
    assert server.engine.messages(first, Stop) == [Stop()]
    server.engine.up(first, ev.Ended(3, "stopped"), End("stopped"))
    server.look(study)
    assert len(values(server, study)) == 1 and server.studies.get(study).complete
    server.studies.resume(study, "me")
    server.finish(first, 0.5)
    server.look(study)
    assert values(server, study) == [0.1, 0.05]


def test_lock_step_makes_all_runs_at_once_and_holds_each_from_its_first_step(server):
    study = server.studies.compare("Rates", "me", MLP, RATES, lead=7)
    runs = server.studies.get(study).runs
    assert len(runs) == 5 and server.engine.started == list(runs)
    for run in runs:
        assert [m for m in server.engine.needs[run] if isinstance(m, HoldAt)] == [HoldAt(7, True)]


def test_a_run_deleted_elsewhere_is_simply_gone(server):
    study = server.studies.compare("Rates", "me", MLP, RATES, at_once=2)
    first = server.studies.get(study).runs[0]
    server.engine.begin(first)
    server.engine.kill = lambda run: server.engine.up(run, End("killed"))
    server.service.delete(first, "me")
    server.look(study)
    assert next(info and info.id for info in server.studies.infos(server.studies.get(study))) is None
    assert values(server, study) == [0.1, 0.05, 0.02], "its place is free"


def test_what_goes_wrong_stops_the_study_and_is_told(server, monkeypatch):
    study = server.studies.compare("Rates", "me", MLP, RATES, at_once=1)
    server.finish(server.studies.get(study).runs[0], 0.9)

    def full(*args, **values):
        raise RunError("The store", "can be written", "it cannot (disk full)", "Make room.")

    monkeypatch.setattr(server.service, "create", full)
    server.look(study)
    found = server.studies.get(study)
    assert found.stopped and "disk full" in found.trouble


def test_a_value_that_cannot_be_trained_is_refused_before_anything_is_made(server):
    axes = [Axis(hyperparameter=Hyperparameter(path=("layer", "hidden1", "out_features")), values=(16, 10_000_000))]
    with pytest.raises(SpecError):
        server.studies.compare("Widths", "me", MLP, axes)
    assert not server.service.list("me") and not server.studies.list("me")


def test_lock_step_needs_a_place_for_each_run(server, monkeypatch):
    monkeypatch.setenv("DLVIZ_MAX_RUNNING", "4")
    with pytest.raises(RunError, match="4 at most on this server, but this study has 5"):
        server.studies.compare("Rates", "me", MLP, RATES, lead=5)
    assert not server.service.list("me")


# restarts

def test_studies_come_back_and_go_on_after_a_restart(server):
    study = server.studies.compare("Rates", "me", MLP, RATES, at_once=2, observation="Watch this.")
    stored = server.studies.get(study)
    server.finish(stored.runs[0], 0.9)
    server.end()
    again = Server()
    try:
        assert again.studies.get(study) == stored
        assert [found.id for found in again.studies.list("me")] == [study]
        assert again.studies.list("you") == ()
        again.look(study)
        assert values(again, study) == [0.1, 0.05, 0.02]
    finally:
        again.end()


def test_lock_step_holds_from_the_first_moment_after_a_restart(server):
    study = server.studies.compare("Rates", "me", MLP, RATES, lead=10)
    runs = server.studies.get(study).runs
    for run, step in zip(runs, (30, 30, 24, 30, 30)):
        server.engine.begin(run)
        server.engine.up(run, _steps(1, step), ev.Checkpointed(step, "w"))
    server.end()
    again = Server()
    try:
        for run in runs:
            assert [m.step for m in again.engine.needs[run] if isinstance(m, HoldAt)] == [30]
    finally:
        again.end()


def test_a_damaged_file_hides_no_other_study(server):
    study = server.studies.compare("Rates", "me", MLP, RATES, at_once=2)
    (settings.home() / "studies" / "broken.json").write_text("{")
    assert list(StudyStore().read()) == [study]


def test_deleting_forgets_the_file_and_the_runs_if_wanted(server):
    server.engine.kill = lambda run: server.engine.up(run, End("killed"))
    one = server.studies.compare("One", "me", MLP, RATES, at_once=2)
    two = server.studies.compare("Two", "me", MLP, RATES, at_once=1)
    server.studies.delete(one, runs=False, by="me")
    assert len(server.service.list("me")) == 3
    server.studies.delete(two, runs=True, by="me")
    assert len(server.service.list("me")) == 2 and not StudyStore().read()
    with pytest.raises(RunError, match="there is none of this name"):
        server.studies.get(one)


# searches

def _search(server: Server, trials: int, study: str | None = None) -> str:
    study = study or server.studies.search("Best rate", "me", MLP, SEARCH, at_once=1)
    while len(values(server, study)) < trials:
        run = server.studies.get(study).runs[-1]
        server.finish(run, 1 / (1 + len(server.service.list("me"))))
        server.look(study)
    return study


def test_a_search_tries_what_optuna_says_also_after_a_restart(server):
    pytest.importorskip("optuna")
    study = _search(server, 4)
    before = values(server, study)
    server.end()
    again = Server()
    try:
        after = values(again, _search(again, 6, study))
        again.finish(again.studies.get(study).runs[-1], 0.1)
        again.look(study)
        assert again.studies.get(study).complete and len(values(again, study)) == 6
    finally:
        again.end()
    assert after[:4] == before
    past: list[TrialRecord] = []
    for index in range(6):
        proposed = propose(SEARCH, past)
        assert proposed == (after[index],)
        score = 1 / (2 + index)
        past.append(TrialRecord(proposed, score, {5 * 50 // 20: score / 2, 5 * 100 // 20: score}))


def test_a_hopeless_run_of_a_search_is_ended_early(server):
    pytest.importorskip("optuna")
    study = _search(server, 5)
    run = server.studies.get(study).runs[-1]
    server.engine.begin(run)
    server.engine.up(run, _steps(1, 100), ev.Evaluated(50, 9.0, 0.001, 1000),
                     ev.Evaluated(100, 9.0, 0.001, 1000))
    server.look(study)
    assert server.engine.messages(run, Stop) == [Stop()]

"""What one visitor may do to the others: nothing. Their runs are theirs, their turn comes, the disk is for all."""
from __future__ import annotations

from pathlib import Path

import pytest
import torch

from dlviz import network as net
from dlviz import presets, settings, tasks
from dlviz.errors import RunError
from dlviz.runs import quota
from dlviz.runs.process.engine import WEIGHTS, End
from dlviz.runs.service import RunService
from dlviz.studies.hyperparameters import Hyperparameter
from dlviz.studies.plan import Axis
from dlviz.studies.studies import Studies
from dlviz.training import checkpoint as ckpt
from dlviz.training import events as ev
from dlviz.training import keyframes
from dlviz.training.control import Advance, Pause, Resume, Save, Set, Stop
from tests.engine.test_runs_service import FakeEngine, _in_state

MLP = presets.get("mlp").experiment
RATES = [Axis(hyperparameter=Hyperparameter(path=("training", "optimizer", "learning_rate")), values=(0.1, 0.05))]


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def service(engine, monkeypatch):
    monkeypatch.setattr("dlviz.runs.service.TICK", 1e6)
    service = RunService(engine)
    yield service
    service.close()


# whose run

@pytest.mark.parametrize("change", [
    *(lambda service, run, message=message: service.post(run, message, "thief")
      for message in (Pause(), Resume(), Advance("batch"), Set("learning_rate", 0.5), Stop(), Save())),
    lambda service, run: service.rename(run, "Mine", "thief"),
    lambda service, run: service.set_note(run, "mine", "thief"),
    lambda service, run: service.delete(run, "thief"),
    lambda service, run: service.together([run], 10, "thief"),
    lambda service, run: service.together([run], None, "thief"),
])
def test_nobody_changes_the_run_of_another(service, engine, change):
    run = _in_state(service, engine, MLP, "paused")
    before, posted = service.get(run), list(engine.posted)
    with pytest.raises(RunError, match="may be changed by its owner alone"):
        change(service, run)
    assert service.get(run) == before and engine.posted == posted and not engine.killed


@pytest.mark.parametrize("change", [
    lambda studies, study: studies.pause(study, "thief"),
    lambda studies, study: studies.resume(study, "thief"),
    lambda studies, study: studies.stop(study, "thief"),
    lambda studies, study: studies.delete(study, True, "thief"),
    lambda studies, study: studies.together(study, 10, "thief"),
])
def test_nobody_changes_the_study_of_another(service, monkeypatch, change):
    monkeypatch.setattr("dlviz.studies.studies.TICK", 1e6)
    studies = Studies(service)
    study = studies.compare("Rates", "me", MLP, RATES)
    before = studies.get(study), service.list("me")
    with pytest.raises(RunError, match="may be changed by its owner alone"):
        change(studies, study)
    assert (studies.get(study), service.list("me")) == before


def test_owners_come_in_turn(service, engine):
    engine.places = 1
    many = [service.create(MLP, "greedy") for _ in range(4)]
    one = service.create(MLP, "patient")
    assert service.get(one).position == 1 and [service.get(run).position for run in many[1:]] == [2, 3, 4]
    engine.begin(many[0])
    engine.up(many[0], ev.Ended(1, "done"), End("done"))
    assert engine.started == [many[0], one]


# how much

def test_a_visitor_has_so_many_runs_and_is_told_which_to_delete(service, monkeypatch):
    monkeypatch.setattr(settings, "MAX_RUNS", 2)
    oldest = service.create(MLP, "me", name="The oldest")
    service.create(MLP, "me")
    with pytest.raises(RunError, match="keeps 2 runs at most.*the oldest are 'The oldest'"):
        service.create(MLP, "me")
    service.create(MLP, "somebody else")
    service.delete(oldest, "me")
    service.create(MLP, "me")


def test_a_study_that_finds_no_room_makes_no_run(service, monkeypatch):
    monkeypatch.setattr(settings, "MAX_RUNS", 1)
    studies = Studies(service)
    with pytest.raises(RunError, match="2 more were asked for"):
        studies.compare("Rates", "me", MLP, RATES)
    assert not service.list("me") and not studies.list("me")


def test_a_visitor_has_so_many_studies(service, monkeypatch):
    monkeypatch.setattr(settings, "MAX_STUDIES", 1)
    monkeypatch.setattr("dlviz.studies.studies.TICK", 1e6)
    studies = Studies(service)
    studies.compare("Rates", "me", MLP, RATES)
    with pytest.raises(RunError, match="keeps 1 studies at most.*'Rates'"):
        studies.compare("Rates", "me", MLP, RATES)


def _filled(service: RunService, engine: FakeEngine, state: str, name: str) -> tuple[str, Path]:
    """A run with a checkpoint, the one before it, and forty moments."""
    run = _in_state(service, engine, MLP, state)
    service.rename(run, name, "me")
    folder = service._store.folder(run)
    folder.mkdir(parents=True, exist_ok=True)
    network = net.build(MLP.network, tasks.get("mnist", {}).signature())
    optimizer = torch.optim.Adam(network.parameters())
    network(torch.zeros(2, 1, 28, 28)).sum().backward()
    optimizer.step()
    for step in (9, 10):
        ckpt.save(folder / WEIGHTS, network, optimizer, step)
    (folder / keyframes.FOLDER).mkdir()
    for step in range(40):
        keyframes.path(folder / keyframes.FOLDER, step).write_bytes(b"\0" * 10_000)
    return run, folder


def test_old_runs_keep_fewer_moments_before_the_disk_is_full(service, engine, monkeypatch):
    old, folder = _filled(service, engine, "done", "Old")
    full_size, (newer, newer_folder) = quota.size(folder), _filled(service, engine, "done", "Newer")
    monkeypatch.setattr(settings, "THIN_BYTES", int(1.6 * full_size))
    service.create(MLP, "me", start=False)
    assert service.scrubber.thinned(old) and not service.scrubber.thinned(newer)
    remaining = service.scrubber.keyframes(old)
    assert len(remaining) == settings.THIN_MOMENTS and remaining[0] == 0 and remaining[-1] == 39
    assert quota.size(folder) < 0.4 * full_size and quota.size(newer_folder) == full_size
    network, step = ckpt.load_network(MLP, folder / WEIGHTS)
    assert step == 10 and not ckpt.older(folder / WEIGHTS).exists()
    assert network is not None


def test_a_run_that_can_go_on_keeps_all_that_it_needs(service, engine, monkeypatch):
    _, folder = _filled(service, engine, "stopped", "Stopped")
    network = net.build(MLP.network, tasks.get("mnist", {}).signature())
    monkeypatch.setattr(settings, "THIN_BYTES", 0)
    service.create(MLP, "me", start=False)
    assert ckpt.load(folder / WEIGHTS, network, torch.optim.Adam(network.parameters())) == 10


def test_runs_that_are_too_large_are_named(service, engine, monkeypatch):
    _filled(service, engine, "stopped", "Heavy")
    monkeypatch.setattr(settings, "THIN_BYTES", 10**9)
    monkeypatch.setattr(settings, "MAX_BYTES", 1_000_000)
    with pytest.raises(RunError, match="the largest are 'Heavy'"):
        service.create(MLP, "me", start=False)
    service.create(MLP, "somebody else", start=False)


def test_without_room_on_the_disk_no_run_begins(service, monkeypatch):
    service.create(MLP, "me", start=False)
    monkeypatch.setattr(settings, "MIN_FREE_BYTES", 10**18)
    with pytest.raises(RunError, match="MB of free disk"):
        service.create(MLP, "me", start=False)


def test_a_damaged_old_run_keeps_nobody_from_a_new_one(service, engine, monkeypatch):
    _, folder = _filled(service, engine, "done", "Damaged")
    (folder / WEIGHTS).write_bytes(b"no weights")
    monkeypatch.setattr(settings, "THIN_BYTES", 0)
    service.create(MLP, "me", start=False)


def test_a_clock_that_is_set_back_changes_no_order(service, monkeypatch):
    first = service.create(MLP, "me", start=False)
    monkeypatch.setattr("dlviz.clock.time.time", lambda: 1_000.0)
    second = service.create(MLP, "me", start=False)
    assert [info.id for info in service.list("me")] == [second, first]

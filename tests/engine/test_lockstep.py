"""Lock-step: no run is ever more than the lead ahead; arithmetic, loop, service, real processes."""
from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz import presets
from dlviz.runs import lockstep
from dlviz.runs.service import RunService
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training.loop import train
from tests.engine.test_runs_processes import small, until
from tests.engine.test_runs_service import FakeEngine, _steps

MLP = presets.get("mlp").experiment


# the arithmetic

@given(st.lists(st.sampled_from([1, 7, 16, 48, 64, 256]), min_size=2, max_size=5), st.integers(1, 50),
       st.lists(st.integers(0, 4), min_size=1, max_size=200))
def test_whoever_moves_within_the_limits_stays_near_the_others(sizes, lead, moves):
    batches = {str(index): size for index, size in enumerate(sizes)}
    steps = dict.fromkeys(batches, 0)
    largest = max(sizes)
    for move in moves:
        number = lockstep.meeting(steps, batches, lead)
        limits = {run: lockstep.limit(number, batches[run], batches, lead) for run in batches}
        assert any(steps[run] < limits[run] for run in steps), "somebody can always go on"
        run = str(move % len(sizes))
        steps[run] = max(steps[run], limits[run])  # the fastest way: as far as it may
        samples = [steps[name] * batches[name] for name in steps]
        assert max(samples) - min(samples) <= lead * largest + largest


def test_meetings_worked_out_by_hand():
    alike = {"a": 64, "b": 64}
    assert lockstep.meeting({"a": 0, "b": 0}, alike, 20) == 1
    assert lockstep.meeting({"a": 20, "b": 19}, alike, 20) == 1
    assert lockstep.meeting({"a": 20, "b": 20}, alike, 20) == 2
    assert lockstep.limit(2, 64, alike, 20) == 40
    unequal = {"a": 16, "b": 64}
    assert (lockstep.limit(1, 16, unequal, 5), lockstep.limit(1, 64, unequal, 5)) == (20, 5)


# the loop

def _events(control: ctl.Control, experiment, then) -> list[ev.Event]:
    """All events; `then(step)` is called each time that the loop waits, and must tell it something."""
    events: list[ev.Event] = []
    control._before_waiting = lambda: then(max((e.step for e in events if isinstance(e, ev.Step)), default=0))
    for event in train(experiment, control, device="cpu"):
        events.append(event)
    return events


def test_the_loop_makes_no_step_beyond_its_limit_and_looks_at_just_that_step():
    control, waited = ctl.Control(), []

    def then(step: int) -> None:
        waited.append(step)
        control.post(ctl.HoldAt(step + 4, capture=step >= 8) if step < 12 else ctl.HoldAt(None))

    control.post(ctl.Watch(3, ("relu1",)))
    control.post(ctl.HoldAt(4, capture=True))
    events = _events(control, small(0.02, 1), then)
    assert waited == [4, 8, 12]
    first, *captured = [event.step for event in events if isinstance(event, ev.Captured)]
    assert first == 0, "a new wish is answered at once"
    assert captured[:2] == [4, 12], "at step 8 nobody was to look"


def test_waiting_for_others_changes_no_number():
    unheld = [event for event in train(small(0.02, 1), device="cpu") if isinstance(event, ev.Step)]
    control = ctl.Control()
    control.post(ctl.HoldAt(3))
    held = _events(control, small(0.02, 1), lambda step: control.post(ctl.HoldAt(step + 3)))
    assert [event for event in held if isinstance(event, ev.Step)] == unheld


def test_a_run_that_waits_for_others_can_be_paused_and_stopped():
    control, waits = ctl.Control(), []

    def then(step: int) -> None:
        waits.append(step)
        control.post({1: ctl.Pause(), 2: ctl.Resume(), 3: ctl.Stop()}[len(waits)])

    control.post(ctl.HoldAt(2))
    events = _events(control, small(0.02, 1), then)
    assert waits == [2, 2, 2], "resumed, it still waits"
    kinds = [type(event) for event in events if isinstance(event, (ev.Step, ev.Paused, ev.Resumed, ev.Ended))]
    assert kinds == [ev.Step, ev.Step, ev.Paused, ev.Resumed, ev.Ended]


# the service

@pytest.fixture
def engine(monkeypatch) -> FakeEngine:
    monkeypatch.setattr("dlviz.runs.service.TICK", 1e6)
    return FakeEngine(places=8)


@pytest.fixture
def service(engine):
    service = RunService(engine)
    yield service
    service.close()


def _limits(engine: FakeEngine, run: str) -> list[int | None]:
    return [message.step for message in engine.messages(run, ctl.HoldAt)]


def _pack(service, engine, lead: int, count: int = 3) -> list[str]:
    runs = [service.create(MLP, "me", start=False) for _ in range(count)]
    service.together(runs, lead, "me")
    for run in runs:
        service.post(run, ctl.Resume(), "me")
        engine.begin(run)
    return runs


def test_a_new_process_knows_its_limit_before_its_first_step(service, engine):
    runs = _pack(service, engine, 10)
    for run in runs:
        assert [m.step for m in engine.needs[run] if isinstance(m, ctl.HoldAt)] == [10]


def test_the_next_meeting_is_called_when_all_have_come(service, engine):
    a, b, c = _pack(service, engine, 10)
    engine.up(a, _steps(1, 10))
    engine.up(b, _steps(1, 10))
    engine.up(c, _steps(1, 9))
    assert _limits(engine, a) == []
    engine.up(c, _steps(10, 10))
    assert _limits(engine, a) == _limits(engine, b) == _limits(engine, c) == [20]


def test_nobody_waits_for_a_run_that_is_over_or_deleted(service, engine):
    a, b, c = _pack(service, engine, 10)
    engine.up(a, _steps(1, 10))
    engine.up(b, _steps(1, 10))
    engine.up(c, _steps(1, 3), ev.Ended(3, "diverged", "Boom."))
    assert _limits(engine, a) == [20]
    engine.up(a, _steps(11, 20))
    assert _limits(engine, a) == [20]
    service._find(b).gone = True
    service._life.tick(time.monotonic())
    assert _limits(engine, a) == [20, 30]


def test_all_wait_for_a_paused_run(service, engine):
    a, b, _ = _pack(service, engine, 10)
    engine.up(a, _steps(1, 4), ev.Checkpointed(4, "w"), ev.Paused(4))
    engine.up(b, _steps(1, 10))
    assert _limits(engine, b) == []


def test_a_run_without_a_place_holds_nobody_up(service, engine):
    engine.places = 2
    runs = [service.create(MLP, "me", start=False) for _ in range(3)]
    service.together(runs, 10, "me")
    for run in runs:
        service.post(run, ctl.Resume(), "me")
    for run in runs[:2]:
        engine.begin(run)
        engine.up(run, _steps(1, 10))
    assert service.get(runs[2]).state == "queued"
    assert _limits(engine, runs[0]) == [20]


def test_let_go_each_trains_its_own_way(service, engine):
    a, b, c = _pack(service, engine, 10)
    service.together([a, b, c], None, "me")
    assert _limits(engine, a) == [None]
    engine.up(a, _steps(1, 50))
    assert _limits(engine, b) == [None]


def test_pictures_are_taken_by_all_at_the_same_step(service, engine, monkeypatch):
    monkeypatch.setattr(lockstep, "CAPTURE_INTERVAL", 0.0)
    runs = _pack(service, engine, 5)
    for first in (1, 6):
        for run in runs:
            engine.up(run, _steps(first, first + 4))
    for run in runs:
        assert [message.capture for message in engine.messages(run, ctl.HoldAt)] == [True, True]


# real processes

def test_real_runs_are_never_more_than_the_lead_apart():
    service = RunService()
    try:
        names = [small(0.1, 1, seed) for seed in (1, 2, 3)]
        runs = [service.create(experiment, "me", start=False) for experiment in names]
        service.together(runs, 7, "me")
        apart: list[int] = []
        on_event = service._life.on_event

        def listening(run, seq, event, now):
            on_event(run, seq, event, now)
            rows = [service._runs[name].row for name in runs]
            apart.append(max(row.step for row in rows) - min(row.step for row in rows))

        service._life.on_event = listening
        for run in runs:
            service.post(run, ctl.Resume(), "me")
        until(lambda: all(service.get(run).state == "done" for run in runs), "the end")
        assert max(apart) <= 7
        assert {service.get(run).step for run in runs} == {86}
    finally:
        service.close()

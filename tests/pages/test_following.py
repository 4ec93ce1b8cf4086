"""A run that many sessions look at is read once and drawn once for those that come close together."""
from __future__ import annotations

import json
import threading

import pytest

from dlviz.views.pictures import once
from pages.ui.shared import curves, following, live
from pages.ui.shared.component import Json
from tests.pages.train_page import MLP, drawn, service, train  # noqa: F401 (fixtures)


@pytest.fixture
def clock(monkeypatch):
    """The time that snapshots are read at, set by a test."""
    class Clock:
        now = 100.0

        def monotonic(self) -> float:
            return self.now

    made = Clock()
    monkeypatch.setattr(following, "time", made)
    return made


def test_ticks_that_come_close_together_share_what_one_of_them_has_read(service, clock):
    service.put("r1", MLP, step=40)
    first = following.follow("r1", 1.0)
    clock.now += 0.2
    service.become("r1", step=60)
    assert following.follow("r1", 1.0) is first
    clock.now += 0.1
    second = following.follow("r1", 1.0)
    assert second.step == 60 and len(second.train["step"]) == 60 and len(first.train["step"]) == 40
    assert service.asked_since == [0, 40]


def test_a_page_gets_the_run_as_it_is_now_and_a_lone_tick_too(service, clock):
    service.put("r1", MLP, step=40)
    following.follow("r1")
    service.become("r1", step=60)
    assert following.follow("r1").step == 60
    service.become("r1", step=80)
    clock.now += 0.25
    assert following.follow("r1", 0.25).step == 80


def test_a_curve_that_was_taken_back_is_read_anew_for_all(service, clock):
    service.put("r1", MLP, step=60)
    before = following.follow("r1")
    service.become("r1", step=30)
    service.revision["r1"] = 1
    assert len(following.follow("r1").train["step"]) == 30 and len(before.train["step"]) == 60


def test_those_asked_for_longest_ago_are_forgotten(service, monkeypatch):
    monkeypatch.setattr(following, "MOST", 2)
    for run in ("r1", "r2", "r3"):
        service.put(run, MLP, step=10)
        following.follow(run)
    assert list(following._followed[service]) == ["r2", "r3"]


def test_many_threads_read_one_run_together(service):
    service.put("r1", MLP, step=40)
    found = []
    threads = [threading.Thread(target=lambda: found.append(following.follow("r1"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {len(snapshot.train["step"]) for snapshot in found} == {40}


def test_curves_of_one_snapshot_are_written_once_for_sessions_that_want_the_same(train, service, monkeypatch):
    wishes, sent = [], []
    draw = live._drawn_curves
    monkeypatch.setattr(live, "_drawn_curves", lambda *wish: wishes.append(wish[1]) or draw(*wish))
    monkeypatch.setattr(curves, "_MOUNT", lambda key, data, **more: key == "run.curves" and sent.append(data))
    monkeypatch.setattr(following, "SHARE", 1e9)
    monkeypatch.setattr(live, "first", lambda run: following.follow(run, 1.0))
    service.put("r1", MLP, step=250)
    one, other = train("r1"), train("r1")
    assert len(wishes) == 1 and isinstance(sent[0], Json) and sent[-1] is sent[0]
    other.toggle(key="run.log").set_value(True).run()
    assert [wish.log for wish in wishes] == [False, True]
    assert json.loads(sent[-1])["panels"][0]["log"]
    one.run()
    assert len(wishes) == 2 and sent[-1] is sent[0]


@pytest.mark.parametrize(("comes", "step"), [(True, 1), (False, 0)])
def test_a_page_waits_for_the_first_step_and_reads_the_curve_once(service, monkeypatch, comes, step):
    class Clock:
        now = 0.0

        def monotonic(self) -> float:
            return self.now

        def sleep(self, seconds: float) -> None:
            self.now += seconds
            if comes and self.now > live.PATIENCE / 2:
                service.become("r1", step=1)

    monkeypatch.setattr(live, "time", Clock())
    service.put("r1", MLP, step=0)
    assert live.first("r1").step == step
    assert service.asked_since == [0]


def test_sessions_in_two_languages_share_no_curves(service):
    service.put("r1", MLP, step=250)
    snapshot = following.follow("r1")
    english, german = (live.CurvesWish("step", False, False, None, None, empty) for empty in ("Soon.", "Bald."))
    assert once(snapshot, english, None, live._drawn_curves) is not once(snapshot, german, None, live._drawn_curves)
    assert once(snapshot, english, None, live._drawn_curves) is once(snapshot, english, None, live._drawn_curves)

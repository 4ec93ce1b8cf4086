"""How often pages look at runs: as often as a class of their size can."""
from __future__ import annotations

import pytest

from pages.ui.shared import crowd, live, ticks


@pytest.fixture
def clock(monkeypatch):
    """An empty server, and a clock that a test sets."""
    class Clock:
        now = 100.0

        def monotonic(self) -> float:
            return self.now

    made = Clock()
    monkeypatch.setattr(crowd, "time", made)
    monkeypatch.setattr(crowd, "_last_look", {})
    return made


@pytest.mark.parametrize(("sessions", "pace"),
                         [(1, 0.25), (10, 0.25), (11, 0.5), (20, 0.5), (30, 1.0), (41, 2.0), (500, 2.0)])
def test_the_more_look_the_slower_all_tick_together(sessions, pace):
    assert crowd.fitting(sessions) == pace


def test_those_who_join_a_class_tick_slower(clock):
    assert [crowd.pace(0.25, f"session {n}") for n in range(11)] == [0.25] * 10 + [0.5]


def test_no_ticks_are_none_and_a_calm_pace_stays_calm(clock):
    assert crowd.pace(None, "a") is None
    assert crowd.pace(0.5, "a") == 0.5


def test_who_has_gone_is_not_counted(clock):
    for n in range(20):
        crowd.looking(f"session {n}")
    clock.now += crowd.GONE / 2
    assert crowd.looking("session 0") == 20
    clock.now += crowd.GONE / 2 + 1
    assert crowd.looking("session 1") == 2, "the one who looked between, and this one"


def test_a_pace_is_given_up_when_the_class_outgrows_it_and_taken_up_again_when_there_is_room(clock):
    paces = [crowd.pace(0.25, f"session {n}") for n in range(11)]
    assert crowd.outgrown(paces[0], 0.25, "session 0") and not crowd.outgrown(paces[10], 0.25, "session 10")
    clock.now += crowd.GONE / 2
    for n in range(8):
        crowd.looking(f"session {n}")
    clock.now += crowd.GONE / 2 + 1
    assert not crowd.outgrown(0.5, 0.25, "session 0"), "eight, and one more who comes would be too close"
    clock.now += crowd.GONE / 2
    for n in range(6):
        crowd.looking(f"session {n}")
    clock.now += crowd.GONE / 2 + 1
    assert crowd.outgrown(0.5, 0.25, "session 0"), "six fit, and would if they were eight"
    assert not crowd.outgrown(0.5, 0.5, "session 0"), "what is usually calm stays calm"
    assert not crowd.outgrown(None, 0.25, "session 0") and not crowd.outgrown(0.5, None, "session 0")


def test_a_fragment_is_told_its_new_pace_once(clock, monkeypatch):
    paces = []
    monkeypatch.setattr(live, "retime", paces.append)
    monkeypatch.setattr(live.run_views, "viewer", lambda: "session 0")
    pace = live.Pace(crowd.pace(0.25, "session 0"))
    for n in range(11):
        crowd.looking(f"session {n}")
    for _ in range(2):
        pace.fit(0.25)
    assert paces == [0.5] and pace.seconds == 0.5
    clock.now += crowd.GONE + 1
    pace.fit(0.25)
    assert paces == [0.5, 0.25]
    pace.fit(None)
    live.Pace(None).fit(0.25)
    assert paces == [0.5, 0.25], "what does not tick keeps still"


def test_only_a_fragment_that_runs_can_be_given_another_pace():
    with pytest.raises(RuntimeError, match="inside one"):
        ticks.retime(1.0)

"""How often pages look at runs: as often as a class of their size can."""
from __future__ import annotations

import pytest

from pages.ui import crowd


@pytest.fixture
def clock(monkeypatch):
    """An empty server, and a clock that a test sets."""
    class Clock:
        now = 100.0

        def monotonic(self) -> float:
            return self.now

    made = Clock()
    monkeypatch.setattr(crowd, "time", made)
    monkeypatch.setattr(crowd, "_seen", {})
    return made


@pytest.mark.parametrize(("sessions", "pace"), [(1, 0.25), (15, 0.25), (16, 0.5), (30, 0.5), (31, 1.0), (500, 2.0)])
def test_the_more_look_the_slower_all_tick_together(sessions, pace):
    assert crowd.fitting(sessions) == pace


def test_those_who_join_a_class_tick_slower(clock):
    assert [crowd.pace(0.25, f"session {n}") for n in range(16)] == [0.25] * 15 + [0.5]


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

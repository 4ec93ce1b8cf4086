"""What viewers watch takes a tenth of the processor's time at most, however much they ask for. By a clock of its own.
"""
from __future__ import annotations

from types import SimpleNamespace

import pytest

from dlviz import presets
from dlviz.training import control as ctl
from dlviz.training import state as states


class Clock:
    """Seconds that pass where a test says so."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def now(self) -> float:
        return self.seconds


@pytest.mark.parametrize(("cost", "wait"), [(0.001, 0.25), (0.3, 2.7)])
def test_a_capture_that_costs_much_comes_seldom(monkeypatch, cost, wait):
    clock = Clock()

    def capture(*_: object) -> str:
        clock.seconds += cost
        return "captured"

    monkeypatch.setattr(states, "time", SimpleNamespace(monotonic=clock.now, thread_time=clock.now))
    monkeypatch.setattr(states.captures, "capture", capture)
    state = states.LoopState(presets.get("mlp").experiment, None, "cpu")
    state.watch = ctl.Watch(0, every=0.25)
    assert state.due() and state.capture() == "captured"
    clock.seconds += wait - 0.001
    assert not state.due()
    clock.seconds += 0.002
    assert state.due()

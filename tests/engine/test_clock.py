"""A clock that is set back changes no order."""
from __future__ import annotations

import pytest

from dlviz import clock


@pytest.mark.parametrize(("now", "expected"), [(2_000.0, 2_000.0), (500.0, 1_000.0 + clock.LEAST)])
def test_what_is_made_later_is_later(now, expected, monkeypatch):
    monkeypatch.setattr(clock.time, "time", lambda: now)
    assert clock.after([10.0, 1_000.0]) == expected
    assert clock.after([]) == now

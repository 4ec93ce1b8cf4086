"""Slow motion holds a number that was worked out by hand against the engine's, and tells an open lesson."""
from __future__ import annotations

import pytest

from pages.ui.motion.answer_box import close


@pytest.mark.parametrize(("typed", "number", "result"), [
    (0.0251, 0.025, True), (0.0254, 0.025, True), (0.0256, 0.025, False), (-0.025, 0.025, False), (0.0, 0.0, True),
    (1e-3, 0.0, False), (-3.1, -3.1, True),
])
def test_two_percent_off_is_rounding(typed: float, number: float, result: bool):
    assert close(typed, number) == result

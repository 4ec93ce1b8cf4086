"""Numbers as a chart is sent them: so many significant digits, nothing that is no JSON."""
from __future__ import annotations

import math

import numpy as np
import pytest

from dlviz.figures.thinning import short


@pytest.mark.parametrize("digits", [4, 5])
def test_numbers_are_rounded_as_python_formats_them(digits):
    random = np.random.default_rng(0)
    values = random.choice([-1, 1], 5_000) * 10.0 ** random.uniform(-12, 12, 5_000)
    values = np.concatenate([values, [0.0, 1.0, 9.9999999, 99_999.5, 123_456_789.0]])
    assert short(values, digits) == [float(f"{value:.{digits}g}") for value in values.tolist()]


@pytest.mark.filterwarnings("error")
def test_what_is_no_number_or_at_the_end_of_what_floats_hold_is_no_trouble():
    assert short(np.array([math.nan, math.inf, -math.inf, 0.0], np.float32), 4) == [None, None, None, 0.0]
    largest, smallest = short(np.array([-1.7e308, 5e-324]), 4)
    assert largest == pytest.approx(-1.7e308) and abs(smallest) < 1e-300
    assert short(np.array([]), 4) == []

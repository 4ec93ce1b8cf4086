"""What thinning promises: limits, ends, extremes, order, gaps, and a picture that holds still."""
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.figures.thinning import smooth, thin

ANY_FLOAT = st.floats(width=32, allow_nan=True, allow_infinity=True)


@settings(deadline=None, max_examples=200)
@given(st.lists(ANY_FLOAT, min_size=1, max_size=400), st.integers(6, 80))
def test_promises_hold_for_any_curve(values, limit):
    values = np.array(values, np.float32)
    steps = np.arange(len(values)) * 3 + 1
    thinned_steps, thinned = thin(steps, values, limit)
    assert len(thinned_steps) == len(thinned) <= limit
    assert (thinned_steps[0], thinned_steps[-1]) == (steps[0], steps[-1])
    assert np.all(np.diff(thinned_steps) > 0)
    np.testing.assert_array_equal(thinned, values[(thinned_steps - 1) // 3])
    finite = values[np.isfinite(values)]
    if len(finite):
        assert finite.min() in thinned and finite.max() in thinned


def test_short_curves_come_back_whole():
    for size in (0, 1, 2, 500):
        steps, values = thin(range(size), [0.5] * size)
        assert len(steps) == len(values) == size


def test_one_spike_in_a_million_survives():
    values = np.ones(1_000_000, np.float32)
    values[654_321], values[123_456] = 9, -9
    steps, thinned = thin(np.arange(1_000_000), values, 500)
    assert len(thinned) <= 500
    assert {654_321, 123_456} <= set(steps.tolist())


def test_growing_moves_only_what_is_in_the_last_bucket():
    values = np.random.default_rng(0).normal(size=12_000)
    steps = np.arange(12_000)
    before, _ = thin(steps[:10_000], values[:10_000], 500)
    after, _ = thin(steps[:10_400], values[:10_400], 500)
    settled = before[before < 10_000 - 48]  # buckets are 48 wide here
    assert len(settled) > 250
    assert set(settled.tolist()) <= set(after.tolist())


def test_a_stretch_of_nan_stays_a_gap_and_none_is_taken_for_nan():
    values = [1.0] * 3000 + [None] * 3000 + [2.0] * 3000
    steps, thinned = thin(range(9000), values, 100)
    assert np.isnan(thinned[(steps > 3200) & (steps < 5800)]).all()
    assert np.isfinite(thinned[(steps < 2800) | (steps > 6200)]).all()


def test_a_window_gets_nearly_all_the_points():
    values = np.random.default_rng(1).normal(size=100_000)
    steps, thinned = thin(np.arange(100_000), values, 500, (50_000, 50_300))
    inside = (steps >= 50_000) & (steps <= 50_300)
    assert inside.sum() == 301
    assert len(thinned) <= 500 and np.all(np.diff(steps) > 0)
    assert (steps[0], steps[-1]) == (0, 99_999)
    assert values.max() in thinned


def test_means_follow_a_noisy_line_and_pass_over_what_is_not_finite():
    steps = np.arange(1, 10_001)
    values = steps / 10_000 + np.random.default_rng(2).normal(0, 0.1, 10_000)
    values[5000:6000:7] = np.nan
    middles, means = smooth(steps, values.astype(np.float32), 120)
    assert 60 < len(means) <= 120 and np.all(np.diff(middles) > 0)
    np.testing.assert_allclose(means, middles / 10_000, atol=0.05)


def test_means_of_whole_buckets_are_exact_and_a_bucket_of_nan_is_a_gap():
    values = np.concatenate([np.arange(400.0), np.full(400, np.nan)])
    middles, means = smooth(np.arange(800), values, 100)  # buckets of 8
    np.testing.assert_array_equal(means[:50], np.arange(50) * 8 + 3.5)
    assert np.isnan(means[50:]).all()
    assert middles[0] == 3 and middles[-1] == 795


def test_the_end_of_the_means_is_never_a_few_points_alone():
    values = np.concatenate([np.zeros(800), [1000.0]])
    _, means = smooth(np.arange(801), values, 120)  # buckets of 8, and one point over
    assert means[-1] == pytest.approx(1000 / 9)


@pytest.mark.parametrize("window", [(-50, -10), (2e6, 3e6), (5.5, 5.6), (0, 1e9)])
def test_any_window_keeps_the_limit_the_ends_and_the_order(window):
    steps, thinned = thin(np.arange(5000), np.zeros(5000), 200, window)
    assert len(thinned) <= 200 and np.all(np.diff(steps) > 0)
    assert (steps[0], steps[-1]) == (0, 4999)


def test_unequal_lengths_and_a_tiny_limit_are_refused():
    with pytest.raises(ValueError, match="as many steps as values"):
        thin([1, 2, 3], [0.1, 0.2])
    with pytest.raises(ValueError, match="at least 6"):
        thin([1], [1.0], limit=5)
    with pytest.raises(ValueError, match="at least 48"):
        smooth([1], [1.0], limit=40, window=(0, 1))

"""Histograms over steps: values are moved to common bins without losing one, and one step is a column."""
from __future__ import annotations

import numpy as np
import pytest
import torch

from dlviz.figures import histograms
from dlviz.figures.histograms import Spread
from dlviz.probes.histogram import Histogram, histogram


def test_values_stay_where_they_are_when_bins_are_changed():
    values = torch.randn(4_000, generator=torch.Generator().manual_seed(0))
    own = histogram(values)
    edges = np.linspace(-6, 6, histograms.BINS + 1)
    fractions = histograms.rebinned(own, edges)
    assert fractions.sum() == pytest.approx(1)
    np.testing.assert_allclose(fractions, np.histogram(values.numpy(), edges)[0] / 4_000,
                               atol=0.012)  # within an old bin
    same = np.linspace(own.low, own.high, 41)
    np.testing.assert_allclose(histograms.rebinned(own, same), np.array(own.counts) / 4_000, atol=1e-12)


def test_one_value_and_none_have_a_column():
    edges = np.linspace(-1, 1, 5)
    assert histograms.rebinned(Histogram(0.3, 0.3, (7,) + (0,) * 39), edges).tolist() == [0, 0, 1, 0]
    assert histograms.rebinned(Histogram(0.0, 0.0, (0,) * 40), edges).tolist() == [0, 0, 0, 0]
    assert np.diff(histograms.common_edges([Histogram(0.3, 0.3, (7,))])).min() > 0


def test_a_column_for_each_step_is_as_dark_as_its_own_fullest_bin():
    generator = torch.Generator().manual_seed(0)
    columns = [histogram(torch.randn(500, generator=generator) * size) for size in (0.1, 0.5, 2.0)]
    spreads = [Spread("weights", (1, 10, 60), tuple(columns)), Spread("gradients", (10, 60), tuple(columns[1:]))]
    trace, below = histograms.heat_maps(spreads).data
    assert list(trace.x) == [1, 10, 60] and np.shape(trace.z) == (histograms.BINS, 3) and list(below.x) == [10, 60]
    np.testing.assert_allclose(np.max(trace.z, axis=0), 255)
    np.testing.assert_allclose((np.asarray(trace.z, float) / 255) ** 2,
                               trace.customdata / np.max(trace.customdata, axis=0), atol=0.005)
    assert histograms.describe("conv1", spreads).startswith("conv1 over the steps; at step 60 weights from -")
    np.testing.assert_allclose(np.sum(trace.customdata, axis=0), 1, rtol=1e-5)
    assert np.min(trace.y) >= min(each.low for each in columns) and np.max(trace.y) <= max(each.high
                                                                                           for each in columns)

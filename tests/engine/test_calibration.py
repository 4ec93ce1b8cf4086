"""Calibration: what a bin says against samples counted one by one, and what is drawn of it."""
from __future__ import annotations

import numpy as np
import pytest
import torch

from dlviz import figures
from dlviz.figures.calibration import describe
from dlviz.training.calibration import BINS, calibration


def _classifier(samples: int, overconfident: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Confidences and whether each is correct: as often as the confidence says, less what it is overconfident by."""
    random = torch.Generator().manual_seed(0)
    confidences = 0.3 + 0.7 * torch.rand(samples, generator=random)
    return confidences, torch.rand(samples, generator=random) < confidences - overconfident


def test_bins_hold_what_was_counted_one_by_one():
    confidences, correct = _classifier(500, 0.1)
    found = calibration(confidences, correct)
    for place in range(BINS):
        inside = [(c, r) for c, r in zip(confidences.tolist(), correct.tolist())
                  if place <= c * BINS < place + 1 or (c == 1 and place == BINS - 1)]
        assert found.counts[place] == len(inside)
        assert found.confidence[place] == pytest.approx(sum(c for c, _ in inside))
        assert found.correct[place] == sum(r for _, r in inside)


def test_the_expected_error_is_what_it_was_made_to_be():
    assert calibration(*_classifier(200_000, 0.0)).expected_error == pytest.approx(0, abs=0.01)
    assert calibration(*_classifier(200_000, 0.2)).expected_error == pytest.approx(0.2, abs=0.01)


def test_certain_samples_are_in_the_last_bin_and_an_empty_one_has_no_accuracy():
    found = calibration(torch.ones(4), torch.tensor([True, True, True, False]))
    assert found.counts.tolist() == [0] * (BINS - 1) + [4]
    assert found.accuracy[-1] == 0.75 and np.isnan(found.accuracy[0])


def test_a_network_that_gives_no_numbers_is_counted_and_breaks_nothing():
    found = calibration(torch.full((3,), float("nan")), torch.zeros(3, dtype=torch.bool))
    assert found.counts.sum() == 3 and not found.correct.any()


def test_the_diagram_has_a_bar_for_each_bin_that_has_samples():
    found = calibration(*_classifier(1_000, 0.1))
    bars, counts = (trace for trace in figures.reliability_diagram(found).data if trace.type == "bar")
    filled = found.counts > 0
    np.testing.assert_allclose(bars.y, found.accuracy[filled])
    np.testing.assert_allclose(counts.y, found.counts[filled] / 1_000)
    np.testing.assert_allclose(bars.x, (np.arange(BINS)[filled] + 0.5) / BINS)


def test_the_sentence_says_whether_it_is_too_sure():
    assert "too sure" in describe(calibration(*_classifier(2_000, 0.2)))
    assert "not sure enough" in describe(calibration(*_classifier(2_000, -0.2)))
    assert "as often correct as it says" in describe(calibration(*_classifier(200_000, 0.0)))

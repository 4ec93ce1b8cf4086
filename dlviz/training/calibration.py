"""Whether a classifier's probabilities can be believed: how often it is correct where it says that it is 90 % sure.

Guo et al. 2017, On Calibration of Modern Neural Networks. Knows no network and no loop.
"""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

BINS = 15  # as in the paper


@dataclass(frozen=True)
class Calibration:
    """Samples in `BINS` bins of equal width, by the probability of their prediction (its confidence).

    Attributes:
        counts: samples in each bin, int64 `(BINS,)`.
        confidence: the sum of their confidences, float64 `(BINS,)`.
        correct: how many of them are correct, int64 `(BINS,)`.
    """

    counts: np.ndarray
    confidence: np.ndarray
    correct: np.ndarray

    @cached_property
    def mean_confidence(self) -> np.ndarray:
        """Of each bin, `(BINS,)`; NaN where it is empty."""
        return self._means(self.confidence)

    @cached_property
    def accuracy(self) -> np.ndarray:
        """Of each bin, `(BINS,)`; NaN where it is empty."""
        return self._means(self.correct)

    @property
    def expected_error(self) -> float:
        """The expected calibration error (ECE), 0 to 1: how far confidence and accuracy are apart, over all samples."""
        return float(np.abs(self.confidence - self.correct).sum() / max(1, self.counts.sum()))

    def _means(self, sums: np.ndarray) -> np.ndarray:
        return np.divide(sums, self.counts, out=np.full(BINS, np.nan), where=self.counts > 0)


def calibration(confidences: torch.Tensor, correct: torch.Tensor) -> Calibration:
    """Of `confidences` `(N,)`, 0 to 1, and whether each of these predictions is `correct`, bool `(N,)`."""
    bins = (confidences * BINS).long().clamp(0, BINS - 1).numpy()
    values, right = confidences.double().numpy(), correct.numpy()
    return Calibration(np.bincount(bins, minlength=BINS), np.bincount(bins, values, BINS),
                       np.bincount(bins[right], minlength=BINS))

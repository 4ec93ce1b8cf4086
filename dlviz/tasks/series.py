"""The two series to forecast: a noisy sine, and airline passengers month by month."""
from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.tasks.base import SplitName
from dlviz.tasks.forecast import Forecast

YEAR = 12  # months
FIRST_YEAR = 1949
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PASSENGERS = (  # of international airlines, in thousands a month, January 1949 to December 1960
    112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118,
    115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140,
    145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166,
    171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194,
    196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201,
    204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229,
    242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278,
    284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306,
    315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336,
    340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337,
    360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405,
    417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432)


class Sine(Forecast):
    """A wave with noise on it: what is its next value?"""

    noise: float = Field(default=0.1, ge=0.01, le=0.5,
                         description="How strong the noise is, beside a wave of height 1.")
    period: float = Field(default=20.0, ge=5.0, le=60.0, description="How many steps one wave takes.")
    data_seed: int = Field(default=0, ge=0, le=2**31 - 1, description="Decides the noise.")
    name: ClassVar[str] = "sine"
    title: ClassVar[str] = "Noisy sine"
    metric: ClassVar[str] = "forecasts off by less than twice the noise"
    held_out: ClassVar[int] = 500
    horizon: ClassVar[int] = 60
    naive_words: ClassVar[str] = "the value one wave ago"
    gap: ClassVar[bool] = True
    steps: ClassVar[int] = 4_000

    def series(self) -> np.ndarray:
        return _sine(self.noise, self.period, self.data_seed, self.steps)

    def tolerance(self) -> float:
        return max(0.05, 2 * self.noise)

    def naive(self, past: np.ndarray) -> np.ndarray:
        """The value one wave ago, or half a wave ago with the other sign where that lies before the window."""
        period, half = round(self.period), round(self.period / 2)
        return past[:, -period] if period <= self.window else -past[:, -min(half, self.window)]

    def bounds(self) -> tuple[float, float]:
        return -3.0, 3.0

    @property
    def example(self) -> str:
        return " ".join(f"{value:.2f}" for value in np.sin(2 * np.pi * np.arange(self.window) / self.period))


class Airline(Forecast):
    """Airline passengers month by month, 1949 to 1960: how many will fly next month?"""

    name: ClassVar[str] = "airline"
    title: ClassVar[str] = "Airline passengers"
    metric: ClassVar[str] = "months forecast to within about 10 %"
    held_out: ClassVar[int] = 24
    horizon: ClassVar[int] = 24
    unit: ClassVar[str] = "thousand passengers"
    decimals: ClassVar[int] = 0
    naive_words: ClassVar[str] = "same month last year × growth"
    scale_words: ClassVar[str] = "in steps of about 10 % from the same month last year"

    window: int = Field(default=24, ge=12, le=36, description="How many months it sees before it says the next.")

    def series(self) -> np.ndarray:
        return np.array(PASSENGERS, np.float64)

    def encoded(self, past: np.ndarray) -> np.ndarray:
        """How far each month is from the one before the same month last year, in steps of about 10 %.

        Growth would lead out of all that is known; compared with a year ago it does not.
        """
        return 10 * np.log(past / past[:, -YEAR, None])

    def change(self, past: np.ndarray, following: np.ndarray) -> np.ndarray:
        return 10 * np.log(following / past[:, -YEAR])

    def value(self, past: np.ndarray, output: float) -> float:
        return float(past[-YEAR] * np.exp(output / 10))

    def tolerance(self) -> float:
        return 1.0

    def time_labels(self, name: SplitName, index: int) -> tuple[str, ...]:
        start = self.starts(name)[index]
        return tuple(f"{MONTHS[at % YEAR]} {FIRST_YEAR + at // YEAR}"
                     for at in range(start, start + self.window + self.horizon))

    def naive(self, past: np.ndarray) -> np.ndarray:
        """The same month last year, times what the last month grew by over a year; no growth where it is unknown."""
        growth = past[:, -1] / past[:, -1 - YEAR] if self.window > YEAR else 1.0
        return past[:, -YEAR] * growth

    def bounds(self) -> tuple[float, float]:
        return 1.0, 100_000.0

    @property
    def example(self) -> str:
        return " ".join(map(str, PASSENGERS[-self.window:]))


@lru_cache(maxsize=8)
def _sine(noise: float, period: float, seed: int, steps: int) -> np.ndarray:
    wave = np.sin(2 * np.pi * np.arange(steps) / period)
    return wave + noise * np.random.default_rng(seed).standard_normal(steps)

"""A pulse in which some beats are wrong: learned while all is well, so that what is strange can be told."""
from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.tasks.base import SplitName
from dlviz.tasks.forecast import Forecast
from dlviz.translation import _

BEAT = 24  # values of one beat
BEATS = 170
WAVES = ((5.0, 1.6, 0.25), (9.0, 0.7, -0.25), (10.5, 0.6, 1.0), (12.0, 0.7, -0.35), (17.5, 2.2, 0.35))  # of an ECG:
#        P, Q, R, S and T: where in the beat its middle lies, how wide it is, how high
STRANGE = 6  # beats among those that it is tested with
KINDS = ("missing", "early", "upside down")


class Pulse(Forecast):
    """A pulse, beat after beat: what is its next value? Among the test values are beats that are wrong."""

    noise: float = Field(default=0.04, ge=0.01, le=0.2,
                         description="How strong the noise is, beside a beat of height 1.")
    data_seed: int = Field(default=0, ge=0, le=2**31 - 1, description="Decides the noise, and which beats are wrong.")
    name: ClassVar[str] = "pulse"
    title: ClassVar[str] = "Heartbeat"
    metric: ClassVar[str] = "forecasts off by less than four times the noise"
    held_out: ClassVar[int] = 40 * BEAT
    horizon: ClassVar[int] = 2 * BEAT
    naive_words: ClassVar[str] = "the value one beat ago"
    gap: ClassVar[bool] = True
    averaged: ClassVar[int] = BEAT // 4
    stands_for: ClassVar[str] = "Watching hearts, machines and accounts: an alarm when something is not as always."
    limits: ClassVar[str] = ("Real hearts beat faster and slower, and a patient is not watched with six beats that "
                             "somebody made up.")

    def series(self) -> np.ndarray:
        return _series(self.noise, self.data_seed)[0]

    def tolerance(self) -> float:
        return 4 * self.noise

    def naive(self, past: np.ndarray) -> np.ndarray:
        return past[:, -min(BEAT, self.window)]

    def bounds(self) -> tuple[float, float]:
        return -3.0, 3.0

    @property
    def example(self) -> str:
        return " ".join(f"{value:.2f}" for value in np.resize(_beat(), self.window))

    @property
    def groups(self) -> tuple[str, ...]:
        return str(_("usual")), str(_("strange"))

    @property
    def unusual(self) -> int | None:
        return 1

    def group_labels(self, split: SplitName) -> np.ndarray:
        """Whether a wrong beat is in what the network is given, or is to forecast."""
        wrong = np.lib.stride_tricks.sliding_window_view(_series(self.noise, self.data_seed)[1], self.window + 1)
        return np.array([wrong[place].any() for place in self.starts(split)], np.int64)


def _beat() -> np.ndarray:
    at = np.arange(BEAT)
    return sum((height * np.exp(-((at - middle) / width) ** 2 / 2) for middle, width, height in WAVES), np.zeros(BEAT))


@lru_cache(maxsize=8)
def _series(noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The values, and which of them belong to a wrong beat; both `(N,)`."""
    random = np.random.default_rng(seed)
    beats, wrong = np.tile(_beat(), (BEATS, 1)), np.zeros((BEATS, BEAT), bool)
    first = BEATS - Pulse.held_out // BEAT + 2  # with beats as usual before and between
    places = first + 6 * np.arange(STRANGE) + random.integers(0, 4, STRANGE)
    for number, place in enumerate(places):
        beats[place] = _wrong(KINDS[number % len(KINDS)])
        wrong[place] = True
    values = beats.ravel() + noise * random.standard_normal(beats.size)
    return values, wrong.ravel()


def _wrong(kind: str) -> np.ndarray:
    return {"missing": np.zeros(BEAT), "early": np.roll(_beat(), -5), "upside down": -_beat()}[kind]

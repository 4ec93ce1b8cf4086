"""Forecasting: from the last values of a series to the next one, and by feeding it back, to many."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.english import plural
from dlviz.memoize import memoize
from dlviz.shapes import Shape, Signature
from dlviz.tasks.base import Baseline, Data, SplitName
from dlviz.tasks.modality import Modality
from dlviz.tasks.sequence import SampleBatch, SequenceTask, split
from dlviz.translation import _, _n

Predict = Callable[[tuple[np.ndarray, ...]], np.ndarray]  # inputs without batch axis -> the network's numbers


@dataclass(frozen=True)
class ForecastWindow:
    """A piece of a series to be forecast, in people's units.

    Attributes:
        past: the window that is known `(window,)`.
        following: what really came after it; empty where nobody knows.
        steps: how many values are to be forecast.
    """

    past: np.ndarray
    following: np.ndarray
    steps: int


class Forecast(SequenceTask):
    """A series in the order of time: the network sees `window` values and says the next.

    The splits follow each other in time: first what is learned from, then validation, then test.
    """

    window: int = Field(default=24, ge=4, le=96, description="How many values it sees before it says the next.")
    modality: ClassVar[Modality] = Modality.SERIES
    held_out: ClassVar[int]  # values to be forecast in each of validation and test
    gap: ClassVar[bool] = False  # keep a window between the splits, so that they share no value at all
    horizon: ClassVar[int]  # how many values ahead are worth forecasting
    stands_for: ClassVar[str] = "Time-series forecasting: what comes next, when only the past is known."
    limits: ClassVar[str] = "Sales and weather hang on more than their own past; here there is nothing else."

    @property
    def forecast(self) -> Forecast:
        return self

    def series(self) -> np.ndarray:
        """All values `(N,)` float64, in people's units."""
        raise NotImplementedError

    def encoded(self, past: np.ndarray) -> np.ndarray:
        """Windows `(N, window)` as the network sees them, of about unit size."""
        return past

    def change(self, past: np.ndarray, following: np.ndarray) -> np.ndarray:
        """What the network is to say `(N,)` when `following` comes after `past`."""
        return following

    def value(self, past: np.ndarray, output: float) -> float:
        """What the network's number means in people's units, after one window."""
        return output

    naive_words: ClassVar[str] = ""  # what `naive` says, in words
    scale_words: ClassVar[str] = ""  # what the network's own numbers are, in words, where they are not people's units

    def naive(self, past: np.ndarray) -> np.ndarray:
        """What needs no learning: from windows `(N, window)` in people's units to the next values `(N,)`."""
        raise NotImplementedError

    def baseline(self) -> Baseline:
        return Baseline(_("naive forecast"), self.naive_words, **_naive(self))

    def signature(self) -> Signature:
        return Signature((("values", Shape("sequence", (self.window, 1))),), Shape("vector", (1,)), "mse",
                         _("the next value"), tolerance=self.tolerance())

    def tolerance(self) -> float:
        """How far off a forecast counts as right, in the network's numbers."""
        raise NotImplementedError

    def starts(self, name: SplitName) -> range:
        """Where in the series the windows of a split begin."""
        count, held, gap = len(self.series()), self.held_out, self.window if self.gap else 0
        test = count - self.window - held
        val = test - gap - held
        return {"train": range(val - gap), "val": range(val, val + held),
                "test": range(test, test + held)}[name]

    def past(self, name: SplitName, index: int) -> np.ndarray:
        """The window of a sample in people's units `(window,)`."""
        start = self.starts(name)[index]
        return self.series()[start:start + self.window]

    def target(self, name: SplitName, index: int, steps: int) -> np.ndarray:
        """What really came after a sample's window: `steps` values, or fewer at the end of the series."""
        start = self.starts(name)[index] + self.window
        return self.series()[start:start + steps]

    def forecast_window(self, name: SplitName, index: int) -> ForecastWindow:
        """A sample's window and what is to be forecast behind it."""
        return ForecastWindow(self.past(name, index), self.target(name, index, self.horizon), self.horizon)

    def time_labels(self, name: SplitName, index: int) -> tuple[str, ...]:
        """A word for each value of a sample's forecast window, the forecast ones included."""
        start = self.starts(name)[index]
        return tuple(str(at + 1) for at in range(start, start + self.window + self.horizon))

    def inputs(self, past: np.ndarray) -> tuple[np.ndarray, ...]:
        """A window in people's units as the network's inputs."""
        return (self.encoded(past[None])[0, :, None].astype(np.float32),)

    def data(self) -> Data:
        return _tensors(self)

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        return self.inputs(self.numbers(text))

    def numbers(self, text: str) -> np.ndarray:
        """What was typed, in people's units `(window,)`. TaskError for what is no number, or too many."""
        words = text.replace(",", " ").split()
        values = [self._number(word) for word in words]
        if len(values) != self.window:
            verb = plural(len(values), "was", "were")
            raise self.refuse(_n("takes {count:,} number", "takes {count:,} numbers", count=self.window),
                              _("{count} {verb} typed", count=len(values), verb=verb))
        return np.array(values)

    def _number(self, word: str) -> float:
        low, high = self.bounds()
        try:
            value = float(word)
        except ValueError:
            raise self.refuse(_("takes numbers"), _("{word!r} is none", word=word[:30])) from None
        if not low <= value <= high:
            raise self.refuse(_("takes numbers from {low:g} to {high:g}", low=low, high=high),
                              _("{word} is not between them", word=word[:30]))
        return value

    def bounds(self) -> tuple[float, float]:
        """The least and the greatest value that may be typed."""
        raise NotImplementedError

    def input_words(self, inputs: tuple[np.ndarray, ...]) -> tuple[tuple[str, ...], ...]:
        """How many steps ago each value was; the last is "now"."""
        return (*(tuple("now" if ago == 0 else f"-{ago}" for ago in range(len(x) - 1, -1, -1))
                  for x in inputs),)


@dataclass(frozen=True)
class Forecasts:
    """What a network says about a forecast window, in people's units.

    Attributes:
        one_step: each value after the window's own values so far, one more than `following` has, `steps` at most.
        many_steps: each value after its own forecasts so far, `(steps,)`.
    """

    one_step: np.ndarray
    many_steps: np.ndarray


def forecasts(task: Forecast, forecast_window: ForecastWindow, predict: Predict) -> Forecasts:
    """Both kinds of forecast; asks once for each value."""
    known = np.concatenate([forecast_window.past, forecast_window.following])
    count = min(len(forecast_window.following) + 1, forecast_window.steps)
    one_step = [_next(task, known[start:start + task.window], predict) for start in range(count)]
    return Forecasts(np.array(one_step), forecast(task, forecast_window.past, predict, forecast_window.steps))


def naive_forecasts(task: Forecast, forecast_window: ForecastWindow) -> Forecasts:
    """The same of the naive forecast: what a network has to beat."""
    known = np.concatenate([forecast_window.past, forecast_window.following])
    count = min(len(forecast_window.following) + 1, forecast_window.steps)
    one_step = [float(task.naive(known[None, start:start + task.window])[0]) for start in range(count)]
    ahead = list(forecast_window.past)
    for _step in range(forecast_window.steps):
        ahead.append(float(task.naive(np.array(ahead[-task.window:])[None])[0]))
    return Forecasts(np.array(one_step), np.array(ahead[len(forecast_window.past):]))


def _next(task: Forecast, window: np.ndarray, predict: Predict) -> float:
    return task.value(window, float(np.ravel(predict(task.inputs(window)))[0]))


def forecast(task: Forecast, past: np.ndarray, predict: Predict, steps: int) -> np.ndarray:
    """The next `steps` values in people's units, each forecast fed back as if it were true."""
    known = list(past)
    for _step in range(steps):
        known.append(_next(task, np.array(known[-task.window:]), predict))
    return np.array(known[len(past):])


@memoize(maxsize=8)
def _naive(task: Forecast) -> dict[str, float]:
    """How close the naive forecasts come, in the fields of a Baseline."""
    found = {}
    for name in ("val", "test"):
        past = np.stack([task.past(name, index) for index in range(task.size(name))])
        off = task.change(past, task.naive(past)) - getattr(task.data(), name).targets[:, 0].numpy()
        found |= {f"{name}_loss": float((off ** 2).mean()),
                  f"{name}_accuracy": float((np.abs(off) <= task.tolerance()).mean())}
    return found


@memoize(maxsize=8)
def _tensors(task: Forecast) -> Data:
    windows = np.lib.stride_tricks.sliding_window_view(task.series(), task.window + 1)
    past, following = windows[:, :-1], windows[:, -1]
    drawn = SampleBatch((task.encoded(past)[:, :, None].astype(np.float32),),
                  task.change(past, following)[:, None].astype(np.float32))
    parts = {name: task.starts(name) for name in ("train", "val", "test")}
    return Data(**{name: split(drawn, slice(part.start, part.stop)) for name, part in parts.items()})

"""A series with its forecasts: one step ahead after the true values, and many from the network's own answers."""
from __future__ import annotations

import numpy as np

from dlviz.figures.word_lines import WordLine
from dlviz.network import NetworkReport
from dlviz.tasks import Forecast, Task
from dlviz.tasks.forecast import Forecasts, ForecastWindow, naive_forecasts
from dlviz.translation import _, numeral
from dlviz.views.base import CaptureRequest, Choices, Drawing, Observation, Subject, View
from dlviz.views.lines import WordChart
from dlviz.views.question import SequenceInput
from dlviz.views.texts import texts


class ForecastView(View):
    key = "forecast"
    title = _("Forecast")
    sentence = _("The forecast of the network beside the values that followed.")
    words = _("""
The network is given the last values and predicts the next one. **One step ahead**: after each forecast it is
given the value that followed, and forecasts the next. **Multi-step**: it is given its own forecasts instead, so
their errors add up. A network that only repeats the last value looks good one step ahead and fails over many
steps. The **naive forecast** needs no learning: a network that does not beat it is of no use.
""")
    formula = (r"\hat{y}_{t+1} = f(y_{t-n+1}, \dots, y_t), \quad "
               r"\hat{y}_{t+2} = f(y_{t-n+2}, \dots, y_t, \hat{y}_{t+1})")
    icon = ":material/show_chart:"
    places = ("look",)
    order = 100

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return task.forecast is not None

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(forecasts=True)

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing | tuple[Drawing, ...]:
        series, window, found = subject.task.forecast, subject.asked.forecast_window, observation.answered.forecasts
        if series is None or window is None or found is None:
            return texts.APPEARS_FIRST_CAPTURE
        return chart(series, subject.asked, window, found).drawing()


def chart(task: Forecast, question: SequenceInput, forecast_window: ForecastWindow, found: Forecasts) -> WordChart:
    """Lines over the same steps, NaN where a line has no value."""
    window, length = len(forecast_window.past), len(forecast_window.past) + forecast_window.steps
    known = WordLine(texts.TARGET if len(forecast_window.following) else texts.KNOWN,
                     over(length, 0, np.concatenate([forecast_window.past, forecast_window.following])), "mark")
    one_step = WordLine(texts.ONE_STEP_AHEAD, over(length, window, found.one_step), "run-0")
    joined = np.concatenate([forecast_window.past[-1:], found.many_steps])
    many = WordLine(texts.MULTI_STEP, over(length, window - 1, joined), "path", "dash")
    simple = naive_forecasts(task, forecast_window)
    naive = WordLine(texts.NAIVE_ONE_STEP_AHEAD.format(method=task.naive_words),
                     over(length, window, simple.one_step), "good", "dot")
    title = texts.FORECASTS_IN.format(unit=task.unit) if task.unit else texts.FORECASTS
    return WordChart(title, list(question.moments),
                     [known, one_step, many, naive],
                     note(forecast_window, found, simple, bool(task.unit)), digits=task.decimals, start=window - 0.5)


def over(length: int, start: int, values: np.ndarray) -> np.ndarray:
    """`values` from `start` on among `length` places, NaN elsewhere."""
    found = np.full(length, np.nan)
    found[start:start + len(values)] = values
    return found


def note(forecast_window: ForecastWindow, found: Forecasts, simple: Forecasts, relative: bool) -> str:
    """How far off both kinds are on average, where the targets are known, and the naive forecast beside them."""
    count = len(forecast_window.following)
    if not count:
        return texts.TARGET_NOT_KNOWN_YET
    one, many, naive_one, naive_many = (_off(values[:count], forecast_window.following, relative)
                                        for both in (found, simple) for values in (both.one_step, both.many_steps))
    ahead = texts.STEPS_AHEAD(count)
    return texts.MEAN_ABSOLUTE_ERROR_ONE.format(one=one, steps_ahead=ahead, many=many, naive_one=naive_one,
                                                naive_many=naive_many)


def _off(values: np.ndarray, targets: np.ndarray, relative: bool) -> str:
    off = np.abs(values - targets)
    return numeral(f"{100 * (off / targets).mean():.1f} %" if relative else f"{off.mean():.2f}")

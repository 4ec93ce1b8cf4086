"""A series with its forecasts: one step ahead after the truth, and many from the network's own answers.

Turns what a run answered into a chart; asks for nothing itself.
"""
from __future__ import annotations

import numpy as np
import streamlit as st

from dlviz.figures.word_lines import WordLine
from dlviz.tasks import Forecast
from dlviz.tasks.forecast import Forecasts, ForecastWindow, naive_forecasts
from dlviz.training.events import QueryResult
from pages.ui.look import lines
from pages.ui.look.lines import LineChart
from pages.ui.look.texts import texts
from pages.ui.shared.sequence_question import SequenceInput

KEY = "look.forecast"


def show(task: Forecast, question: SequenceInput, answered: QueryResult, every: float) -> None:
    """The lines; while the run goes on, drawn anew each `every` seconds at most."""
    if answered.forecasts is None or question.forecast_window is None:
        st.caption(texts.APPEARS_FIRST_CAPTURE)
    else:
        lines.show(KEY, chart(task, question, question.forecast_window, answered.forecasts), every)


def chart(task: Forecast, question: SequenceInput, forecast_window: ForecastWindow, found: Forecasts) -> LineChart:
    """Lines over the same steps, NaN where a line has no value."""
    window, length = len(forecast_window.past), len(forecast_window.past) + forecast_window.steps
    known = WordLine(texts.TARGET if len(forecast_window.following) else texts.KNOWN,
                     placed(length, 0, np.concatenate([forecast_window.past, forecast_window.following])), "mark")
    one_step = WordLine(texts.ONE_STEP_AHEAD, placed(length, window, found.one_step), "run-0")
    joined = np.concatenate([forecast_window.past[-1:], found.many_steps])
    many = WordLine(texts.MULTI_STEP, placed(length, window - 1, joined), "path", "dash")
    simple = naive_forecasts(task, forecast_window)
    naive = WordLine(texts.NAIVE_ONE_STEP_AHEAD.format(method=task.naive_words),
                     placed(length, window, simple.one_step), "good", "dot")
    title = texts.FORECASTS_IN.format(unit=task.unit) if task.unit else texts.FORECASTS
    return LineChart(title, list(question.moments),
                     [known, one_step, many, naive],
                     note(forecast_window, found, simple, bool(task.unit)), digits=task.decimals, start=window - 0.5)


def placed(length: int, start: int, values: np.ndarray) -> np.ndarray:
    """`values` from `start` on among `length` places, NaN elsewhere."""
    found = np.full(length, np.nan)
    found[start:start + len(values)] = values
    return found


def note(forecast_window: ForecastWindow, found: Forecasts, simple: Forecasts, relative: bool) -> str:
    """How far off both kinds are on average, where the truth is known, and the naive forecast beside them."""
    count = len(forecast_window.following)
    if not count:
        return texts.TARGET_NOT_KNOWN_YET
    one, many, naive_one, naive_many = (_off(said[:count], forecast_window.following, relative)
                                        for both in (found, simple) for said in (both.one_step, both.many_steps))
    ahead = texts.STEPS_AHEAD.format(count=count) if count > 1 else texts.ONE_STEP_AHEAD
    return texts.MEAN_ABSOLUTE_ERROR_ONE.format(one=one, steps_ahead=ahead, many=many, naive_one=naive_one,
                                                naive_many=naive_many)


def _off(said: np.ndarray, truth: np.ndarray, relative: bool) -> str:
    off = np.abs(said - truth)
    return f"{100 * (off / truth).mean():.1f} %" if relative else f"{off.mean():.2f}"

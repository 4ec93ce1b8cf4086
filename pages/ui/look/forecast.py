"""A series with its forecasts: one step ahead after the truth, and many from the network's own answers.

Turns what a run answered into the plain data of the component `look`; asks for nothing itself.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from dlviz.figures import packing
from dlviz.tasks import Forecast
from dlviz.tasks.forecast import Forecasts, Stretch, naive_forecasts
from dlviz.training.events import Answered
from pages.ui.look.texts import texts
from pages.ui.shared import sequence_answer
from pages.ui.shared.sequence_question import Question

KEY = "look.forecast"
Json = dict[str, Any]


def show(task: Forecast, question: Question, answered: Answered) -> None:
    if answered.forecasts is None or question.stretch is None:
        st.caption(texts.APPEARS_FIRST_CAPTURE)
    else:
        sequence_answer.mount(KEY, payload(task, question, question.stretch, answered.forecasts))


def payload(task: Forecast, question: Question, stretch: Stretch, found: Forecasts) -> Json:
    """What is sent: lines over the same moments, NaN where a line has no value."""
    window, length = len(stretch.past), len(stretch.past) + stretch.steps
    truth = line(texts.TARGET if len(stretch.following) else "known", "truth", length, 0,
                 np.concatenate([stretch.past, stretch.following]))
    one_step = line(texts.ONE_STEP_AHEAD, "one", length, window, found.one_step)
    joined = np.concatenate([stretch.past[-1:], found.many_steps])
    many = line(texts.MULTI_STEP, "many", length, window - 1, joined)
    simple = naive_forecasts(task, stretch)
    naive = line(texts.NAIVE_ONE_STEP_AHEAD.format(method=task.naive_words), "naive", length, window, simple.one_step)
    return {"view": "lines", "title": texts.FORECASTS_IN.format(unit=task.unit) if task.unit else texts.FORECASTS,
            "words": list(question.moments), "series": [truth, one_step, many, naive], "log": False,
            "digits": task.digits, "start": window - 0.5, "note": note(stretch, found, simple, bool(task.unit))}


def line(name: str, look: str, length: int, start: int, values: np.ndarray) -> Json:
    """One line of the component's chart: `values` from `start` on, among `length` places."""
    whole = np.full(length, np.nan)
    whole[start:start + len(values)] = values
    return {"name": name, "look": look, "values": packing.floats(whole)}


def note(stretch: Stretch, found: Forecasts, simple: Forecasts, relative: bool) -> str:
    """How far off both kinds are on average, where the truth is known, and the naive forecast beside them."""
    count = len(stretch.following)
    if not count:
        return texts.TARGET_NOT_KNOWN_YET
    one, many, naive_one, naive_many = (_off(said[:count], stretch.following, relative)
                                        for both in (found, simple) for said in (both.one_step, both.many_steps))
    ahead = texts.STEPS_AHEAD.format(count=count) if count > 1 else texts.ONE_STEP_AHEAD
    return texts.MEAN_ABSOLUTE_ERROR_ONE.format(one=one, steps_ahead=ahead, many=many, naive_one=naive_one,
                                                naive_many=naive_many)


def _off(said: np.ndarray, truth: np.ndarray, relative: bool) -> str:
    off = np.abs(said - truth)
    return f"{100 * (off / truth).mean():.1f} %" if relative else f"{off.mean():.2f}"

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
from pages.ui.shared import sequence_answer
from pages.ui.shared.sequence_question import Question

KEY = "look.forecast"
Json = dict[str, Any]


def show(task: Forecast, question: Question, answered: Answered) -> None:
    if answered.forecasts is None or question.stretch is None:
        st.caption("It comes with the first look at the network.")
    else:
        sequence_answer.mount(KEY, payload(task, question, question.stretch, answered.forecasts))


def payload(task: Forecast, question: Question, stretch: Stretch, found: Forecasts) -> Json:
    """What is sent: lines over the same moments, NaN where a line has no value."""
    window, length = len(stretch.past), len(stretch.past) + stretch.steps
    truth = line("what really came" if len(stretch.following) else "known", "truth", length, 0,
                 np.concatenate([stretch.past, stretch.following]))
    one_step = line("one step ahead", "one", length, window, found.one_step)
    joined = np.concatenate([stretch.past[-1:], found.many_steps])
    many = line("from its own answers", "many", length, window - 1, joined)
    simple = naive_forecasts(task, stretch)
    naive = line(f"naive, one step ahead: {task.naive_words}", "naive", length, window, simple.one_step)
    return {"view": "lines", "title": f"Forecasts in {task.unit}" if task.unit else "Forecasts",
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
        return "Nobody knows yet what comes next, so there is nothing to judge it by."
    one, many, naive_one, naive_many = (_off(said[:count], stretch.following, relative)
                                        for both in (found, simple) for said in (both.one_step, both.many_steps))
    ahead = f"{count} steps ahead" if count > 1 else "one step ahead"
    return (f"When it is told the truth after each step, it is off by {one} on average. When it has to go on "
            f"from its own answers, {ahead}, by {many}. The naive forecast, which learns nothing, is off by {naive_one} "
            f"and {naive_many}.")


def _off(said: np.ndarray, truth: np.ndarray, relative: bool) -> str:
    off = np.abs(said - truth)
    return f"{100 * (off / truth).mean():.1f} %" if relative else f"{off.mean():.2f}"

"""Takes another value of a weight or a reward from a view's script to the run, each wish once.

A browser can send anything.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from dlviz import settings
from dlviz.errors import RunError
from dlviz.training.control import SetReward, SetWeight
from pages.ui.shared import shell, state

AXES = 8  # of a tensor
SHORT = 60  # of the number of a wish
HUGE = 1e300  # a browser's number may be one that is none here


@dataclass
class _LastEdit:
    """The wish that was taken last: a script's value stays until it sets another one."""

    number: str = ""


def take(run: str, answer: Any) -> None:
    """Ask the run for what a new answer wishes; a refusal is shown as a message."""
    last, found = state.session_value("weight_edit", _LastEdit), read(run, answer)
    if found is None or last.number == found[0]:
        return
    last.number = found[0]
    try:
        state.service().post(run, found[1], state.visitor())
    except RunError as error:
        st.toast(shell.plain(error.sentence), icon=":material/error:")


def read(run: str, answer: Any) -> tuple[str, SetWeight | SetReward] | None:
    """Its number and the message; None for what is no such wish, or is of another run that was shown before."""
    match answer:
        case {"id": str(number), "run": of, "name": str(name), "index": [*index], "value": int() | float() as value}:
            placed = 0 < len(index) <= AXES and all(type(at) is int for at in index)
            short = len(number) < SHORT and len(name) < 2 * settings.MAX_NAME
            if of == run and placed and short and type(value) is not bool and -HUGE < value < HUGE:
                return number, SetWeight(name, tuple(index), float(value))
        case {"id": str(number), "run": of, "row": int(row), "column": int(column), "value": int() | float() as value}:
            plain = all(type(each) is not bool for each in (row, column, value))
            if of == run and len(number) < SHORT and plain and -HUGE < value < HUGE:
                return number, SetReward(row, column, float(value))
    return None

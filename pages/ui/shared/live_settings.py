"""Numbers of a run that can be changed while it trains, such as the learning rate: a field each, a change a message."""
from __future__ import annotations

import math

import streamlit as st

from dlviz.optimizers import LIVE
from dlviz.translation import at_start
from pages.ui.shared import run_actions
from pages.ui.shared.texts import texts


def number(run: str, name: str, value: float, place: str = "run") -> None:
    """A number of its own for each value in force; `place` tells apart the pages that show it.

    Were one number set anew by the page, a tick on its way from the browser would carry its old value, and
    that would count as the user's wish. The highest value is the service's to say, in a sentence.
    """
    key = f"{place}.set.{name}.{run}.{value!r}.{run_actions.refusal_count()}"
    step = LIVE[name].step or (rate_step(value) if value > 0 else 0.0001)
    st.number_input(at_start(LIVE[name].title), 0.0, value=float(value), key=key, step=step, format="%g",
                    on_change=_take, args=(run, name, key, value), width=140, help=texts.TAKES_EFFECT_NEXT_BATCH)


def rate_step(rate: float) -> float:
    """What one press of + or - changes: 0.02 -> 0.01, and 0.01 -> 0.001, so that it never lands on zero."""
    return 10.0 ** (math.ceil(math.log10(rate) - 1e-9) - 1)


def _take(run: str, name: str, key: str, drawn: float) -> None:
    """Back to what the number was drawn with is no wish: a late message of a page that has moved on since."""
    if st.session_state[key] not in (None, drawn):
        run_actions.change(run, name, st.session_state[key])

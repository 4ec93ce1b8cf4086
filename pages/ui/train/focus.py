"""Which run the Train page shows: the one in the address, else a live one, else the design in hand."""
from __future__ import annotations

import streamlit as st

from dlviz.runs.info import RunInfo
from pages.ui.shared import state
from pages.ui.shared.run_actions import NEW


def chosen() -> RunInfo | None:
    """The run to show, or None for the design in hand. RunError for an address that names no run.

    A visit without an address gets the run in focus, unless that is over and the design has moved on since.
    """
    asked = st.query_params.get("run")
    if asked == NEW:
        return None
    if asked:
        state.service().get(asked)
    info = state.focus()
    if info is None or (not asked and info.over and not same_design(info)):
        return None
    if info.id != asked:
        state.set_focus(info.id)
    return info


def same_design(info: RunInfo) -> bool:
    """Whether the design in hand is the run's, whatever it is called."""
    return state.design().experiment.trains_as(info.experiment)


def latest() -> RunInfo | None:
    """The visitor's newest run, if there is one."""
    runs = state.service().list(state.visitor())
    return runs[0] if runs else None



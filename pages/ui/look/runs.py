"""Which run the Look page looks into: the visitor's runs on tasks over symbols and time. One select."""
from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dlviz import tasks
from dlviz.errors import RunError
from dlviz.runs.info import RunInfo
from dlviz.tasks import SequenceTask
from pages.ui.look.texts import texts
from pages.ui.shared import state
from pages.ui.shared.run_picker import titles

KEY = "look.run"


def choose() -> RunInfo | None:
    """The run to look into, or None when the visitor has none on sequences. Offers the address's, too."""
    runs = [run for run in state.service().list(state.visitor()) if over_sequences(run)]
    asked = _asked()
    if asked and over_sequences(asked) and all(run.id != asked.id for run in runs):
        runs.insert(0, asked)
    if not runs:
        return None
    by_id = {run.id: run for run in runs}
    labels = titles(runs)
    if st.session_state.get(KEY) not in by_id:
        focus = state.focus()
        st.session_state[KEY] = default(runs, asked.id if asked else focus.id if focus else None).id
    picked = st.selectbox(texts.RUN, list(by_id), key=KEY,
                          format_func=labels.__getitem__,
                          on_change=lambda: state.set_focus(st.session_state[KEY]), width=320)
    return by_id[picked]


def default(runs: Sequence[RunInfo], focus: str | None) -> RunInfo:
    """The one in focus, else the newest. `runs` are the newest first."""
    return next((run for run in runs if run.id == focus), runs[0])


def another(run: RunInfo) -> bool:
    """Whether another run than this one has been chosen."""
    return st.session_state.get(KEY, run.id) != run.id


def over_sequences(run: RunInfo) -> bool:
    return issubclass(tasks.TASKS.get(run.experiment.task.name, object), SequenceTask)


def task_of(run: RunInfo) -> SequenceTask:
    task = tasks.get(run.experiment.task.name, run.experiment.task.fields)
    assert isinstance(task, SequenceTask)
    return task


def _asked() -> RunInfo | None:
    run = st.query_params.get("run")
    try:
        return state.service().get(run) if run else None
    except RunError:
        return None

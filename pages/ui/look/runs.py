"""Which run the Look page looks into: the visitor's runs on symbols, time and points, not on images. One select."""
from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dlviz import tasks
from dlviz.runs.info import RunInfo
from dlviz.tasks import Modality, Task
from pages.ui.shared import run_picker, state

KEY = "look.run"


def choose() -> RunInfo | None:
    """The run to look into, or None when the visitor has none of the kind. Offers the address's, too."""
    runs = run_picker.available(without_images)
    if not runs:
        return None
    first = run_picker.in_address() or state.focus()
    return run_picker.pick(KEY, runs, lambda: default(list(runs.values()), first and first.id).id)


def default(runs: Sequence[RunInfo], focus: str | None) -> RunInfo:
    """The one in focus, else the newest. `runs` are the newest first."""
    return next((run for run in runs if run.id == focus), runs[0])


def another(run: RunInfo) -> bool:
    """Whether another run than this one has been chosen."""
    return st.session_state.get(KEY, run.id) != run.id


def without_images(run: RunInfo) -> bool:
    declared = tasks.TASKS.get(run.experiment.task.name)
    return declared is not None and declared.modality is not Modality.IMAGE


def task_of(run: RunInfo) -> Task:
    return tasks.get(run.experiment.task.name, run.experiment.task.fields)

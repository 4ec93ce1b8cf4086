"""A place with no run to show: what is missing, and what fills it. Another run, a preset to train, the Workbench."""
from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dlviz import presets, tasks
from dlviz.presets import Preset
from dlviz.runs import trained
from dlviz.runs.info import RunInfo
from dlviz.spec import Experiment
from dlviz.tasks import Task
from pages.ui.shared import places, run_actions, run_picker, shell, state
from pages.ui.shared.texts import texts
from pages.ui.shared.welcome_texts import texts as welcome_texts

MOST = 3  # networks that come trained, in one offer


def task_of(experiment: Experiment) -> Task:
    return tasks.get(experiment.task.name, experiment.task.fields)


def empty(title: str, what_to_do: str, suits: Callable[[Task], bool] = places.any_task) -> None:
    """Say so, and offer the newest run that has learned on a task that `suits`, else a preset on one."""
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(f"#### {title}", text_alignment="center")
        st.caption(what_to_do, text_alignment="center")
        if not _learned(suits):
            trained_networks(suits)
        with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
            _offer(suits)
            st.page_link(f"pages/{places.WORKBENCH}.py", label=texts.PLACES[places.WORKBENCH],
                         icon=":material/arrow_forward:")


def _offer(suits: Callable[[Task], bool]) -> None:
    run, preset = _learned(suits), _preset(suits)
    if run:
        st.button(texts.OPEN_RUN.format(name=shell.plain(run.name)), key="offers.run", icon=":material/visibility:",
                  on_click=state.set_focus, args=(run.id,))
    elif preset:
        st.button(texts.TRAIN_PRESET.format(name=shell.plain(preset.title)), key="offers.preset",
                  icon=":material/play_arrow:", on_click=run_actions.start, args=(preset.named,))


def trained_networks(suits: Callable[[Task], bool] = places.any_task) -> None:
    """Some that come trained, where any suits."""
    found = [one for one in trained.shipped() if suits(task_of(one.experiment))][:MOST]
    if not found:
        return
    st.caption(welcome_texts.TRAINED_READY, text_alignment="center")
    with st.container(horizontal=True, horizontal_alignment="center"):
        for preset in found:
            st.button(shell.plain(preset.title), key=f"offers.trained.{preset.key}", icon=":material/visibility:",
                      help=welcome_texts.TRAINED_READY_WHY, type="primary" if preset is found[0] else "secondary",
                      on_click=run_actions.open_trained, args=(preset.key,))


def _learned(suits: Callable[[Task], bool]) -> RunInfo | None:
    runs = state.service().list(state.visitor())
    return next((run for run in runs if run_picker.has_weights(run) and suits(task_of(run.experiment))), None)


def _preset(suits: Callable[[Task], bool]) -> Preset | None:
    """The first that could start now: its data is here."""
    for preset in presets.PRESETS.values():
        task = task_of(preset.experiment)
        if suits(task) and task.ready():
            return preset
    return None

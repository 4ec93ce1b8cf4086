"""The Train page before a run: the design in hand in one line, how it is to be trained, and the button."""
from __future__ import annotations

from typing import Literal

import streamlit as st

from dlviz import network as net
from dlviz import settings, tasks
from dlviz.network import NetworkReport, causality
from dlviz.runs.info import RunInfo
from dlviz.spec import Experiment
from dlviz.tasks import Task
from dlviz.training.control import Advance
from pages.ui.shared import device_choice, fetch, first_weights, shell, state
from pages.ui.shared.run_actions import start, with_refusals
from pages.ui.shared.run_words import samples
from pages.ui.train.settings_form import settings_form
from pages.ui.train.texts import texts

NAME = "setup.name"


def show(last: RunInfo | None) -> None:
    """The design in hand, ready to train; `last` is the visitor's newest run, one click away."""
    experiment = state.design().experiment
    _title(experiment, last)
    task, report = _checked(experiment)
    st.caption(_chain(experiment))
    with st.container(border=True):
        st.markdown(texts.TRAINING_SETTINGS)
        settings_form()
        if report.ok:
            first_weights.choose(state.design())
            device_choice.choose()
    if fetch.offer_download(task):
        _buttons(experiment, task, report)


def _title(experiment: Experiment, last: RunInfo | None) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if st.session_state.get(NAME) != experiment.name:
            st.session_state[NAME] = experiment.name
        st.text_input(texts.NAME_RUN, key=NAME, max_chars=settings.MAX_NAME, on_change=_rename, width=340)
        st.space("stretch")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            st.page_link("pages/build.py", label=texts.EDIT_THE_NETWORK, icon=":material/account_tree:")
            if last:
                st.button(texts.BACK_LAST_RUN, icon=":material/show_chart:", on_click=state.set_focus,
                          args=(last.id,), type="tertiary", help=shell.plain(last.name))


@with_refusals
def _rename() -> None:
    experiment = state.design().experiment
    name = st.session_state[NAME].strip()
    if name and name.isprintable():
        state.design().replace(experiment.model_copy(update={"name": name}))


def _checked(experiment: Experiment) -> tuple[Task, NetworkReport]:
    """The task and what `check` says; what is wrong is said here, with the way to mend it."""
    task = tasks.get(experiment.task.name, experiment.task.fields)
    report = net.check(experiment.network, task.signature(), experiment.training.batch_size)
    with shell.show_errors():
        experiment.training.require(task.signature())
    for error in report.errors[:3]:
        st.error(shell.plain(error.sentence), icon=":material/error:")
    peeking = causality.peeking(experiment.network, task.signature())
    for error in peeking.values():
        st.warning(shell.plain(error.sentence), icon=":material/visibility:")
    if report.errors or peeking:
        st.page_link("pages/build.py", label=texts.FIX_WORKBENCH, icon=":material/arrow_forward:")
    return task, report


def _chain(experiment: Experiment) -> str:
    """The layers in a row, as they follow each other."""
    kinds = [layer.kind for layer in experiment.network.layers]
    shown = kinds if len(kinds) <= 16 else [*kinds[:12], texts.MORE.format(count=len(kinds) - 15), *kinds[-3:]]
    return " → ".join(shell.plain(kind) for kind in shown)


def _buttons(experiment: Experiment, task: Task, report: NetworkReport) -> None:
    ready = report.ok
    begin = {"weights_from": first_weights.chosen(state.design())}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(texts.TRAIN, key="setup.train", type="primary", icon=":material/play_arrow:",
                  disabled=not ready, on_click=start, args=(experiment,), kwargs=begin, width=200)
        buttons: tuple[tuple[Literal["batch", "epoch"], str, str], ...] = (
            ("batch", texts.ONE_BATCH, ":material/skip_next:"),
            ("epoch", texts.ONE_EPOCH, ":material/fast_forward:"))
        for by, label, icon in buttons:
            st.button(label, key=f"setup.{by}", icon=icon, disabled=not ready, on_click=start,
                      args=(experiment,), kwargs=begin | {"by": Advance(by)},
                      help=texts.TRAIN_ONE_THEN_PAUSE.format(by=by))
        if ready:
            st.caption(_plan(experiment, task, report))


def _plan(experiment: Experiment, task: Task, report: NetworkReport) -> str:
    spec = experiment.training
    if not task.supervised:
        return texts.PLAN_OF_GAMES.format(title=task.title, parameters=shell.short(report.parameters),
                                          epochs=texts.NUMBER_OF_EPOCHS(spec.epochs), batch=spec.batch_size,
                                          steps=texts.NUMBER_OF_STEPS(spec.steps_per_epoch(None)),
                                          samples=spec.algorithm.samples)
    count = max(1, round(spec.train_fraction * task.size("train")))
    steps = spec.steps_per_epoch(task.size("train"))
    return texts.PLAN.format(title=task.title, parameters=shell.short(report.parameters),
                             epochs=texts.NUMBER_OF_EPOCHS(spec.epochs), steps=texts.NUMBER_OF_STEPS(steps),
                             total=count, samples=samples(experiment))

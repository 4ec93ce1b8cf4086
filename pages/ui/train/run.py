"""A run in focus: its name and state, what can be done with it now. What moves is drawn by `live`."""
from __future__ import annotations

import streamlit as st

from dlviz.runs.info import RunInfo, Snapshot
from dlviz.training.control import Advance, Message, Pause, Resume, Stop
from pages.ui.shared import envelope, first_weights, live, live_settings, run_actions, run_words, scores, shell, state
from pages.ui.shared.run_words import explanation, in_force, state_words
from pages.ui.train import export, schedule, verdict
from pages.ui.train.texts import texts

FACTORS = ((0.1, "÷ 10"), (1 / 3, "÷ 3"), (3.0, "× 3"), (10.0, "× 10"))


def show(info: RunInfo) -> None:
    """The whole page of a run, for its owner; others may watch."""
    mine = info.owner == state.visitor()
    snapshot = live.first(info.id)
    info = snapshot.info
    _header(info)
    with st.container(horizontal=True, vertical_alignment="center", key="run.text"):
        _say(snapshot)
        if info.over and mine:
            _ended(info)
            envelope.show(info)
    first_weights.origin(info)
    if edited := run_words.edited(snapshot):
        st.caption(f":material/edit: {edited}")
    if not mine:
        st.caption(texts.SOMEBODY_ELSES)
    elif not info.over:
        with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
            _controls(info)
            _changes(snapshot)
    if info.over and state.service().scrubber.thinned(info.id):
        st.caption(texts.THINNED)
    live.show(snapshot, mine)


def _header(info: RunInfo) -> None:
    words = state_words(info.state)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(shell.plain(info.name), anchor=False, width="content")
        st.badge(words.word, icon=words.icon, color=words.color)
        st.space("stretch")
        if info.step:
            export.popover(info)
        if st.button(texts.COPY_TO_WORKBENCH, icon=":material/account_tree:", key="run.from", type="tertiary",
                     help=texts.OPEN_RUN_S_NETWORK):
            run_actions.starting_point(info)
        st.button(texts.NEW_RUN, key="run.new", icon=":material/add:", on_click=run_actions.new,
                  type="tertiary", help=texts.SET_UP_NEW_RUN)


def _say(snapshot: Snapshot) -> None:
    info = snapshot.info
    text = " ".join(filter(None, (explanation(info), scores.ended(snapshot))))
    if not text:
        return
    if info.state in ("diverged", "failed"):
        st.error(shell.plain(text), icon=":material/error:")
    elif info.state == "done" and scores.leakage_text(info):
        st.warning(shell.plain(text), icon=":material/visibility:")
    elif info.state == "done" and verdict.is_good(info):
        st.success(shell.plain(text), icon=":material/flag:")
    elif info.state == "done":
        st.info(shell.plain(text), icon=":material/flag:")
    else:
        st.caption(shell.plain(text))


def _controls(info: RunInfo) -> None:
    """Buttons for a run that is not over; only what makes sense now can be pressed."""
    paused, waiting = info.state == "paused", info.state in ("queued", "starting")
    with st.container(horizontal=True, gap="small", width="content", key="run.controls"):
        if paused:
            _button(info, texts.RESUME, "play_arrow", Resume(), texts.CONTINUE_PLANNED_END, primary=True)
        else:
            _button(info, texts.PAUSE, "pause", Pause(), texts.PAUSE_AFTER_BATCH, primary=True)
        _button(info, texts.ONE_BATCH, "skip_next", Advance("batch"), texts.ONE_OPTIMIZER_STEP_THEN,
                waiting)
        _button(info, texts.ONE_EPOCH, "fast_forward", Advance("epoch"), texts.END_EPOCH_THEN_PAUSE,
                waiting)
        _button(info, texts.STOP, "stop", Stop(), texts.END_RUN_NOW_WEIGHTS)
        _start_over(info, texts.START_OVER)


def _ended(info: RunInfo) -> None:
    with st.container(horizontal=True, gap="small", width="content", key="run.controls"):
        _start_over(info, texts.TRAIN_AGAIN, primary=info.state == "done")
        if info.state in ("stopped", "failed"):
            _button(info, texts.RESUME, "play_arrow", Resume(), texts.CONTINUE_FROM_LAST_WEIGHTS, primary=True)
        if info.state == "diverged":
            _gentler(info)


def _button(info: RunInfo, label: str, icon: str, message: Message, what: str, disabled: bool = False,
            primary: bool = False) -> None:
    st.button(label, key=f"run.{label}", icon=f":material/{icon}:", help=what, disabled=disabled,
              type="primary" if primary else "secondary", on_click=run_actions.post,
              args=(info.id, message))


def _start_over(info: RunInfo, label: str, primary: bool = False) -> None:
    st.button(label, key="run.over", icon=":material/replay:", type="primary" if primary else "secondary",
              on_click=run_actions.start, args=(info.experiment, info.id),
              help=texts.NEW_RUN_SAME_NETWORK)


def _gentler(info: RunInfo) -> None:
    """After a divergence: the same again with a tenth of the learning rate."""
    training = info.experiment.training
    rate = float(f"{training.optimizer.learning_rate / 10:.3g}")
    optimizer = training.optimizer.model_copy(update={"learning_rate": rate})
    training = training.model_copy(update={"optimizer": optimizer})
    experiment = info.experiment.model_copy(update={"training": training})
    st.button(texts.TRY_LEARNING_RATE.format(learning_rate=rate), key="run.gentler", type="primary",
              icon=":material/healing:", on_click=run_actions.start, args=(experiment, info.id))


def _changes(snapshot: Snapshot) -> None:
    """What can be changed while the run trains; each change is marked on the curves."""
    info = snapshot.info
    values = in_force(info.experiment.training, snapshot.marks)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", width="content",
                      key="run.changes"):
        for name, value in values.items():
            live_settings.number(info.id, name, value)
            if name == "learning_rate":
                for factor, label in FACTORS:
                    new = float(f"{value * factor:.2g}")
                    st.button(label, key=f"run.rate.{label}", disabled=not new, on_click=run_actions.change,
                              args=(info.id, name, new), help=texts.FROM_NEXT_BATCH.format(new=new))
                schedule.popover(snapshot)

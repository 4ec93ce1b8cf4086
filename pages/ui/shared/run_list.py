"""The visitor's runs, one row each: what they are, how they went, what can be done with them."""
from __future__ import annotations

import time
from functools import lru_cache

import streamlit as st

from dlviz import english, tasks
from dlviz import network as net
from dlviz.errors import RunError
from dlviz.figures.sparkline import sparkline
from dlviz.runs.info import RunInfo
from dlviz.spec import Experiment, NetworkSpec, TaskSpec
from pages.ui.shared import run_actions, runs_dialogs, scores, shell, state
from pages.ui.shared.curves import RUN_COLORS
from pages.ui.shared.envelope_texts import texts as envelope_texts
from pages.ui.shared.run_words import state_words
from pages.ui.shared.texts import texts

WIDTHS = [0.3, 3.2, 5.4, 1.1, 0.45]  # chosen, name and facts, how it goes, when, menu
INNER = [1.5, 1.5, 1.1, 1.1]  # of how it goes: state, curve, validation, test
AT_ONCE = 30  # rows before "Show more"
EVERY = 1.0  # seconds between two looks at a run that lives
MOST = len(RUN_COLORS) - 2  # runs compared in one chart
COLOR = "#6C7FE4"  # of small curves, between the blues of the light and of the dark theme


def show(runs: tuple[RunInfo, ...]) -> None:
    """All rows, the newest first, and the button that compares those chosen."""
    shown = runs[:st.session_state.get("runs.shown", AT_ONCE)]
    _head(shown)
    with st.container(gap="xsmall", key="runs"):
        with st.container(key="runs.titles"):
            _titles()
        for info in shown:
            _row(info)
    if len(runs) > len(shown):
        st.button(texts.SHOW_MORE.format(count=len(runs) - len(shown)), on_click=_more, args=(len(shown),),
                  type="tertiary")


def _more(shown: int) -> None:
    st.session_state["runs.shown"] = shown + AT_ONCE


def _head(runs: tuple[RunInfo, ...]) -> None:
    chosen = [info.id for info in runs if st.session_state.get(f"runs.pick.{info.id}")]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(texts.RUNS, anchor=False, width="content")
        st.space("stretch")
        st.caption(_advice(len(chosen)), width="content")
        st.button(texts.COMPARE if len(chosen) < 2 else texts.COMPARE_RUNS.format(count=len(chosen)),
                  key="runs.compare",
                  icon=":material/stacked_line_chart:", type="primary", disabled=not 2 <= len(chosen) <= MOST,
                  on_click=_compare, args=(chosen,))


def _advice(count: int) -> str:
    if count > MOST:
        return texts.MOST_RUNS_FIT_ONE.format(most=MOST)
    return texts.SELECT_TWO_OR_MORE if count < 2 else ""


def _compare(chosen: list[str]) -> None:
    st.query_params["compare"] = ".".join(chosen)


def _titles() -> None:
    _, name, going, when, _ = st.columns(WIDTHS, vertical_alignment="bottom")
    name.caption(texts.NAME)
    for column, title in zip(going.columns(INNER), (texts.STATE, texts.TRAINING_LOSS, texts.VALIDATION, texts.TEST)):
        column.caption(title)
    when.caption(texts.STARTED)


def _row(info: RunInfo) -> None:
    pick, name, going, when, menu = st.columns(WIDTHS, vertical_alignment="center")
    pick.checkbox(texts.COMPARE_2.format(name=shell.spoken(info.name)), key=f"runs.pick.{info.id}",
                  label_visibility="collapsed")
    with name.container(gap=None):
        st.page_link("pages/train.py", label=f"**{shell.plain(info.name)}**", query_params={"run": info.id})
        st.caption(_facts(info))
        if scores.leakage_text(info):
            st.caption(texts.SEES_ITS_TARGETS)
    with going:
        every = None if info.over else EVERY
        st.fragment(_going, run_every=every, key=f"runs.going.{info.id}")(info.id, info.state)
    when.caption(ago(time.time() - info.created))
    with menu:
        actions = {label: action for action, label in texts.RUN_MENU.items()}
        asked = st.menu_button("", list(actions), key=f"runs.menu.{info.id}", icon=":material/more_vert:",
                               type="tertiary", help=texts.MORE)
    if asked:
        _do(actions[asked], info)


def _do(action: str, info: RunInfo) -> None:
    match action:
        case "open":
            st.switch_page("pages/train.py", query_params={"run": info.id})
        case "rename":
            runs_dialogs.rename(info)
        case "copy":
            run_actions.starting_point(info)
        case "delete":
            runs_dialogs.delete(info)


def _going(run: str, drawn: str) -> None:
    """The moving part of a row."""
    try:
        info = state.service().get(run)
    except RunError:
        state.draw_page()  # deleted in another tab
    badge, curve, val, test = st.columns(INNER, vertical_alignment="center")
    words = state_words(info.state)
    fraction = f" {english.percent(info.step / info.planned_steps, 0)}" if info.step and not info.over else ""
    badge.badge(words.word + fraction, icon=words.icon, color=words.color)
    picture = _curve(info)
    if picture:
        curve.image(picture, alt=texts.TRAINING_LOSS_OF.format(name=info.name))
    val.markdown(percent(info.val_accuracy))
    test.markdown(test_score(info))
    if info.over and info.state != drawn:
        state.draw_page()


def _curve(info: RunInfo) -> str:
    """The training loss as a small picture, drawn anew only when there are new steps."""
    drawn: dict[str, tuple[int, str]] = state.session_value("sparklines", dict)
    if info.id not in drawn or drawn[info.id][0] != info.step:
        train = state.service().snapshot(info.id).train
        drawn[info.id] = (info.step, sparkline(train["step"], train["loss"], info.planned_steps, COLOR))
    return drawn[info.id][1]


def _facts(info: RunInfo) -> str:
    training = info.experiment.training
    title = tasks.TASKS[info.experiment.task.name].title if info.experiment.task.name in tasks.TASKS else "?"
    count = parameters(info.experiment)
    epochs = texts.EPOCHS(training.epochs)
    return texts.RUN_FACTS.format(title=title, parameters=shell.short(count), epochs=epochs,
                                  kind=training.optimizer.kind, learning_rate=training.optimizer.learning_rate)


def parameters(experiment: Experiment) -> int:
    """How many weights a design has. Remembered: the check of a network costs some milliseconds."""
    return _parameters(experiment.network.model_dump_json(), experiment.task.model_dump_json())


@lru_cache(maxsize=512)
def _parameters(network: str, task: str) -> int:
    spec = TaskSpec.model_validate_json(task)
    signature = tasks.get(spec.name, spec.fields).signature()
    return net.check(NetworkSpec.model_validate_json(network), signature).parameters


def percent(fraction: float | None) -> str:
    return "–" if fraction is None else english.percent(fraction)


def test_score(info: RunInfo) -> str:
    """What it reached on the test split; a word where that is sealed."""
    return envelope_texts.SEALED_SHORT if info.sealed and info.state == "done" else percent(info.test_accuracy)


def ago(seconds: float) -> str:
    """'just now', '5 min ago', '2 h ago', '3 days ago'.

    'just now' for what a clock that was set back puts in the future.
    """
    for size, text in ((86_400, texts.DAYS_AGO), (3_600, texts.HOURS_AGO), (60, texts.MINUTES_AGO)):
        count = int(max(0.0, seconds) // size)
        if count:
            return text(count)
    return texts.JUST_NOW

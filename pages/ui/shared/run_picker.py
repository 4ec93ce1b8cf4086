"""The one select of a run: which runs it offers, what they are called; and of which moment of one an answer is."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

import streamlit as st

from dlviz.errors import RunError
from dlviz.runs.info import RunInfo
from pages.ui.shared import scrubber, state
from pages.ui.shared.texts import texts

KEY = "strip.run"
TICKS = {"training": 0.5, "starting": 0.5, "queued": 1.0, "paused": 1.0}  # seconds between two questions


def available(suits: Callable[[RunInfo], bool] = lambda run: True) -> dict[str, RunInfo]:
    """The visitor's runs that suit a page, by id, the newest first; before them another's that the address names."""
    runs = list(state.service().list(state.visitor()))
    addressed = in_address()
    if addressed and all(run.id != addressed.id for run in runs):
        runs.insert(0, addressed)
    return {run.id: run for run in runs if suits(run)}


def in_address() -> RunInfo | None:
    """The run that the page's address names; None for none, and for an old link to a run that is gone."""
    run = st.query_params.get("run")
    with suppress(RunError):
        return state.service().get(run) if run else None
    return None


def show(info: RunInfo) -> None:
    """The select over the visitor's runs, with `info` in focus; typing searches them."""
    runs = available()
    labels = titles(list(runs.values()))
    st.session_state[key(info.id)] = info.id
    st.selectbox(texts.RUN_IN_FOCUS, list(runs), key=key(info.id), format_func=labels.__getitem__, width=230,
                 label_visibility="collapsed", on_change=_focus, args=(info.id,))


def key(run: str) -> str:
    """The key of the select while this run is in focus: what a slow browser still tells of the select before, when
    another one has come into focus meanwhile, is no choice."""
    return f"{KEY}.{run}"


def _focus(before: str) -> None:
    state.set_focus(st.session_state[key(before)])


def another(run: RunInfo) -> bool:
    """Whether another run than this one has come into focus."""
    focus = state.focus()
    return focus is not None and focus.id != run.id


def has_weights(run: RunInfo) -> bool:
    return run.step > 0


def titles(runs: Sequence[RunInfo]) -> dict[str, str]:
    """A label for each run's id: its name, and a number where a name comes more than once, 1 the oldest."""
    names = [run.name for run in runs]
    return {run.id: name if names.count(name) == 1 else f"{name} ({names[index:].count(name)})"
            for index, (run, name) in enumerate(zip(runs, names))}


def when(run: RunInfo, step: int) -> str:
    """Of which moment the answer is."""
    after = texts.BEFORE_FIRST_STEP if step == 0 else texts.AFTER(step)
    if scrubber.scrubbed_step(run.id) is not None:
        return texts.KEYFRAME.format(after=_of_planned(run, step))
    match run.state:
        case "training" | "starting":
            return texts.TRAINING.format(after=_of_planned(run, step))
        case "paused":
            return texts.PAUSED.format(after=after)
        case "done":
            return texts.FINISHED.format(after=after)
    return texts.ENDED.format(after=after)


def _of_planned(run: RunInfo, step: int) -> str:
    if step == 0:
        return texts.BEFORE_FIRST_STEP
    return texts.AFTER_OF(step, planned=run.planned_steps) if run.planned_steps else texts.AFTER(step)

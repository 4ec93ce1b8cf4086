"""Which runs stand side by side: one with an RNN, one with an LSTM, one with a GRU, all on the same task.

The run that is looked into is one of them. Those that are missing can be trained by one button. Draws no result.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dlviz.errors import DlvizError
from dlviz.presets.siblings import MEMORIES, memory_of, with_memory
from dlviz.runs.info import RunInfo
from dlviz.spec import Experiment
from dlviz.translation import listing
from pages.ui.look.texts import texts
from pages.ui.shared import forms, shell, state
from pages.ui.shared.run_actions import free_name
from pages.ui.shared.run_picker import titles

KEY = "look.trio"
Trio = dict[str, RunInfo]  # kind of memory -> its run, in the order of MEMORIES; some may be missing


def found(run: RunInfo) -> Trio:
    """The run and its siblings: of each other kind the one that was picked, else the newest."""
    trio = {}
    for kind, runs in candidates(run).items():
        picked = st.session_state.get(f"{KEY}.{kind}")
        trio[kind] = next((one for one in runs if one.id == picked), runs[0])
    return trio


def candidates(run: RunInfo) -> dict[str, list[RunInfo]]:
    """For each kind of memory the runs that may stand beside `run`, the newest first; none: left out."""
    runs = state.service().list(state.visitor())
    beside = {kind: [one for one in runs if comparable(run, one, kind)] for kind in MEMORIES}
    own = memory_of(run.experiment.network)
    if own is not None:
        beside[own] = [run]
    return {kind: runs for kind, runs in beside.items() if runs}


def comparable(run: RunInfo, other: RunInfo, kind: str) -> bool:
    """Whether `other` learns the same with this kind of memory, and has something to show or will have."""
    alive = other.step > 0 or not other.over
    return alive and other.experiment.task == run.experiment.task and memory_of(other.experiment.network) == kind


def choose(run: RunInfo) -> Trio:
    """The widgets: a button for what is missing, a select for each kind of which there are several."""
    trio, several = found(run), {kind: runs for kind, runs in candidates(run).items() if len(runs) > 1}
    missing = [kind for kind in MEMORIES if kind not in trio]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="look.trio.bar"):
        if missing:
            st.button(texts.TRAIN_THE_MISSING.format(names=listing(missing)), icon=":material/play_arrow:",
                      type="primary", key=f"{KEY}.train", on_click=train, args=(run, missing),
                      help=texts.SAME_NETWORK_TASK_FROM)
        for kind, runs in several.items():
            _pick(kind, runs, trio)
    return found(run)


def _pick(kind: str, runs: Sequence[RunInfo], trio: Mapping[str, RunInfo]) -> None:
    key, labels = f"{KEY}.{kind}", titles(runs)
    offered = list(labels)
    st.selectbox(texts.WHICH.format(kind=kind), offered, offered.index(forms.option(key, offered, trio[kind].id)),
                 key=key, format_func=labels.__getitem__, width=260)


def train(run: RunInfo, kinds: Sequence[str]) -> None:
    """New runs like this one with other memories. The one that is looked into stays in focus."""
    try:
        for kind in kinds:
            start(with_memory(run.experiment, kind))
    except DlvizError as error:
        shell.notice(error)


def start(experiment: Experiment) -> str:
    """A new run, not in focus; its id."""
    taken = (one.name for one in state.service().list(state.visitor()))
    return state.service().create(experiment, state.visitor(), name=free_name(experiment.name, taken))


def open_new(experiment: Experiment) -> None:
    """A new run, and look into it. For a callback."""
    state.set_focus(start(experiment))

"""Two or more runs side by side: their curves in the same charts, and what differs between them."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from dlviz.errors import RunError
from dlviz.figures import table
from dlviz.figures.comparison import differences
from dlviz.figures.run_curves import compared, describe_compared
from dlviz.runs.info import RunInfo, Snapshot
from dlviz.translation import numeral
from pages.ui.runs.texts import texts
from pages.ui.shared import run_list, run_words, shell, state
from pages.ui.shared.plot import PACE, plot_of

EVERY = 1.0  # seconds between two looks while one of them lives
HEIGHT = 620  # px


def show(ids: Sequence[str]) -> None:
    """The comparison of these runs; ids that name no run are said and left out."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(texts.COMPARE, anchor=False, width="content")
        st.space("stretch")
        st.button(texts.ALL_RUNS, icon=":material/arrow_back:", on_click=_back, type="tertiary")
    infos = _found(ids)
    if infos:
        live = any(not info.over for info in infos)
        ticking = st.fragment(_tick, run_every=EVERY if live else None, key="runs.compared")
        ticking(tuple(info.id for info in infos), live)


def _back() -> None:
    del st.query_params["compare"]


def _found(ids: Sequence[str]) -> list[RunInfo]:
    infos = []
    for run in list(dict.fromkeys(ids))[:run_list.MOST]:
        try:
            infos.append(state.service().get(run))
        except RunError as error:
            st.warning(shell.plain(error.sentence), icon=":material/error:")
    return infos


def _tick(ids: tuple[str, ...], live: bool) -> None:
    try:
        snapshots = [state.service().snapshot(run) for run in ids]
    except RunError:
        state.draw_page()  # one was deleted in another tab
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        kind = st.segmented_control(texts.CURVES_OF, list(texts.KINDS), key="compare.kind", default="val",
                                    required=True, format_func=texts.KINDS.__getitem__,
                                    label_visibility="collapsed")
        log = st.toggle(texts.LOG_SCALE, key="compare.log")
    _curves(snapshots, kind, log, live)
    _table(snapshots)
    if live and all(snapshot.info.over for snapshot in snapshots):
        state.draw_page()


def _curves(snapshots: Sequence[Snapshot], kind: str, log: bool, live: bool) -> None:
    """Loss and accuracy, one line a run."""
    names, found = unique([snapshot.info.name for snapshot in snapshots]), columns(snapshots)
    if not any(len(values) for each in found for _, values in each.values()):
        st.caption(texts.THESE_RUNS_HAVE_NO)
        return
    of = (kind, log, *names, *((each.info.id, each.step, len(each.evaluations)) for each in snapshots))
    plot_of(f"compare.{kind}{'.log' * log}", of,
            lambda: compared(names, found, kind=kind, log=log, unit=texts.EPOCH, theme="page"),
            describe_compared(names, found), height=HEIGHT, every=PACE if live else 0)


def columns(snapshots: Sequence[Snapshot]) -> list[dict[str, table.Curve]]:
    """Each run's curves by name, over epochs: runs may have batches of different sizes."""
    found = []
    for snapshot in snapshots:
        each = run_words.steps_per_epoch(snapshot.info)
        curves = table.curves(snapshot.train, snapshot.evaluations)
        found.append({name: (np.asarray(steps) / each, values) for name, (steps, values) in curves.items()})
    return found


def _table(snapshots: Sequence[Snapshot]) -> None:
    """Results first, then what differs. A data frame shows names as plain text."""
    infos = [snapshot.info for snapshot in snapshots]
    rows = [("state", [run_words.state_words(info.state).word for info in infos]),
            (texts.BEST_VALIDATION_ACCURACY, [run_list.percent(info.best_val_accuracy) for info in infos]),
            (texts.TEST_ACCURACY, [run_list.test_score(info) for info in infos]),
            ("parameters", [numeral(f"{run_list.parameters(info.experiment):,}") for info in infos]),
            *differences([info.experiment for info in infos])]
    heads = unique([info.name for info in infos])
    values = {head: [each[index] for _, each in rows] for index, head in enumerate(heads)}
    data = {"": [name for name, _ in rows]} | values
    st.dataframe(data, hide_index=True, width="stretch", height="content")


def unique(names: Sequence[str]) -> list[str]:
    """The names, numbered where they would be the same: a table's columns need one each."""
    return [name if list(names).count(name) == 1 else f"{name} ({index})"
            for index, name in enumerate(names, start=1)]

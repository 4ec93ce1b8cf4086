"""The visitor's studies, a row each: what was varied, how far it is, what came out."""
from __future__ import annotations

import time
from collections.abc import Sequence

import streamlit as st

from dlviz.runs.info import RunInfo
from dlviz.studies import results
from dlviz.studies.study import Study
from pages.ui.lab import actions
from pages.ui.lab.texts import texts
from pages.ui.shared import shell, state
from pages.ui.shared.run_list import ago

WIDTHS = [3, 1.4, 4.6, 1, 0.5]
AT_ONCE = 20
EVERY = 2.0  # seconds between two looks while one of them goes on


def show(found: Sequence[Study]) -> None:
    st.subheader(texts.YOUR_STUDIES, anchor=False)
    if not found:
        st.caption(texts.NONE_YET_START_ONE)
        return
    live = any(_going(study, actions.studies().infos(study)) for study in found[:AT_ONCE])
    st.fragment(_rows, run_every=EVERY if live else None, key="lab.list")([study.id for study in found], live)


def _rows(ids: list[str], live: bool) -> None:
    studies = [study for study in actions.studies().list(state.visitor()) if study.id in ids][:AT_ONCE]
    going = False
    with st.container(key="lab_list", gap="xsmall"):
        for study in studies:
            infos = actions.studies().infos(study)
            going |= _going(study, infos)
            _row(study, infos)
    if len(ids) > AT_ONCE:
        st.caption(texts.THE_NEWEST_OF.format(count=AT_ONCE, total=len(ids)))
    if live and not going:
        state.draw_page()


def _row(study: Study, infos: Sequence[RunInfo | None]) -> None:
    name, how, result, when, menu = st.columns(WIDTHS, vertical_alignment="center")
    name.page_link("pages/lab.py", label=f"**{shell.plain(study.name)}**", query_params={"study": study.id})
    how.caption(progress(study, infos))
    result.caption(shell.plain(results.verdict(study, infos)))
    when.caption(ago(time.time() - study.created))
    with menu:
        confirm(study)


def progress(study: Study, infos: Sequence[RunInfo | None]) -> str:
    """'3 of 12 runs finished', 'Finished: 12 runs'."""
    over = sum(info is None or info.over for info in infos)
    if over == study.planned:
        return texts.FINISHED_RUNS.format(total=study.planned)
    if all(info is None or info.over or info.state == "paused" for info in infos):
        return texts.PAUSED_RUNS_FINISHED.format(finished=over, total=study.planned)
    return texts.OF_RUNS_FINISHED.format(finished=over, total=study.planned)


def _going(study: Study, infos: Sequence[RunInfo | None]) -> bool:
    return not study.complete or any(info and not info.over for info in infos)


def confirm(study: Study, label: str = "") -> None:
    """A small window that asks before a study is deleted."""
    with st.popover(label, icon=":material/delete:", type="tertiary", help=texts.DELETE_THIS_STUDY,
                    key=f"lab.delete.{study.id}"):
        st.markdown(texts.DELETE.format(name=shell.plain(study.name)))
        st.button(texts.DELETE_STUDY_ONLY, key=f"lab.forget.{study.id}", on_click=actions.delete,
                  args=(study.id, False))
        st.button(texts.DELETE_STUDY_RUNS, key=f"lab.remove.{study.id}", type="primary",
                  on_click=actions.delete, args=(study.id, True))

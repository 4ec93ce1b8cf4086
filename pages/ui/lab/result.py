"""What came out of a study: a sentence on the best run, and the button that takes its values over."""
from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dlviz.runs.info import RunInfo
from dlviz.studies import results
from dlviz.studies.study import Study
from pages.ui.lab import actions, list
from pages.ui.lab.gallery import unbroken
from pages.ui.lab.texts import texts
from pages.ui.shared import shell

WIDTHS = [2, 1]


def show(study: Study, infos: Sequence[RunInfo | None]) -> None:
    """Nothing before the first score."""
    found = results.best(study, infos)
    if not study.complete:
        st.caption(list.progress(study, infos))
    if found is None:
        return
    member, info = found
    with st.container(border=True):
        if results.by_luck(study):
            st.markdown(shell.plain(results.verdict(study, infos)))
            return
        changed = results.change(study, member)
        it = "it" if len(results.equals(study, infos)) == 1 else texts.FIRST_THEM
        would = texts.COPIED_DESIGN_CHANGES.format(which=it, changes=changed) if changed else texts.HOW_BEGIN
        text, button = st.columns(WIDTHS, vertical_alignment="center", gap="medium")
        text.markdown(unbroken(shell.plain(results.verdict(study, infos) + would)))
        button.button(texts.COPY_TO_WORKBENCH, icon=":material/check:", key=f"lab.take.{study.id}",
                  on_click=actions.take_over, args=(results.taken(study, member, info), study.base.name))

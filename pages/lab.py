"""The lab page: studies, several runs that differ in one thing, side by side; ready ones and one's own."""
from __future__ import annotations

import streamlit as st

from dlviz.errors import DlvizError
from pages.ui.lab import actions, form, gallery, list, study
from pages.ui.lab import search as lab_search
from pages.ui.lab.texts import texts
from pages.ui.shared import shell, state
from pages.ui.shared.run_actions import show_refusals


def _home() -> None:
    studies = actions.studies()  # first, as nothing here can begin without them
    st.title(texts.LAB)
    st.caption(texts.TRAIN_NETWORK_SEVERAL_TIMES)
    gallery.show()
    with st.expander(texts.STUDY_YOUR_OWN, icon=":material/tune:", key="lab.own"):
        compare, search = st.tabs([texts.COMPARE_VALUES, texts.SEARCH_BEST])
        with compare:
            form.show()
        with search:
            lab_search.show()
    list.show(studies.list(state.visitor()))


state.require_frame()
shell.dress("lab")
show_refusals()
chosen = st.query_params.get("study")
try:
    if chosen:
        study.show(actions.studies().get(chosen))
    else:
        _home()
except DlvizError as error:
    st.error(shell.plain(error.sentence), icon=":material/error:")
    st.button(texts.ALL_STUDIES, on_click=actions.leave, icon=":material/arrow_back:")

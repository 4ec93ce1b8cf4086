"""Small windows of the Runs page: a new name, and the question before a run is deleted for good."""
from __future__ import annotations

import streamlit as st

from dlviz import settings
from dlviz.runs.info import RunInfo
from pages.ui.shared import shell, state
from pages.ui.shared.texts import texts


@shell.dialog(lambda: texts.RENAME, icon=":material/edit:")
def rename(info: RunInfo) -> None:
    with st.form("runs.rename", border=False):
        name = st.text_input(texts.NAME, info.name, max_chars=settings.MAX_NAME)
        if st.form_submit_button(texts.RENAME, type="primary"):
            with shell.show_errors():
                state.service().rename(info.id, name, state.visitor())
                st.rerun()


@shell.dialog(lambda: texts.DELETE_THIS_RUN, icon=":material/delete:")
def delete(info: RunInfo) -> None:
    text = texts.WILL_DELETED_CURVES_WEIGHTS if info.over else texts.WILL_STOPPED_AND_DELETED
    st.markdown(text.format(name=shell.plain(info.name)))
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(texts.CANCEL):
            st.rerun()
        if st.button(texts.DELETE, type="primary", icon=":material/delete:"):
            with shell.show_errors():
                state.service().delete(info.id, state.visitor())
                st.rerun()

"""Small windows of the Runs page: a new name, and the question before a run is deleted for good."""
from __future__ import annotations

import streamlit as st

from dlviz import settings
from dlviz.runs.info import RunInfo
from pages.ui.shared import shell, state


@st.dialog("Rename", icon=":material/edit:")
def rename(info: RunInfo) -> None:
    with st.form("runs.rename", border=False):
        name = st.text_input("Name", info.name, max_chars=settings.MAX_NAME)
        if st.form_submit_button("Rename", type="primary"):
            with shell.sentences():
                state.service().rename(info.id, name, state.visitor())
                st.rerun()


@st.dialog("Delete this run?", icon=":material/delete:")
def delete(info: RunInfo) -> None:
    goes_on = "" if info.over else " It is stopped first."
    name = shell.plain(info.name)
    st.markdown(f"**{name}** is deleted with its curves and its weights, for good.{goes_on}")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep it"):
            st.rerun()
        if st.button("Delete", type="primary", icon=":material/delete:"):
            with shell.sentences():
                state.service().delete(info.id, state.visitor())
                st.rerun()
